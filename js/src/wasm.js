// The WebAssembly as text, and a small module that reads it: see js/embed.js.

const TEXT = '@TEXT@';
const DECODER = '@DECODER@';

/** The bytes of scopewise.wasm. */
export function bytes() {
  const decoder = Uint8Array.from(DECODER.match(/../g), (digits) => parseInt(digits, 16));
  const { memory, read } = new WebAssembly.Instance(new WebAssembly.Module(decoder)).exports;
  const room = new Uint8Array(memory.buffer, '@START@');
  // Jest's jsdom has no TextEncoder.
  if (globalThis.TextEncoder) new TextEncoder().encodeInto(TEXT, room);
  else for (let at = 0; at < TEXT.length; at++) room[at] = TEXT.charCodeAt(at);
  read();
  return room.subarray(0, '@LENGTH@');
}
