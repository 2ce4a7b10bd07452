// Assembles the npm package in js/pkg from js/src, the types, and what wasm-bindgen made; called by scripts/build-js.
//
//   node js/build.js <folder of wasm-bindgen's output> <optimized .wasm>

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';

const [, , bindgen, wasm] = process.argv;
const here = import.meta.dirname;
const out = join(here, 'pkg');
const read = (...path) => readFileSync(join(here, ...path), 'utf8');
const write = (name, text) => writeFileSync(join(out, name), text);

/** The names that a module exports, and its text with neither imports nor exports. */
function opened(text) {
  const names = [...text.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map(([, name]) => name);
  const body = text.replace(/^import .*\n/gm, '').replace(/^export (?=async |function|class|const)/gm, '');
  if (/^(import|export)\b/m.test(body)) throw new Error('a module has an import or export that js/build.js does not know');
  return { names, body };
}

/** A module without comments, which the sources keep: they are a quarter of what a browser would load. */
function bare(text) {
  const lines = text.replace(/^ *\/\*\*(?:[^*]|\*(?!\/))*\*\/\n/gm, '').split('\n');
  return `${lines.filter((line) => line.trim() && !/^ *\/\//.test(line)).join('\n')}\n`;
}

/** wasm-bindgen's glue with long texts encoded by the engine at once; its own loop, a character at a time, suits short ones. */
function encoding(text) {
  const loop = 'for (; offset < len; offset++)';
  if (!text.includes(loop)) throw new Error("wasm-bindgen's glue passes texts in a way that js/build.js does not know");
  return text.replace(loop, 'for (; len < 256 && offset < len; offset++)');
}

/** What a program loads, without what only people read: long names, spaces. Names that are exported stay. */
async function short(text) {
  const { code } = await minify(text, { module: true, compress: { passes: 2 } });
  return `${code}\n`;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out);

// Nobody reads what a program wrote: it goes without indentation.
const glue = encoding(bare(readFileSync(join(bindgen, 'scopewise_bg.js'), 'utf8'))).replace(/^ +/gm, '');
const bytes = readFileSync(wasm);
const embedded = bare(read('src', 'wasm.js')).replace('@HEX@', bytes.toString('hex'));
const core = bare(read('src', 'core.js'));
const entry = opened(core).names.filter((name) => name !== 'embed');

// ES modules: what a browser loads.
write('glue.js', await short(glue));
write('core.js', await short(core));
write('wasm.js', embedded);
write('index.js', await short(read('src', 'index.js')));
write('slim.js', await short(read('src', 'slim.js')));

// CommonJS: glue and core are one module, which both entry points share.
const inner = opened(glue);
const scope = `const glue = (() => {\n${inner.body}\nreturn { ${inner.names.join(', ')} };\n})();`;
const exported = (names) => names.map((name) => `exports.${name} = ${name};`).join('\n');
const shared = (from) => entry.map((name) => `exports.${name} = ${from}.${name};`).join('\n');
const strict = "'use strict';\nObject.defineProperty(exports, '__esModule', { value: true });\n";
write('core.cjs', `${strict}${scope}\n${opened(core).body}\n${exported([...entry, 'embed'])}\n`);
write('wasm.cjs', `${strict}${opened(embedded).body}\nexports.bytes = bytes;\n`);
write('slim.cjs', `${strict}const core = require('./core.cjs');\n${shared('core')}\n`);
write(
  'index.cjs',
  `${strict}const core = require('./core.cjs');\ncore.embed(require('./wasm.cjs').bytes);\n${shared('core')}\n`,
);

// Types: the same for both kinds of module, but for the names of the files.
for (const name of ['index', 'slim', 'names', 'scopewise.wasm']) {
  const types = read(`${name}.d.ts`);
  write(`${name}.d.ts`, types);
  write(`${name}.d.cts`, types.replace(/(from '\.\/\w+)\.js'/g, "$1.cjs'"));
}

writeFileSync(join(out, 'scopewise.wasm'), bytes);
for (const name of ['package.json', 'README.md']) cpSync(join(here, name), join(out, name));
for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) cpSync(join(here, '..', name), join(out, name));
