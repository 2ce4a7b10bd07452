/**
 * The same as `scopewise`, without the WebAssembly inside: call `await init(…)` before anything else.
 *
 * @module
 */
export * from './index.js';
