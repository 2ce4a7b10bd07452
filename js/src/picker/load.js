// Loads the WebAssembly, once for all pickers of a page, when the first of them is on the page.

import { PickerError } from './values.js';

let loading;
let loadingLater;
let isLaterThere = false;
/** What the WebAssembly exports. */
let instance;

/** How many bytes the memory of the WebAssembly has; 0 before it is loaded. */
export const memory = () => instance?.memory.buffer.byteLength ?? 0;

/**
 * The functions of the WebAssembly.
 *
 * @param {string | URL | Promise<WebAssembly.Module> | WebAssembly.Module | undefined} source where it is; by default next to this file
 */
export function load(source) {
  loading ??= start(source).catch((error) => {
    // The next picker tries again.
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(source) {
  // Asked for at once: one way to the server instead of two.
  const [glue, found] = await Promise.all([
    import('./picker-glue.js'),
    fetched(source, () => new URL('./picker.wasm', import.meta.url), 'picker.wasm', 'wasm'),
  ]);
  instance = await accepted(glue.default({ module_or_path: found }));
  return glue;
}

/**
 * Loads what is not needed before a person can use a picker. It becomes a part of the WebAssembly that `load` loads, whose functions `loaded` promises.
 *
 * @param {string | URL | Promise<WebAssembly.Module> | WebAssembly.Module | undefined} source where it is; by default next to this file
 */
export function loadLater(loaded, source) {
  loadingLater ??= startLater(loaded, source).catch((error) => {
    loadingLater = undefined;
    throw error;
  });
  return loadingLater;
}

async function startLater(loaded, source) {
  const [glue, found] = await Promise.all([
    loaded,
    fetched(source, () => new URL('./picker-later.wasm', import.meta.url), 'picker-later.wasm', 'wasmLater'),
  ]);
  await accepted(WebAssembly.instantiate(found instanceof Response ? await found.arrayBuffer() : found, { __wasm_split: instance }));
  await new Promise((done) => glue.findLater(done));
  isLaterThere = true;
}

/** Whether what `loadLater` loads is there. */
export const hasLater = () => isLaterThere;

/** A module, or the answer to the request for its file, which is where `usual` says unless the page names another source. */
async function fetched(given, usual, file, property) {
  const source = (await given) ?? usual();
  if (source instanceof WebAssembly.Module) return source;
  const help = `Serve ${file} next to the script, or set ScopePicker.${property} to its URL.`;
  const notLoaded = (why, cause) => new PickerError('wasm-not-loaded', `cannot load ${source}: ${why}`, help, { cause });
  const response = await fetch(source).catch((cause) => {
    throw notLoaded(cause.message, cause);
  });
  if (!response.ok) throw notLoaded(`the server answered with the status ${response.status}`);
  return response;
}

async function accepted(instantiated) {
  try {
    return await instantiated;
  } catch (cause) {
    const help = "If the page has a content security policy, add 'wasm-unsafe-eval' to script-src.";
    throw new PickerError('wasm-refused', `the browser refused the WebAssembly: ${cause.message}`, help, { cause });
  }
}

/** The text of a catalog: fetched if it is a URL; `undefined` for the built-in one. */
export async function catalogText({ json, url }) {
  if (!url) return json;
  const help = 'Check the URL, and whether the server allows this page to read it (CORS).';
  let response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new PickerError('catalog-not-loaded', `cannot load the catalog ${url}: ${cause.message}`, help, { cause });
  }
  if (!response.ok) {
    throw new PickerError('catalog-not-loaded', `cannot load the catalog ${url}: the server answered with the status ${response.status}`, help);
  }
  return response.text();
}

/** The source of a picker: a catalog that the WebAssembly has read. */
export function sourceOf(glue, json) {
  if (json === undefined) return glue.PickerSource.builtIn();
  const source = glue.PickerSource.own(new TextEncoder().encode(json));
  if (source) return source;
  const errors = JSON.parse(glue.PickerSource.faults(json));
  const [first] = errors;
  const message = `the catalog has ${errors.length === 1 ? '1 fault' : `${errors.length} faults`}; the first: ${
    first.place ? `${first.place}: ` : ''
  }${first.message}`;
  throw new PickerError('invalid-catalog', message, 'See `errors` for each fault and its place.', { errors });
}
