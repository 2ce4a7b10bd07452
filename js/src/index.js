// The entry point that brings the WebAssembly along, as text: it works wherever JavaScript is loaded from, and at once.

import { embed } from './core.js';
import { bytes } from './wasm.js';

embed(bytes);

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
