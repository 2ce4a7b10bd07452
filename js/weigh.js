// Says what each part of the built package weighs as it is transferred: compressed by brotli, quality 11.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** What a program loads of the package, by either entry point, is no more than this. tests/npm/package.test.js holds it. */
export const LIMIT = 80_000;
const here = import.meta.dirname;
const read = (...path) => readFileSync(join(here, ...path));

/** The size of what is transferred. */
export function weight(...parts) {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } }).length;
}

/** The bytes of each section of a WebAssembly module, by its number. */
export function sections(bytes) {
  const found = new Map();
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++];
    let [length, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++];
      length |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    found.set(id, bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

/** The two tables of the catalog (see build.rs), and what else is data. */
function parted(data) {
  const { id, operations } = JSON.parse(read('..', 'src', 'scope', 'catalog', 'appwrite.json'));
  const [tables, rest] = [[], []];
  let at = 0;
  for (const [beginning, lines] of [[`0${id}\n`, 22], [`0${operations[0].id.split('.')[0]}\t`, 11]].toSorted(([a], [b]) => data.indexOf(a) - data.indexOf(b))) {
    const start = data.indexOf(beginning);
    if (start < at) throw new Error('the catalog is not where js/weigh.js looks for it');
    let end = start;
    for (let line = 0; line < lines; line++) end = data.indexOf('\n', end) + 1;
    tables.push(data.subarray(start, end));
    rest.push(data.subarray(at, start));
    at = end;
  }
  return [tables, [...rest, data.subarray(at)]].map((parts) => Buffer.concat(parts));
}

/** What the package weighs, part by part: rows of a name, bytes, bytes as transferred, and whether the limit is for them. */
export function weighed() {
  const wasm = read('pkg', 'scopewise.wasm');
  const glue = ['glue.js', 'core.js', 'slim.js'].map((name) => read('pkg', name));
  const inlined = ['index.js', 'core.js', 'glue.js', 'wasm.js'].map((name) => read('pkg', name));
  const data = sections(wasm).get(11) ?? Buffer.alloc(0);
  const [catalog, rest] = parted(data);
  const rows = [
    ['scopewise/slim and its .wasm', [...glue, wasm]],
    ['  WebAssembly', [wasm]],
    ['    code', [sections(wasm).get(10)]],
    ['    catalog with all operations', [catalog]],
    ['    other data, messages above all', [rest]],
    ['  JavaScript', glue],
    ['scopewise, the WebAssembly as text', inlined],
  ];
  return rows.map(([name, parts]) => ({
    name,
    isLimited: name.startsWith('scopewise'),
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    // Files are compressed one by one.
    brotli: parts.reduce((sum, part) => sum + weight(part), 0),
  }));
}

if (process.argv[1] === import.meta.filename) {
  for (const { name, isLimited, bytes, brotli } of weighed()) {
    const verdict = brotli <= LIMIT ? `  within the limit of ${LIMIT}` : `  ${brotli - LIMIT} beyond the limit of ${LIMIT}`;
    console.log(`${name.padEnd(38)} ${String(bytes).padStart(8)} bytes ${String(brotli).padStart(8)} brotli${isLimited ? verdict : ''}`);
  }
}
