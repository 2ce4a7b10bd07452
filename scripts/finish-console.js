// Finishes what Trunk wrote into a folder: the optimized WebAssembly, JavaScript with short names, one file of styles instead of
// one for each source. Compresses what a browser loads, and prints the sizes. Called by scripts/build-console.
//
//   node scripts/finish-console.js <folder> <optimized .wasm>

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { minify } from 'terser';

const [, , folder, optimized] = process.argv;
const place = (name) => join(folder, name);
const names = () => readdirSync(folder).sort();

for (const name of names()) {
  if (name.endsWith('.wasm')) writeFileSync(place(name), readFileSync(optimized));
  if (name.endsWith('.js')) {
    const { code } = await minify(readFileSync(place(name), 'utf8'), { module: true, compress: { passes: 2 } });
    writeFileSync(place(name), `${code}\n`);
  }
}

// In the order of the page, which is the order of the layers.
const links = [];
let page = readFileSync(place('index.html'), 'utf8').replace(/<link href=\/([\w-]+\.css) [^>]*rel=stylesheet>/g, (_, name) => {
  links.push(name);
  return links.length === 1 ? '@STYLES@' : '';
});
if (links.length !== names().filter((name) => name.endsWith('.css')).length) throw new Error('finish-console.js does not find all styles in index.html');
const styles = links.map((name) => readFileSync(place(name), 'utf8')).join('');
const hash = (kind, encoding) => createHash(kind).update(styles).digest(encoding);
const name = `console-${hash('sha256', 'hex').slice(0, 16)}.css`;
for (const link of links) rmSync(place(link));
writeFileSync(place(name), styles);
page = page.replace('@STYLES@', `<link href=/${name} integrity=sha384-${hash('sha384', 'base64')} rel=stylesheet>`);
writeFileSync(place('index.html'), page);

// A browser that takes brotli gets these; the server falls back to the plain files.
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(10);
const totals = new Map([['all', [0, 0]]]);
for (const name of names()) {
  const kind = name.split('.').pop();
  if (!['css', 'html', 'js', 'svg', 'wasm'].includes(kind)) continue;
  const bytes = readFileSync(place(name));
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(place(`${name}.br`), brotli);
  for (const row of ['all', kind]) {
    const [plain, packed] = totals.get(row) ?? [0, 0];
    totals.set(row, [plain + bytes.length, packed + brotli.length]);
  }
}
for (const [kind, [plain, packed]] of [...totals].toSorted()) console.log(`  ${kind.padEnd(5)}${kilobytes(plain)}  brotli${kilobytes(packed)}`);
