// Loads the WebAssembly, once for all pickers of a page, when the first of them is on the page.

import { PickerError } from './values.js';

let loading;
let bytes = () => 0;

/** How many bytes the memory of the WebAssembly has; 0 before it is loaded. */
export const memory = () => bytes();

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
  const glue = await import('./picker-glue.js');
  source = (await source) ?? new URL('./picker.wasm', import.meta.url);
  if (!(source instanceof WebAssembly.Module)) {
    let response;
    try {
      response = await fetch(source);
    } catch (cause) {
      throw notLoaded(source, cause.message, cause);
    }
    if (!response.ok) throw notLoaded(source, `the server answered with the status ${response.status}`);
    source = response;
  }
  try {
    const { memory } = await glue.default({ module_or_path: source });
    bytes = () => memory.buffer.byteLength;
  } catch (cause) {
    const help = "If the page has a content security policy, add 'wasm-unsafe-eval' to script-src.";
    throw new PickerError('wasm-refused', `the browser refused the WebAssembly: ${cause.message}`, help, { cause });
  }
  return glue;
}

function notLoaded(source, why, cause) {
  const help = 'Serve picker.wasm next to the script, or set ScopePicker.wasm to its URL.';
  return new PickerError('wasm-not-loaded', `cannot load ${source}: ${why}`, help, { cause });
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
