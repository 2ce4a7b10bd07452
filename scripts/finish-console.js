// Finishes what Trunk wrote into a folder: the optimized WebAssembly and its parts, JavaScript with short names, one file of styles
// instead of one for each source. Compresses what a browser loads, and prints the sizes. Called by scripts/build-console.
//
//   node scripts/finish-console.js <folder> <optimized .wasm> <folder of the parts>

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { minify } from 'terser';

const [, , folder, optimized, partsFolder] = process.argv;
const FONT = 'scopewise-mono.woff2';
const place = (name) => join(folder, name);
const names = () => readdirSync(folder).sort();
/** A file never changes under its name. */
const named = (name, content, end) => `${name}-${createHash('sha256').update(content).digest('hex').slice(0, 16)}.${end}`;

let page = readFileSync(place('index.html'), 'utf8');
/** Writes a file, and what names it names the new one. */
function replaceFile(old, name, content) {
  if (!page.includes(old)) throw new Error(`finish-console.js does not find ${old} in index.html`);
  page = page.replaceAll(old, name);
  rmSync(place(old));
  writeFileSync(place(name), content);
}

const find = (end) => {
  const found = names().filter((name) => name.endsWith(end));
  if (found.length !== 1) throw new Error(`${folder} has not one ${end} but ${found.length}`);
  return found[0];
};

// The parts, and the module that loads them, which becomes a part of wasm-bindgen's: one request less.
let loader = readFileSync(join(partsFolder, '__wasm_split.js'), 'utf8');
for (const file of readdirSync(partsFolder).filter((name) => name.endsWith('.wasm') && name !== 'main.wasm')) {
  const part = readFileSync(join(partsFolder, file));
  const name = named(`console-${basename(file, '.wasm')}`, part, 'wasm');
  if (!loader.includes(`"./${file}"`)) throw new Error(`finish-console.js does not find ${file} in what loads the parts`);
  loader = loader.replaceAll(`"./${file}"`, `"./${name}"`);
  writeFileSync(place(name), part);
}
const loads = [...loader.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
loader = loader.replace(/^import .*$/gm, '').replaceAll(/^export const/gm, 'const');

const wasm = find('_bg.wasm');
const module = readFileSync(optimized);
replaceFile(wasm, named('console', module, 'wasm'), module);
const script = find('.js');
let imports = 0;
const joined = readFileSync(place(script), 'utf8').replace(/import\s*\*\s*as (\w+) from ["'].\/__wasm_split.js["'];?/g, (_, name) => {
  imports += 1;
  return `const ${name} = { ${loads} };`;
});
if (imports !== 1) throw new Error(`finish-console.js finds ${imports} imports of what loads the parts, not one`);
// First, since the other one uses it as soon as it runs.
const { code } = await minify(`${loader}\n${joined}`, { module: true, compress: { passes: 2 } });
replaceFile(script, named('console', code, 'js'), `${code}\n`);

// In the order of the page, which is the order of the layers.
const links = [];
page = page.replace(/<link href=\/([\w-]+\.css) [^>]*rel=stylesheet>/g, (_, name) => {
  links.push(name);
  return links.length === 1 ? '@STYLES@' : '';
});
if (links.length !== names().filter((name) => name.endsWith('.css')).length) throw new Error('finish-console.js does not find all styles in index.html');
const font = readFileSync(place(FONT));
const fontName = named('console', font, 'woff2');
rmSync(place(FONT));
writeFileSync(place(fontName), font);
const styles = links.map((name) => readFileSync(place(name), 'utf8')).join('').replaceAll(FONT, fontName);
if (!styles.includes(fontName)) throw new Error(`finish-console.js does not find ${FONT} in the styles`);
const integrity = createHash('sha384').update(styles).digest('base64');
const name = named('console', styles, 'css');
for (const link of links) rmSync(place(link));
writeFileSync(place(name), styles);
page = page.replace('@STYLES@', `<link href=/${name} integrity=sha384-${integrity} rel=stylesheet>`);
writeFileSync(place('index.html'), page);

// A browser that takes brotli gets these; the server falls back to the plain files.
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(10);
const totals = new Map();
for (const name of names()) {
  const kind = name.split('.').pop();
  if (!['css', 'html', 'js', 'svg', 'wasm', 'woff2'].includes(kind)) continue;
  const bytes = readFileSync(place(name));
  // A font is compressed already.
  const brotli = kind === 'woff2' ? bytes : brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  if (brotli !== bytes) writeFileSync(place(`${name}.br`), brotli);
  // What the page does not name is not in the first load.
  const isFirst = name === 'index.html' || page.includes(name) || styles.includes(name);
  for (const row of [isFirst ? 'first' : 'later', isFirst ? kind : name.split('-')[1]]) {
    const [plain, packed] = totals.get(row) ?? [0, 0];
    totals.set(row, [plain + bytes.length, packed + brotli.length]);
  }
}
for (const [kind, [plain, packed]] of [...totals].toSorted()) console.log(`  ${kind.padEnd(12)}${kilobytes(plain)}  brotli${kilobytes(packed)}`);
