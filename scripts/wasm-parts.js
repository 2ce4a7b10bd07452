// Says what a WebAssembly module consists of: its sections, the functions by family (all instances of a generic function are one), the
// largest functions, and the data, each with what it weighs compressed by brotli.
//
//   node scripts/wasm-parts.js target/js/bindgen/scopewise_bg.wasm [how many lines]
//
// The module must have names, so give it what wasm-bindgen wrote: target/{js,element}/bindgen, or target/wasm-bindgen/release for the
// console. What wasm-opt makes of it is smaller by a third, with the same proportions. `wasm-opt -Oz -g <in> -o <out>` keeps the names.

import { readFileSync } from 'node:fs';

import { Reader } from '../js/binary.js';
import { weight } from '../js/weigh.js';

const [, , file, lines = '40'] = process.argv;
if (!file) throw new Error('name a .wasm file, such as target/js/bindgen/scopewise_bg.wasm');
const SECTIONS = ['custom', 'types', 'imports', 'functions', 'tables', 'memory', 'globals', 'exports', 'start', 'elements', 'code', 'data', 'data count', 'tags'];
/** The data is weighed in pieces of so many bytes: by how much lighter the rest is. */
const PIECE = 8192;

const bytes = readFileSync(file);
const module = new Reader(bytes);

const [sections, names, bodies] = [[], new Map(), []];
let [imported, data] = [0, Buffer.alloc(0)];
while (!module.isAtEnd()) {
  const { id, end, content } = module.section();
  let name = SECTIONS[id] ?? `section ${id}`;
  if (id === 0) name = module.text();
  if (name === 'name') {
    while (module.at < end) {
      const part = module.section();
      for (let left = part.id === 1 ? module.number() : 0; left > 0; left--) names.set(module.number(), module.text());
      module.at = part.end;
    }
  }
  if (name === 'imports') for (let left = module.number(); left > 0; left--) imported += module.isImportOfFunction() ? 1 : 0;
  if (name === 'code') for (let left = module.number(); left > 0; left--) bodies.push(module.taken());
  if (name === 'data') data = content;
  sections.push([name, content]);
  module.at = end;
}
if (names.size === 0) throw new Error(`${file} has no names; give what wasm-bindgen wrote, before wasm-opt`);

/** A name without what stands between `<` and `>` at its end and within, and without hashes. */
function head(name) {
  let [kept, depth] = ['', 0];
  for (const letter of name) {
    if (letter === '<') depth++;
    else if (letter === '>') depth--;
    else if (depth === 0) kept += letter;
  }
  return kept;
}

/** `<Vec<String> as Render>::build` is `Vec as Render::build`, as for any other `Vec`. */
function family(name) {
  const plain = name.replace(/\[[0-9a-f]+\]|::h[0-9a-f]{16}$/g, '').replace(/\{closure#\d+\}/g, '{closure}').replaceAll('->', '→');
  if (!plain.startsWith('<')) return head(plain);
  let [depth, end, as] = [0, 0, -1];
  for (; end < plain.length; end++) {
    if (plain[end] === '<') depth++;
    if (plain[end] === '>' && --depth === 0) break;
    if (depth === 1 && plain.startsWith(' as ', end)) as = end;
  }
  const own = as < 0 ? head(plain.slice(1, end)) : `${head(plain.slice(1, as))} as ${head(plain.slice(as + 4, end))}`;
  return `<${own}>${head(plain.slice(end + 1))}`;
}

const families = new Map();
bodies.forEach((body, index) => {
  const name = family(names.get(imported + index) ?? 'without a name');
  families.set(name, [...(families.get(name) ?? []), body]);
});
const size = (parts) => parts.reduce((sum, part) => sum + part.length, 0);
const row = (plain, packed, name) => console.log(`${String(plain).padStart(9)} ${String(packed).padStart(8)}  ${name.slice(0, 150)}`);
const title = (name) => console.log(`\n    bytes   brotli  ${name}`);

title('section');
for (const [name, content] of sections) row(content.length, weight(content), name);
title(`functions by family (${bodies.length} functions)`);
const largest = [...families].toSorted(([, a], [, b]) => size(b) - size(a));
for (const [name, parts] of largest.slice(0, Number(lines))) row(size(parts), weight(...parts), `${parts.length} × ${name}`);
title('data, and where it begins');
const whole = weight(data);
for (let from = 0; from < data.length; from += PIECE) {
  const piece = data.subarray(from, from + PIECE);
  const rest = weight(data.subarray(0, from), data.subarray(from + PIECE));
  const shown = piece.toString('latin1').replace(/[^\x20-\x7e]+/g, ' ').trim();
  row(piece.length, whole - rest, `${from}: ${shown.slice(0, 50)} … ${shown.slice(-50)}`);
}
