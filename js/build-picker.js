// Adds <scope-picker> to the npm package in js/pkg, and says what it weighs; called by scripts/build-element.
//
//   node js/build-picker.js <folder of wasm-bindgen's output> <optimized .wasm> <its other part>

import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';

import { weight } from './weigh.js';

export const LIMIT = 150_000;
const [, , bindgen, wasm, laterWasm] = process.argv;
const here = import.meta.dirname;
const out = join(here, 'pkg');
const root = join(here, '..');
const read = (...path) => readFileSync(join(...path), 'utf8');

/** Something must have been found and replaced. */
function replaced(text, what, by) {
  const result = text.replace(what, by);
  if (result === text) throw new Error(`js/build-picker.js does not find ${what}`);
  return result;
}

/** The text of a module with neither imports nor exports. */
function inner(text) {
  const body = text
    .replace(/^import .*\n/gm, '')
    .replace(/^export \{.*\};\n/gm, '')
    .replace(/^export (?=async |function|class|const)/gm, '');
  if (/^(import|export)\b(?!\()/m.test(body)) throw new Error('a module has an import or export that js/build-picker.js does not know');
  return body;
}

async function short(text) {
  const { code } = await minify(text, { module: true, compress: { passes: 2 } });
  return `${code}\n`;
}

/** CSS without comments and without spaces that only people read. */
const bare = (css) =>
  css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/;}/g, '}')
    .trim();

const sources = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => read(root, folder, name));
/** Every word of the picker: no class that it sets is missing. */
const words = new Set([...sources('src/picker', '.rs'), ...sources('js/src/picker', '.js'), read(here, 'src', 'picker.js')].join().match(/[\w-]+/g));

/** CSS without the rules for classes that only the console has. */
function ofPicker(css) {
  const isOfPicker = (selector) => [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].every(([, name]) => words.has(name));
  let [out, at] = ['', 0];
  while (at < css.length) {
    const begin = css.indexOf('{', at);
    const end = css.indexOf(';', at);
    if (begin < 0 || (end >= 0 && end < begin)) {
      // A statement without a block.
      const after = end < 0 ? css.length : end + 1;
      out += css.slice(at, after);
      at = after;
      continue;
    }
    const head = css.slice(at, begin);
    let depth = 1;
    for (at = begin + 1; depth > 0; at++) depth += css[at] === '{' ? 1 : css[at] === '}' ? -1 : 0;
    const body = css.slice(begin + 1, at - 1);
    if (/^@(layer|media|container|supports)\b/.test(head)) {
      const kept = ofPicker(body);
      if (kept) out += `${head}{${kept}}`;
    } else {
      const kept = head.startsWith('@') ? head : selectors(head).filter(isOfPicker).join(',');
      if (kept) out += `${kept}{${body}}`;
    }
  }
  return out;
}

/** The selectors of a list; a comma within brackets is part of one. */
function selectors(list) {
  let depth = 0;
  const found = [''];
  for (const letter of list) {
    depth += '(['.includes(letter) ? 1 : ')]'.includes(letter) ? -1 : 0;
    if (letter === ',' && depth === 0) found.push('');
    else found[found.length - 1] += letter;
  }
  return found;
}

// In the order of the layers.
const styles = ['tokens', 'base', 'controls', 'feedback', 'form', 'picker', 'report', 'element'];
const css = styles.map((name) => ofPicker(bare(read(root, 'style', `${name}.css`)))).join('\n');

const source = (...path) => read(here, 'src', ...path);
const style = replaced(source('picker', 'style.js'), "'@CSS@'", () => JSON.stringify(css));
const modules = [source('picker', 'values.js'), source('picker', 'load.js'), source('picker', 'plain.js'), style, source('picker.js')];
const element = modules.map(inner).join('\n');

// wasm-bindgen's glue. It is given the WebAssembly, so no bundler needs to look for a file of its name.
const unfound = replaced(
  read(bindgen, 'picker.js'),
  /if \(module_or_path === undefined\) \{\s*module_or_path = new URL\([^)]*\);\s*\}/,
  '',
);
// The other part is only asked for once js/src/picker/load.js has loaded it.
const glue = replaced(
  unfound,
  /^import \* as (\w+) from "\.\/__wasm_split\.js";?$/m,
  'const $1 = { __wasm_split_load_later: (loaded, data) => wasm.__indirect_function_table.get(loaded)(data, true) };',
);
const glueNames = ['PickerSource', 'PickerView', 'findLater'];
const glueBody = glue
  .replace(/^export \{.*\};\n/gm, '')
  .replace(/^export (?=class|function)/gm, '');

// What a plain list shows where WebAssembly cannot run.
const catalog = JSON.parse(read(root, 'src', 'scope', 'catalog', 'appwrite.json'));
const newest = catalog.editions.findLast(({ selfHosted }) => selfHosted) ?? catalog.editions.at(-1);
const scopes = catalog.scopes
  .filter(({ deprecated, editions }) => !deprecated && editions.includes(newest.id))
  .map(({ id, service, tiers, description }) => ({ id, service, tiers, description }));
const names = `export default ${JSON.stringify({ scopes })};\n`;

const write = (name, text) => writeFileSync(join(out, name), text);
write('picker.js', await short(`${element}\nexport { PickerError, ScopePicker };`));
write('picker-define.js', await short(source('picker-define.js')));
write('picker-glue.js', await short(`${glueBody}\nexport { ${glueNames.join(', ')}, __wbg_init as default };`));
write('picker-names.js', names);

// For pages without a bundler: one script, and the WebAssembly, of which one file is for later.
const defines = replaced(inner(source('picker-define.js')), /^\/\/.*\n/, '');
const whole = [
  `const glueModule = () => {\n${glueBody}\nreturn { ${glueNames.join(', ')}, default: __wbg_init };\n};`,
  `const namesModule = () => (${JSON.stringify({ scopes })});`,
  replaced(replaced(element, "import('./picker-glue.js')", 'glueModule()'), "(await import('./picker-names.js')).default", 'namesModule()'),
  defines,
  'export { PickerError, ScopePicker };',
];
write('scope-picker.js', await short(whole.join('\n')));

const [bytes, later] = [wasm, laterWasm].map((file) => readFileSync(file));
writeFileSync(join(out, 'picker.wasm'), bytes);
writeFileSync(join(out, 'picker-later.wasm'), later);

for (const name of ['picker.d.ts', 'picker-define.d.ts', 'picker-react.d.ts', 'picker-vue.d.ts', 'picker-svelte.d.ts', 'custom-elements.json']) {
  copyFileSync(join(here, name), join(out, name));
}

const built = (name) => readFileSync(join(out, name));
const unstyled = await short(replaced(`${element}\nexport { ScopePicker };`, JSON.stringify(css), '""'));
const rows = [
  ['scopewise/picker, until it is shown', [built('picker.js'), built('picker-define.js'), built('picker-glue.js'), bytes]],
  ['  WebAssembly with the catalog', [bytes]],
  ['  JavaScript of the element', [unstyled, built('picker-define.js')]],
  ['  JavaScript that calls WebAssembly', [built('picker-glue.js')]],
  ['  styles', [css]],
  ['then: the rest of the WebAssembly', [later]],
  ['all of it', [built('picker.js'), built('picker-define.js'), built('picker-glue.js'), bytes, later]],
  ['without a bundler: scope-picker.js', [built('scope-picker.js')]],
  ['only where WebAssembly cannot run', [names]],
];
for (const [name, parts] of rows) {
  const sum = (size) => parts.reduce((total, part) => total + size(part), 0);
  const [plain, brotli] = [sum((part) => Buffer.byteLength(part)), sum((part) => weight(part))];
  console.log(`${name.padEnd(38)} ${String(plain).padStart(8)} bytes ${String(brotli).padStart(8)} brotli`);
}
const total = rows[0][1].reduce((sum, part) => sum + weight(part), 0);
console.log(`${total <= LIMIT ? 'within' : `${total - LIMIT} bytes beyond`} the limit of ${LIMIT} bytes`);
