// Gives what WebAssembly imports from wasm-bindgen's glue short names, in both: the long ones end in hashes, of which no compression
// makes less. Called by scripts/build-element and scripts/build-console.
//
//   node js/shorten.js <in.wasm> <glue.js> <out.wasm> <out.js>

import { readFileSync, writeFileSync } from 'node:fs';

const [, , wasm, glue, toWasm, toGlue] = process.argv;
const bytes = readFileSync(wasm);
const IMPORTS = 2;
let at = 8;

function number() {
  let [value, shift, byte] = [0, 0, 0];
  do {
    byte = bytes[at++];
    value |= (byte & 127) << shift;
    shift += 7;
  } while (byte & 128);
  return value;
}

function encoded(value) {
  const out = [];
  for (; value > 127; value >>>= 7) out.push((value & 127) | 128);
  return Buffer.from([...out, value]);
}

const lengthened = (text) => [encoded(text.length), text];
const taken = () => {
  const length = number();
  at += length;
  return bytes.subarray(at - length, at);
};

const short = new Map();
const out = [bytes.subarray(0, 8)];
while (at < bytes.length) {
  const begin = at;
  const id = bytes[at++];
  const length = number();
  const end = at + length;
  if (id !== IMPORTS) {
    out.push(bytes.subarray(begin, end));
    at = end;
    continue;
  }
  const count = number();
  const content = [encoded(count)];
  for (let left = count; left > 0; left--) {
    const [module, name] = [taken(), taken().toString()];
    // wasm-bindgen imports functions only: a kind, which is 0, and a type.
    const from = at;
    if (bytes[at++] !== 0) throw new Error(`js/shorten.js knows functions only; ${name} is none`);
    number();
    if (!short.has(name)) short.set(name, `i${short.size.toString(36)}`);
    content.push(...lengthened(module), ...lengthened(Buffer.from(short.get(name))), bytes.subarray(from, at));
  }
  const section = Buffer.concat(content);
  out.push(Buffer.from([id]), encoded(section.length), section);
  at = end;
}

const seen = new Set();
const text = readFileSync(glue, 'utf8').replace(/\b__wb\w+(?=: function|: \(|\()/g, (name) => {
  if (short.has(name)) seen.add(name);
  return short.get(name) ?? name;
});
const missing = [...short.keys()].filter((name) => !seen.has(name));
if (missing.length > 0) throw new Error(`js/shorten.js does not find in ${glue}: ${missing}`);
writeFileSync(toWasm, Buffer.concat(out));
writeFileSync(toGlue, text);
