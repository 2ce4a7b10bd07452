// The package itself: errors, the loading of the WebAssembly, and the functions around it. What is decided, is decided in there.

import * as glue from './glue.js';

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
}

// ---- Loading

/** Gives the WebAssembly that is part of the entry point; the slim one has none. */
let embedded;
let isStarted = false;
let starting;

export function embed(read) {
  embedded = read;
}

const NEEDS = `allow WebAssembly there: with a content security policy that is script-src 'wasm-unsafe-eval'; a host without \
compilation at run time takes a compiled module, init(module)`;

function refused(cause) {
  const message = `the WebAssembly was refused: ${cause instanceof Error ? cause.message : cause}`;
  return new ScopewiseError({ code: 'wasm-refused', message, help: NEEDS }, cause);
}

const imports = () => ({ './scopewise_bg.js': glue });

function use(instance) {
  if (isStarted) return;
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  isStarted = true;
}

/** Compiles what is embedded, at the first call that needs it. */
function start() {
  if (isStarted) return;
  if (!embedded) {
    throw new ScopewiseError({
      code: 'not-initialized',
      message: 'the WebAssembly is not loaded yet',
      help: 'call `await init(…)` of scopewise/slim first, or import from scopewise, which brings the WebAssembly along',
    });
  }
  try {
    use(new WebAssembly.Instance(new WebAssembly.Module(embedded()), imports()));
  } catch (cause) {
    throw refused(cause);
  }
}

const kind = (value) => Object.prototype.toString.call(value).slice(8, -1);

async function instantiate(source) {
  source = (await source) ?? embedded?.();
  // `import module from "scopewise/scopewise.wasm"`, where a bundler hands out the namespace.
  if (kind(source) === 'Module' && source.default) source = source.default;
  if (typeof source === 'string' || kind(source) === 'URL') source = await fetch(source);
  if (kind(source) === 'Response') {
    if (!source.ok) throw new Error(`${source.url} answered with the status ${source.status}`);
    if (source.headers.get('content-type') === 'application/wasm') {
      return (await WebAssembly.instantiateStreaming(source, imports())).instance;
    }
    source = await source.arrayBuffer();
  }
  if (kind(source) === 'WebAssembly.Module') return WebAssembly.instantiate(source, imports());
  if (kind(source) === 'ArrayBuffer' || ArrayBuffer.isView(source)) {
    return (await WebAssembly.instantiate(source, imports())).instance;
  }
  throw new ScopewiseError({
    code: 'invalid-source',
    message: `the WebAssembly cannot be loaded from ${source === undefined ? 'nothing' : kind(source)}`,
    help: 'pass a URL, a Response, the bytes, or a compiled WebAssembly.Module of scopewise/scopewise.wasm',
  });
}

/** Loads the WebAssembly without blocking. A second call does nothing. */
export async function init(source) {
  if (isStarted) return;
  starting ??= instantiate(source).then(use);
  try {
    await starting;
  } catch (cause) {
    throw cause instanceof ScopewiseError ? cause : refused(cause);
  } finally {
    starting = undefined;
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
      throw new ScopewiseError({ code: 'malformed-request', message: `the ${what} cannot be written as JSON: \`${place}\` is ${found}`, help: HELP });
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
    throw new ScopewiseError({ code: 'malformed-request', message, help: HELP }, cause);
  }
}

function answerOf(model, call, request) {
  const answer = model.answer(call, written(request).slice(0, MOST_CHARACTERS));
  if (!answer.startsWith('{"error":')) return JSON.parse(answer);
  throw new ScopewiseError(JSON.parse(answer).error);
}

function invalid(message, help) {
  return new ScopewiseError({ code: 'invalid-request', message, help });
}

/** A set of scopes, prepared for being asked often. Everything was decided when it was made. */
class ScopeSet {
  #scopes;
  #positions;
  #open;
  #ask;

  /**
   * @param {string[]} scopes
   * @param {Map<string, number>} positions the index of each operation in `open`
   * @param {Uint8Array} open 1 if the scopes open the operation, else 0
   * @param {(operation: string) => boolean} ask for operations in another spelling than the catalog's
   */
  constructor(scopes, positions, open, ask) {
    this.#scopes = scopes;
    this.#positions = positions;
    this.#open = open;
    this.#ask = ask;
  }

  get scopes() {
    return [...this.#scopes];
  }

  allows(operation) {
    const position = this.#positions.get(operation);
    return position === undefined ? this.#ask(operation) : this.#open[position] === 1;
  }
}

/** A catalog, ready to be asked. Made by `createChecker`. */
class Checker {
  #model;
  #positions;

  constructor(model) {
    this.#model = model;
  }

  get #open() {
    if (this.#model) return this.#model;
    throw new ScopewiseError({
      code: 'checker-freed',
      message: 'the checker was freed',
      help: 'make a new one with createChecker, or call free() later',
    });
  }

  check(request) {
    return answerOf(this.#open, 'check', request);
  }

  allows(request) {
    return answerOf(this.#open, 'allows', request);
  }

  suggest(request) {
    return answerOf(this.#open, 'suggest', request);
  }

  reach(request) {
    return answerOf(this.#open, 'reach', request);
  }

  compare(request) {
    return answerOf(this.#open, 'compare', request);
  }

  migrate(request) {
    return answerOf(this.#open, 'migrate', request);
  }

  catalog(request) {
    return answerOf(this.#open, 'catalog', request);
  }

  scopes(scopes) {
    if (!isTexts(scopes)) {
      throw invalid('the scopes must be a list of texts', 'pass a list such as ["rows.read"]');
    }
    const model = this.#open;
    const json = written(scopes).slice(0, MOST_CHARACTERS);
    this.#positions ??= new Map(JSON.parse(model.operations()).map((operation, position) => [operation, position]));
    const ask = (operation) => {
      if (typeof operation === 'string') return this.#open.opens(json, operation.slice(0, MOST_CHARACTERS));
      const help = 'pass an SDK method such as "tablesDB.listRows", or a method and a path such as "GET /v1/users"';
      throw invalid('the operation must be a text', help);
    };
    return new ScopeSet([...scopes], this.#positions, model.open(json), ask);
  }

  /** Gives the memory back now, rather than when the garbage collector finds the checker. */
  free() {
    this.#model?.free();
    this.#model = undefined;
  }
}

if (Symbol.dispose) Checker.prototype[Symbol.dispose] = Checker.prototype.free;

export function createChecker(catalog) {
  start();
  if (catalog === undefined) return new Checker(glue.Model.builtIn());
  const json = typeof catalog === 'string' ? catalog.toWellFormed() : written(catalog, 'catalog');
  const model = glue.Model.own(json);
  if (model) return new Checker(model);
  const errors = JSON.parse(glue.Model.faults(json));
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
