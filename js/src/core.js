// The package itself: errors, the loading of the WebAssembly, and the functions around it. What is decided, is decided in there.
// Nothing happens when a module is imported: a bundler can leave out what a program does not use.

import * as glue from './glue.js';

/** The same for the ES module and the CommonJS module, for every copy of the package and every realm. */
const BRAND = 'scopewise.error';

/** What every misuse throws. A key's faults are no misuse: those are in the report. */
export class ScopewiseError extends Error {
  /**
   * @param {{ code: string, message: string, help: string, errors?: { place: string, message: string }[] }} error
   * @param {unknown} [cause]
   */
  constructor({ code, message, help, errors }, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ScopewiseError';
    this.code = code;
    this.help = help;
    if (errors) this.errors = errors;
  }

  /** JSON leaves out the message of any other error. */
  toJSON() {
    const { name, code, message, help, errors } = this;
    return { name, code, message, help, errors };
  }

  get [Symbol.for(BRAND)]() {
    return true;
  }

  static [Symbol.hasInstance](value) {
    return Function.prototype[Symbol.hasInstance].call(this, value) || (this === ScopewiseError && value?.[Symbol.for(BRAND)] === true);
  }
}

const failure = (code, message, help, cause) => new ScopewiseError({ code, message, help }, cause);

// ---- Loading

/** Gives the WebAssembly that is part of the entry point, as bytes or compiled; the slim one has none. */
let embedded;
let isStarted;
let starting;

export function embed(read) {
  embedded ??= read;
}

const kind = (value) => Object.prototype.toString.call(value).slice(8, -1);
const said = (cause) => (cause instanceof Error ? cause.message : cause);
const imports = () => ({ './scopewise_bg.js': glue.imports() });

function refused(cause) {
  const help = `allow WebAssembly: with a content security policy, add 'wasm-unsafe-eval' to script-src; in a host that compiles nothing at \
run time, pass a compiled module, init(module)`;
  return failure('wasm-refused', `the host refuses WebAssembly: ${said(cause)}`, help, cause);
}

function foreign(cause) {
  const help = 'pass scopewise.wasm of the same version of this package, and check that the address does not answer with a page';
  return failure('wasm-mismatch', `this is not the WebAssembly of this package: ${said(cause)}`, help, cause);
}

/** Whether not even an empty module can be compiled. */
function isForbidden() {
  try {
    return !new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    return true;
  }
}

function use({ exports }) {
  if (isStarted) return;
  if (!exports.model_find) throw foreign('it exports something else');
  glue.connect(exports);
  isStarted = true;
}

/** What is embedded. Reading it takes WebAssembly already. */
function own() {
  try {
    return embedded?.();
  } catch (cause) {
    throw refused(cause);
  }
}

/** Compiles what is embedded, at the first call that needs it. */
function start() {
  if (isStarted) return;
  if (!embedded) {
    const help = 'call `await init(…)` of scopewise/slim first, or import from scopewise, which contains the WebAssembly';
    throw failure('not-initialized', 'the WebAssembly is not loaded yet', help);
  }
  const source = own();
  let instance;
  try {
    instance = new WebAssembly.Instance(kind(source) === 'WebAssembly.Module' ? source : new WebAssembly.Module(source), imports());
  } catch (cause) {
    throw refused(cause);
  }
  use(instance);
}

const missing = (what, cause) =>
  failure('wasm-not-found', `the WebAssembly is not there: ${what}`, 'check the address, and that scopewise.wasm is published with the program', cause);

/** Follows an address to an answer, or in Node to the bytes of a file. */
async function fetched(address) {
  const fs = `${address}`.startsWith('file:') && globalThis.process?.getBuiltinModule?.('node:fs');
  try {
    return await (fs ? fs.promises.readFile(new URL(address)) : fetch(address));
  } catch (cause) {
    throw fs ? missing(said(cause), cause) : cause;
  }
}

async function received(source) {
  try {
    source = (await source) ?? own();
    // `import module from "scopewise/scopewise.wasm"`, where a bundler gives the namespace: in some of them a plain object.
    if (['Module', 'Object'].includes(kind(source)) && source.default) source = source.default;
    if (typeof source === 'string' || kind(source) === 'URL') source = await fetched(source);
    if (kind(source) !== 'Response') return source;
    if (!source.ok) throw missing(`${source.url} answers with the status ${source.status}`);
    return source.headers.get('content-type') === 'application/wasm' ? source : await source.arrayBuffer();
  } catch (cause) {
    if (cause instanceof ScopewiseError) throw cause;
    const help = 'check the address and the connection; with a content security policy, connect-src must allow the address';
    throw failure('wasm-unreachable', `the WebAssembly could not be fetched: ${said(cause)}`, help, cause);
  }
}

async function instantiate(given) {
  const source = await received(given);
  const type = kind(source);
  try {
    if (type === 'Response') return (await WebAssembly.instantiateStreaming(source, imports())).instance;
    if (type === 'WebAssembly.Module') return await WebAssembly.instantiate(source, imports());
    if (type === 'ArrayBuffer' || ArrayBuffer.isView(source)) return (await WebAssembly.instantiate(source, imports())).instance;
  } catch (cause) {
    throw isForbidden() ? refused(cause) : foreign(cause);
  }
  // An instance, where the host makes it of an import. Its exports are those of a module.
  if (['Module', 'Object'].includes(type) && source.model_find) return { exports: source };
  const help = 'pass a URL, a Response, the bytes, or a compiled WebAssembly.Module of scopewise/scopewise.wasm';
  throw failure('invalid-source', `the WebAssembly cannot be loaded from ${source === undefined ? 'nothing' : type}`, help);
}

/** Loads the WebAssembly without blocking. Once it is loaded, a call does nothing; after a failure, another call can succeed. */
export async function init(source) {
  if (isStarted) return;
  // Calls without a source of their own wait for the one that has one.
  const own = source === undefined && starting ? starting : instantiate(source).then(use);
  starting = own;
  try {
    await own;
  } finally {
    if (starting === own) starting = undefined;
  }
}

// ---- Asking

// Far above the model's own limit, which gives the error; WebAssembly's memory would grow for good.
const MOST_CHARACTERS = 1 << 22;

/** Whether it is a list of texts, without holes. */
const isTexts = (value) => Array.isArray(value) && value.findIndex((one) => typeof one !== 'string') < 0;

/** Whether JSON writes a request as it is meant: texts, lists of texts, truth values, nothing. Most are of this kind. */
function isPlain(request) {
  return (
    typeof request === 'object' &&
    request !== null &&
    typeof request.toJSON !== 'function' &&
    Object.values(request).every((value) => value == null || ['string', 'boolean'].includes(typeof value) || isTexts(value))
  );
}

/** What JSON would leave out or make `null` in silence, in words; nothing where it writes the value. */
function unwritable(given, value) {
  if (typeof value === 'object' && kind(value) === 'Number') value = Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  // Absent is what is meant by `undefined`, and `null` by `null`; but not by an object that writes itself so.
  if (given == null || value != null) return undefined;
  return kind(given) === 'Date' ? 'an invalid date' : `an object whose toJSON gives \`${value}\``;
}

const HELP = 'pass a plain object of texts, lists, truth values, finite numbers and valid dates, without cycles and without BigInt';

/** JSON of what is not plain, or an error where it would say something else. */
function strictly(request, what) {
  const places = new Map();
  return JSON.stringify(request, function (name, value) {
    if (name === '' && !places.has(this)) {
      // The request itself: what is none, the model says.
      if (typeof value === 'object' && value !== null) places.set(value, '');
      return value;
    }
    const before = places.get(this);
    const place = Array.isArray(this) ? `${before}[${name}]` : before ? `${before}.${name}` : name;
    const given = this[name];
    // In a list nothing can be absent.
    const found = given === undefined && Array.isArray(this) ? '`undefined`' : unwritable(given, value);
    if (found) {
      throw failure('malformed-request', `the ${what} cannot be written as JSON: \`${place}\` is ${found}`, HELP);
    }
    if (typeof value === 'object' && value !== null) places.set(value, place);
    // Half of a surrogate pair is no text; it becomes U+FFFD, as everywhere in a browser.
    return typeof value === 'string' ? value.toWellFormed() : value;
  });
}

/** A request, or a catalog, as JSON. */
function written(request, what = 'request') {
  if (request === undefined) return '';
  try {
    const text = isPlain(request) ? JSON.stringify(request) : undefined;
    return (text === undefined || text.includes('\\ud') ? strictly(request, what) : text) ?? 'null';
  } catch (cause) {
    if (cause instanceof ScopewiseError) throw cause;
    const message = `the ${what} cannot be written as JSON: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`;
    throw failure('malformed-request', message, HELP, cause);
  }
}

function read(answer) {
  if (answer.startsWith('{"error":')) throw new ScopewiseError(JSON.parse(answer).error);
  return answer;
}

const invalid = (message, help) => failure('invalid-request', message, help);

// ---- Sets of scopes

/** So many texts and so many routes are kept at most. */
const KEPT = 1000;
const MOST_KEPT_CHARACTERS = 256;
const PLAIN = /^[A-Z]+ (?:\/[\w-]+)+$/;

/**
 * Finds the operations that a text means: the position of one, or a list of positions.
 *
 * The model is asked once for each spelling, and once for each route: two paths of plain segments mean the same if the words of the
 * catalog stand in the same places, and the model gives these words.
 */
function finder(ask) {
  const ids = new Map();
  for (const [at, id] of ask('model_operations').entries()) ids.set(id, ids.has(id) ? [ids.get(id), at].flat() : at);
  // The words of the catalog's routes, once a path is asked about; `null` where there are none.
  let known;
  let [texts, routes] = [new Map(ids), new Map()];

  const asked = (text) => {
    const found = ask('model_find', text);
    return found.length === 1 ? found[0] : found;
  };
  const shaped = (text) => {
    if (known === undefined) {
      const words = ask('model_words');
      known = words && new Set(words);
    }
    if (!known) return;
    let shape = '';
    for (let at = 0, end; at < text.length; at = end + 1) {
      end = text.indexOf('/', at);
      if (end < 0) end = text.length;
      const word = text.slice(at, end);
      shape += at === 0 || known.has(word) || known.has(word.toLowerCase()) ? `${word}/` : '/';
    }
    return shape;
  };
  return (text) => {
    let found = texts.get(text);
    if (found !== undefined) return found;
    if (text.length > MOST_KEPT_CHARACTERS) return asked(text.slice(0, MOST_CHARACTERS));
    const shape = PLAIN.test(text) ? shaped(text) : undefined;
    found = routes.get(shape);
    if (found === undefined) {
      found = asked(text);
      if (texts.size >= ids.size + KEPT) texts = new Map(ids);
      if (routes.size >= KEPT) routes = new Map();
      if (shape) routes.set(shape, found);
    }
    // Paths of one route can be many: they make nothing else give way.
    if (texts.size < ids.size + KEPT) texts.set(text, found);
    return found;
  };
}

/**
 * A set of scopes, prepared for being asked often. Everything was decided when it was made. Its functions need no `this`: they can be
 * passed on, and work behind a proxy.
 */
class ScopeSet {
  constructor(scopes, allows, explain) {
    this.scopes = Object.freeze([...scopes]);
    this.allows = allows;
    this.explain = explain;
  }

  get [Symbol.toStringTag]() {
    return 'ScopeSet';
  }
}

/** A catalog, ready to be asked. Made by `createChecker`. */
class Checker {
  constructor(held) {
    const ask = (name, ...texts) => {
      if (held.self) return read(glue.call(name, held.self, ...texts));
      throw failure('checker-freed', 'the checker was freed', 'make a new one with createChecker, or call free() later');
    };
    const answer = (call, request) => JSON.parse(ask('model_answer', call, written(request).slice(0, MOST_CHARACTERS)));
    let find;
    for (const call of ['check', 'allows', 'suggest', 'reach', 'compare', 'migrate', 'catalog']) this[call] = (request) => answer(call, request);

    this.scopes = (scopes) => {
      if (!isTexts(scopes)) throw invalid('the scopes must be a list of texts', 'pass a list such as ["rows.read"]');
      const verdicts = ask('model_open', written({ scopes }).slice(0, MOST_CHARACTERS));
      find ??= finder((...asked) => JSON.parse(ask(...asked)));
      const isOpen = (position) => verdicts.charCodeAt(position) === 49;
      const allows = (operation) => {
        if (typeof operation !== 'string') {
          const help = 'pass an SDK method such as "tablesDB.listRows", or a method and a path such as "GET /v1/users"';
          throw invalid('the operation must be a text', help);
        }
        const found = find(operation);
        return typeof found === 'number' ? isOpen(found) : found.length > 0 && found.every(isOpen);
      };
      const set = new ScopeSet(scopes, allows, (operation) => answer('allows', { scopes: set.scopes, operation }));
      return set;
    };

    /** Gives the memory back now, rather than when the garbage collector finds the checker. */
    this.free = () => glue.free(held);
    if (Symbol.dispose) this[Symbol.dispose] = this.free;
  }

  get [Symbol.toStringTag]() {
    return 'Checker';
  }
}

export function createChecker(catalog) {
  start();
  if (catalog === undefined) return new Checker(glue.model());
  const json = typeof catalog === 'string' ? catalog.toWellFormed() : written(catalog, 'catalog');
  const held = glue.model(json);
  if (held) return new Checker(held);
  const errors = JSON.parse(glue.call('model_faults', [], json));
  throw new ScopewiseError({
    code: 'invalid-catalog',
    message: `the catalog has ${errors.length === 1 ? '1 fault' : `${errors.length} faults`}; the first: ${errors
      .slice(0, 1)
      .map(({ place, message }) => (place ? `${place}: ${message}` : message))}`,
    help: 'see `errors` for each fault and its place',
    errors,
  });
}

let builtIn;
const appwrite = () => (builtIn ??= createChecker());

export const check = (request) => appwrite().check(request);
export const allows = (request) => appwrite().allows(request);
export const suggest = (request) => appwrite().suggest(request);
export const reach = (request) => appwrite().reach(request);
export const compare = (request) => appwrite().compare(request);
export const migrate = (request) => appwrite().migrate(request);
export const catalog = (request) => appwrite().catalog(request);
export const scopes = (list) => appwrite().scopes(list);
