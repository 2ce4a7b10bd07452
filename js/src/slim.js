// The entry point without the WebAssembly: `init` must load it first.

export {
  allows,
  catalog,
  check,
  compare,
  createChecker,
  init,
  migrate,
  reach,
  scopes,
  ScopewiseError,
  suggest,
} from './core.js';
