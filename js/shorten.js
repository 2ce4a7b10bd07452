// Gives what WebAssembly imports from wasm-bindgen's glue short names, in both, and so the functions that call closures: the long names have
// hashes, of which no compression makes less. Functions of the glue that are not imported are removed. Called by scripts/build-element and scripts/build-console.
//
//   node js/shorten.js <in.wasm> <glue.js> <out.wasm> <out.js>

import { readFileSync, writeFileSync } from 'node:fs';

import { encoded, Reader } from './binary.js';

const [, , wasm, glue, toWasm, toGlue] = process.argv;
const bytes = readFileSync(wasm);
const [IMPORTS, EXPORTS] = [2, 7];
const module = new Reader(bytes);
const lengthened = (text) => [Buffer.from(encoded(text.length)), text];

const short = new Map();
/** Functions that are exported to call closures. */
const callers = new Map();
const out = [bytes.subarray(0, 8)];
while (!module.isAtEnd()) {
  const { id, begin, end } = module.section();
  if (id === EXPORTS) {
    const count = module.number();
    const content = [Buffer.from(encoded(count))];
    for (let left = count; left > 0; left--) {
      const name = module.text();
      const from = module.at;
      module.byte();
      module.number();
      if (/^wasm_bindgen_[0-9a-f]{16}___/.test(name)) callers.set(name, `e${callers.size.toString(36)}`);
      content.push(...lengthened(Buffer.from(callers.get(name) ?? name)), bytes.subarray(from, module.at));
    }
    const section = Buffer.concat(content);
    out.push(Buffer.from([id, ...encoded(section.length)]), section);
    continue;
  }
  if (id !== IMPORTS) {
    out.push(bytes.subarray(begin, end));
    module.at = end;
    continue;
  }
  const count = module.number();
  const content = [Buffer.from(encoded(count))];
  for (let left = count; left > 0; left--) {
    const [place, name] = [module.taken(), module.text()];
    // wasm-bindgen imports functions only: a kind, which is 0, and a type.
    const from = module.at;
    if (module.byte() !== 0) throw new Error(`js/shorten.js knows functions only; ${name} is none`);
    module.number();
    // Of another module than the glue.
    if (!name.startsWith('__wb')) {
      content.push(...lengthened(place), ...lengthened(Buffer.from(name)), bytes.subarray(from, module.at));
      continue;
    }
    if (!short.has(name)) short.set(name, `i${short.size.toString(36)}`);
    content.push(...lengthened(place), ...lengthened(Buffer.from(short.get(name))), bytes.subarray(from, module.at));
  }
  const section = Buffer.concat(content);
  out.push(Buffer.from([id, ...encoded(section.length)]), section);
  module.at = end;
}

const seen = new Set();
const text = readFileSync(glue, 'utf8')
  .replace(/^ {8}(__wb\w+): (?:function)?\([^]*?^ {8}\}(?:, arguments\); \})?,\n/gm, (part, name) => (short.has(name) ? part : ''))
  .replace(/\b__wb\w+(?=: function|: \(|\()/g, (name) => {
  if (short.has(name)) seen.add(name);
  return short.get(name) ?? name;
})
  .replace(/\bwasm\.(wasm_bindgen_[0-9a-f]{16}___\w*)/g, (whole, name) => {
    if (callers.has(name)) seen.add(name);
    return callers.has(name) ? `wasm.${callers.get(name)}` : whole;
  });
const missing = [...short.keys(), ...callers.keys()].filter((name) => !seen.has(name));
if (missing.length > 0) throw new Error(`js/shorten.js does not find in ${glue}: ${missing}`);
writeFileSync(toWasm, Buffer.concat(out));
writeFileSync(toGlue, text);
