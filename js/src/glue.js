// How texts go into the WebAssembly and come out of it. wasm-bindgen makes the exports; its own glue does work as soon as it is
// imported, and needs a TextDecoder, which Jest's jsdom lacks. The version of wasm-bindgen is pinned: see scripts/env.

let wasm;
let memory;
let decoder;
let encoder;
let registry;

const bytes = () => (memory?.byteLength ? memory : (memory = new Uint8Array(wasm.memory.buffer)));

/** Where no TextEncoder is, each byte is first made a letter of its own. */
function encode(text) {
  if (globalThis.TextEncoder) return (encoder ??= new TextEncoder()).encode(text);
  return Uint8Array.from(unescape(encodeURIComponent(text.toWellFormed())), (letter) => letter.charCodeAt(0));
}

function decode(found) {
  if (globalThis.TextDecoder) return (decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })).decode(found);
  let letters = '';
  for (let at = 0; at < found.length; at += 8192) letters += String.fromCharCode(...found.subarray(at, at + 8192));
  return decodeURIComponent(escape(letters));
}

/** Its pointer and length. What is called takes the memory over. */
function passed(text) {
  const encoded = encode(text);
  const pointer = wasm.__wbindgen_malloc(encoded.length, 1) >>> 0;
  bytes().set(encoded, pointer);
  return [pointer, encoded.length];
}

/** What the WebAssembly imports: an error of wasm-bindgen, which no input causes, and a table that the model does not use. */
export function thrown(pointer, length) {
  throw new Error(decode(bytes().subarray(pointer, pointer + length)));
}
export function prepared() {}
export const imports = () => ({ '@THROW@': thrown, __wbindgen_init_externref_table: prepared });

export function connect(exports) {
  wasm = exports;
  memory = undefined;
  exports.__wbindgen_start?.();
}

/** Calls a function that takes texts and returns one. */
export function call(name, self, ...texts) {
  const [pointer, length] = wasm[name](...self, ...texts.flatMap(passed));
  try {
    return decode(bytes().subarray(pointer >>> 0, (pointer >>> 0) + length));
  } finally {
    wasm.__wbindgen_free(pointer, length, 1);
  }
}

/** A model in the memory of the WebAssembly, until it is freed or nobody refers to it any more. */
export function model(json) {
  const pointer = json === undefined ? wasm.model_builtIn() : wasm.model_own(...passed(json));
  if (!pointer) return undefined;
  const held = { self: [pointer] };
  registry ??= globalThis.FinalizationRegistry && new FinalizationRegistry((gone) => wasm.__wbg_model_free(gone, 1));
  registry?.register(held, pointer, held);
  return held;
}

export function free(held) {
  const [pointer] = held.self ?? [];
  if (!pointer) return;
  held.self = undefined;
  registry?.unregister(held);
  wasm.__wbg_model_free(pointer, 0);
}
