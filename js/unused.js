// Removes what a dependency exports and no script of ours calls: the streams of `wasm-streams`, which Leptos brings along. WebAssembly keeps
// what is exported, so nothing else leaves them out; and what they give to others by its place in the table would stay even then, so their
// functions lose their content. Called by scripts/build-element and scripts/build-console, before wasm-opt removes what is no longer reached,
// and js/shorten.js the functions of the glue that are no longer imported.
//
//   node js/unused.js <in.wasm> <glue.js> <out.wasm> <out.js>

import { readFileSync, writeFileSync } from 'node:fs';

import { encoded, Reader } from './binary.js';

const [, , wasm, glue, toWasm, toGlue] = process.argv;
const [NAMES, IMPORTS, EXPORTS, CODE] = [0, 2, 7, 10];
/** Functions of the dependency, and those that are compiled for its types. */
const UNUSED = /\bwasm_streams\b/;
/** A function without variables, which stops. */
const EMPTY = Buffer.from([3, 0, 0, 0x0b]);
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

const bytes = readFileSync(wasm);

/** The numbers of the functions that are not used. */
function unusedFunctions() {
  const [found, module] = [new Set(), new Reader(bytes)];
  while (!module.isAtEnd()) {
    const { id, end } = module.section();
    if (id === NAMES && module.text() === 'name') {
      while (module.at < end) {
        const part = module.section();
        for (let left = part.id === 1 ? module.number() : 0; left > 0; left--) {
          const index = module.number();
          if (UNUSED.test(module.text())) found.add(index);
        }
        module.at = part.end;
      }
    }
    module.at = end;
  }
  return found;
}

const unused = unusedFunctions();
let imported = 0;
const module = new Reader(bytes);
const out = [module.bytes.subarray(0, 8)];
while (!module.isAtEnd()) {
  const { id, begin, end } = module.section();
  if (id === IMPORTS) {
    for (let left = module.number(); left > 0; left--) imported += module.isImportOfFunction() ? 1 : 0;
    out.push(module.bytes.subarray(begin, end));
  } else if (id === CODE) {
    const count = module.number();
    const content = [Buffer.from(encoded(count))];
    for (let index = imported; index < imported + count; index++) {
      const from = module.at;
      module.taken();
      content.push(unused.has(index) ? EMPTY : module.bytes.subarray(from, module.at));
    }
    const section = Buffer.concat(content);
    out.push(Buffer.from([id, ...encoded(section.length)]), section);
  } else if (id === EXPORTS) {
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
