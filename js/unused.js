// Removes what a dependency exports and no script of ours calls: the streams of `wasm-streams`, which Leptos brings along. WebAssembly keeps
// what is exported, so nothing else leaves them out. Called by scripts/build-element and scripts/build-console, before wasm-opt removes what
// is no longer reached, and js/shorten.js the functions of the glue that are no longer imported.
//
//   node js/unused.js <in.wasm> <glue.js> <out.wasm> <out.js>

import { readFileSync, writeFileSync } from 'node:fs';

import { encoded, Reader } from './binary.js';

const [, , wasm, glue, toWasm, toGlue] = process.argv;
const EXPORTS = 7;
const CLASSES = ['IntoUnderlyingByteSource', 'IntoUnderlyingSink', 'IntoUnderlyingSource'];

let text = readFileSync(glue, 'utf8');
for (const name of CLASSES) {
  const before = text;
  text = text
    .replace(new RegExp(`^export class ${name} \\{\\n[^]*?^\\}\\n(?:if \\(Symbol\\.dispose\\) ${name}\\..*\\n)?`, 'm'), '')
    .replace(new RegExp(`^const ${name}Finalization = [^;]*;\\n`, 'm'), '');
  if (text === before) throw new Error(`js/unused.js does not find the class ${name} in ${glue}`);
  if (new RegExp(`\\b${name}`).test(text)) throw new Error(`${glue} uses the class ${name}, or js/unused.js does not know how it is written`);
}
writeFileSync(toGlue, text);

const module = new Reader(readFileSync(wasm));
const out = [module.bytes.subarray(0, 8)];
while (!module.isAtEnd()) {
  const { id, begin, end } = module.section();
  if (id === EXPORTS) {
    const kept = [];
    for (let left = module.number(); left > 0; left--) {
      const from = module.at;
      const name = module.text();
      module.byte();
      module.number();
      if (!CLASSES.some((of) => new RegExp(`^(__wbg_)?${of}_`, 'i').test(name))) kept.push(module.bytes.subarray(from, module.at));
    }
    const section = Buffer.concat([Buffer.from(encoded(kept.length)), ...kept]);
    out.push(Buffer.from([id, ...encoded(section.length)]), section);
  } else out.push(module.bytes.subarray(begin, end));
  module.at = end;
}
writeFileSync(toWasm, Buffer.concat(out));
