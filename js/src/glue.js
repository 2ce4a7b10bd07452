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

/** Its pointer and length. */
function passed(text) {
  const encoded = encode(text);
  const pointer = wasm.__wbindgen_malloc(encoded.length, 1) >>> 0;
  bytes().set(encoded, pointer);
  return [pointer, encoded.length];
}

/** What the WebAssembly imports: it prepares a table that the model does not use. */
export function prepared() {}
export const imports = () => ({ __wbindgen_init_externref_table: prepared });

export function connect(exports) {
  wasm = exports;
  memory = undefined;
  builtIn = undefined;
  exports.__wbindgen_start?.();
}

/** Calls a function that takes texts and returns one. What it took of the memory is given back as a whole. */
export function call(name, self, ...texts) {
  try {
    const [pointer, length] = wasm[name](...self, ...texts.flatMap(passed));
    return decode(bytes().subarray(pointer >>> 0, (pointer >>> 0) + length));
  } finally {
    wasm.region_leave();
  }
}

/** The model of the built-in catalog: there is one, which stays. */
let builtIn;

/** A model in the memory of the WebAssembly, until it is freed or nobody refers to it any more. */
export function model(json) {
  if (json === undefined && builtIn) return { self: [builtIn] };
  const text = json === undefined ? undefined : passed(json);
  const region = wasm.region_make();
  let pointer;
  try {
    pointer = text ? wasm.model_own(...text) : wasm.model_builtIn();
  } finally {
    wasm.region_leave();
    if (!pointer) wasm.region_free(region);
  }
  if (!pointer) return undefined;
  if (!text) {
    builtIn = pointer;
    return { self: [pointer] };
  }
  const held = { self: [pointer], region };
  registry ??= globalThis.FinalizationRegistry && new FinalizationRegistry((gone) => wasm.region_free(gone));
  registry?.register(held, region, held);
  return held;
}

export function free(held) {
  const { self, region } = held;
  if (!self) return;
  held.self = undefined;
  registry?.unregister(held);
  if (region) wasm.region_free(region);
}
