// The WebAssembly as hexadecimal digits: twice as long as the bytes, but compressed for transfer only a few percent longer,
// where base64, which hides the bytes' boundaries, is a third longer.

const HEX = '@HEX@';

/** The bytes of scopewise.wasm. */
export function bytes() {
  if (Uint8Array.fromHex) return Uint8Array.fromHex(HEX);
  if (globalThis.Buffer?.from) return globalThis.Buffer.from(HEX, 'hex');
  const digit = (at) => {
    const code = HEX.charCodeAt(at);
    return code > 57 ? code - 87 : code - 48;
  };
  const bytes = new Uint8Array(HEX.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (digit(2 * at) << 4) | digit(2 * at + 1);
  return bytes;
}
