// What a file ending in .wasm is, the bundler or the host decides: a URL, bytes, or a compiled module. All of them fit `init`.
import type { WasmSource } from './index.js';

declare const source: WasmSource;
export default source;
