// Names the functions of a WebAssembly module so that those which are alike follow each other when sorted by name: brotli then finds
// more of each in the one before. Called by scripts/optimize-wasm.
//
//   node js/order.js <in.wasm> <out.wasm>

import { readFileSync, writeFileSync } from 'node:fs';

import { encoded, Reader } from './binary.js';

const [, , from, to] = process.argv;
const bytes = readFileSync(from);
/** So many functions keep their places: they are called most, and a place below 128 is one byte in each call. */
const FIRST = 128;
/** A piece that more functions have says nothing about which of them are alike. */
const COMMON = 512;
const [NAMES, IMPORTS, CODE] = [0, 2, 10];

/** How many functions are imported, and the bodies of the others. */
function read() {
  const [bodies, module] = [[], new Reader(bytes)];
  let imported = 0;
  while (!module.isAtEnd()) {
    const { id, end } = module.section();
    if (id === IMPORTS) for (let left = module.number(); left > 0; left--) imported += module.isImportOfFunction() ? 1 : 0;
    if (id === CODE) for (let left = module.number(); left > 0; left--) bodies.push(module.taken());
    module.at = end;
  }
  return { imported, bodies };
}

/** What a function consists of: every five bytes that follow each other. */
function pieces(body) {
  const found = new Set();
  for (let begin = 0; begin + 5 <= body.length; begin++) found.add(body.readUIntBE(begin, 5));
  return found;
}

const { imported, bodies } = read();
const all = bodies.map(pieces);
/** The functions that each piece is in. */
const places = new Map();
all.forEach((found, index) => {
  for (const piece of found) {
    if (!places.has(piece)) places.set(piece, []);
    places.get(piece).push(index);
  }
});

/** From the first one always on to the one that shares most with the last; what few functions have counts more. */
function chain(indexes) {
  const left = new Set(indexes);
  const order = [];
  const shared = new Float64Array(bodies.length);
  for (let last = indexes[0]; last !== undefined; ) {
    order.push(last);
    left.delete(last);
    const met = new Set();
    for (const piece of all[last]) {
      const others = places.get(piece);
      if (others.length === 1 || others.length > COMMON) continue;
      for (const other of others) {
        if (!left.has(other)) continue;
        met.add(other);
        shared[other] += 1 / Math.log2(1 + others.length);
      }
    }
    let [best, next] = [-1, undefined];
    for (const other of met) {
      const own = shared[other] / Math.max(1, all[last].size, all[other].size);
      shared[other] = 0;
      if (own > best) [best, next] = [own, other];
    }
    [last] = next === undefined ? left : [next];
  }
  return order;
}

const indexes = bodies.map((_, index) => index);
const kept = Math.max(0, FIRST - imported);
const order = [...chain(indexes.slice(0, kept)), ...chain(indexes.slice(kept))];
const ranks = new Map(order.map((index, rank) => [index, rank]));
const named = indexes.flatMap((index) => {
  const name = Buffer.from(String(ranks.get(index)).padStart(6, '0'));
  return [...encoded(imported + index), ...encoded(name.length), ...name];
});
const map = [...encoded(indexes.length), ...named];
const section = [...encoded(4), ...Buffer.from('name'), 1, ...encoded(map.length), ...map];
writeFileSync(to, Buffer.concat([bytes, Buffer.from([NAMES, ...encoded(section.length), ...section])]));
