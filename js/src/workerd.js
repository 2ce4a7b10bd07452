// The entry point for hosts that compile nothing at run time, and import a .wasm file as a compiled module: Cloudflare Workers.

import * as core from './core.js';
import module from './scopewise.wasm';

const ready = () => {
  core.embed(() => module);
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
