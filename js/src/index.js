// The entry point that contains the WebAssembly, as text: it works wherever JavaScript is loaded from, and at once. The text is
// named in functions only, so that a bundler leaves it out where none of them is used.

import * as core from './core.js';
import { bytes } from './wasm.js';

const ready = () => {
  core.embed(bytes);
  return core;
};

export const allows = (request) => ready().allows(request);
export const catalog = (request) => ready().catalog(request);
export const check = (request) => ready().check(request);
export const compare = (request) => ready().compare(request);
export const createChecker = (catalog) => ready().createChecker(catalog);
export const init = (source) => ready().init(source);
export const migrate = (request) => ready().migrate(request);
export const reach = (request) => ready().reach(request);
export const scopes = (list) => ready().scopes(list);
export const suggest = (request) => ready().suggest(request);
export { ScopewiseError } from './core.js';
