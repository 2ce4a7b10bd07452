// Assembles the npm package in js/pkg from js/src, the types, and what wasm-bindgen made; called by scripts/build-js.
//
//   node js/build.js <folder of wasm-bindgen's output> <optimized .wasm>

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';

import { embedded } from './embed.js';

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

/** Our glue. Fails where the WebAssembly imports something that it does not have. */
function glued(text) {
  const imported = [...readFileSync(join(bindgen, 'scopewise_bg.js'), 'utf8').matchAll(/^export function (__w\w+)/gm)].map(([, name]) => name);
  const others = imported.filter((name) => !['__wbg_set_wasm', '__wbindgen_init_externref_table'].includes(name));
  if (others.length > 0) throw new Error(`js/src/glue.js does not know what wasm-bindgen imports: ${others}`);
  // A host that makes an instance of an imported .wasm file looks for this module.
  write('scopewise_bg.js', `export { prepared as __wbindgen_init_externref_table } from './glue.js';\n`);
  return text;
}

/** What a program loads, without what only people read: long names, spaces. Names that are exported stay. */
async function short(text) {
  const { code } = await minify(text, { module: true, compress: { passes: 2 }, mangle: { keep_classnames: true } });
  return `${code}\n`;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out);

const glue = glued(bare(read('src', 'glue.js')));
const bytes = readFileSync(wasm);
const parts = embedded(bytes);
const inline = bare(read('src', 'wasm.js')).replace(/'@(\w+)@'/g, (_, name) => (typeof parts[name] === 'string' ? `'${parts[name]}'` : parts[name]));
const core = bare(read('src', 'core.js'));
const entry = opened(core).names.filter((name) => name !== 'embed');

// ES modules: what a browser loads.
write('glue.js', await short(glue));
write('core.js', await short(core));
write('wasm.js', await short(inline));
for (const name of ['index.js', 'slim.js', 'middleware.js', 'schema.js']) write(name, await short(read('src', name)));

/** The entry point for hosts that compile nothing at run time, and import a .wasm file as a compiled module. */
function compiled(address) {
  const text = read('src', 'index.js').replace("import { bytes } from './wasm.js';", `import module from '${address}';`);
  if (!text.includes('core.embed(bytes)') || !text.includes(address)) throw new Error('js/build.js does not know how index.js embeds the WebAssembly');
  return short(text.replace('core.embed(bytes)', 'core.embed(() => module)'));
}
// Cloudflare Workers.
write('workerd.js', await compiled('./scopewise.wasm'));
// The edge runtime of Vercel and Next, which compiles the file if the address says so.
write('edge.js', await compiled('./scopewise.wasm?module'));

// CommonJS: glue and core are one module, which both entry points share. The text of the WebAssembly is loaded when it is needed.
const inner = opened(glue);
const scope = `const glue = (() => {\n${inner.body}\nreturn { ${inner.names.join(', ')} };\n})();`;
const exported = (names) => names.map((name) => `exports.${name} = ${name};`).join('\n');
const shared = (from) => entry.map((name) => `exports.${name} = ${from}.${name};`).join('\n');
const strict = "'use strict';\nObject.defineProperty(exports, '__esModule', { value: true });\n";
write('core.cjs', `${strict}${scope}\n${opened(core).body}\n${exported([...entry, 'embed'])}\n`);
write('wasm.cjs', `${strict}${opened(inline).body}\nexports.bytes = bytes;\n`);
write('slim.cjs', `${strict}const core = require('./core.cjs');\n${shared('core')}\n`);
for (const name of ['middleware', 'schema']) {
  const { names, body } = opened(bare(read('src', `${name}.js`)));
  write(`${name}.cjs`, `${strict}${body}\n${exported(names)}\n`);
}
const index = opened(bare(read('src', 'index.js')).replace(/^export \{.*\n/gm, ''));
write(
  'index.cjs',
  `${strict}const core = require('./core.cjs');\nconst bytes = () => require('./wasm.cjs').bytes();\n${index.body}\n${exported(index.names)}\n` +
    `exports.ScopewiseError = core.ScopewiseError;\n`,
);

// Types: the same for both kinds of module, but for the names of the files.
for (const name of ['index', 'slim', 'names', 'middleware', 'schema', 'scopewise.wasm']) {
  const types = read(`${name}.d.ts`);
  write(`${name}.d.ts`, types);
  write(`${name}.d.cts`, types.replace(/(from '\.\/\w+)\.js'/g, "$1.cjs'"));
}

writeFileSync(join(out, 'scopewise.wasm'), bytes);
for (const name of ['package.json', 'README.md']) cpSync(join(here, name), join(out, name));
cpSync(join(here, '..', 'schema', 'catalog.schema.json'), join(out, 'catalog.schema.json'));
for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) cpSync(join(here, '..', name), join(out, name));
