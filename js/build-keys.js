// Adds <scopewise-keys> to the npm package in js/pkg; called by scripts/build-element.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';

import { weight } from './weigh.js';

const here = import.meta.dirname;
const out = join(here, 'pkg');
const read = (...path) => readFileSync(join(here, 'src', ...path), 'utf8');

/** The text of a module with neither imports nor exports. */
const inner = (text) => text.replace(/^import .*\n/gm, '').replace(/^export (?=class|const)/gm, '');
const style = read('keys', 'style.js').replace(/\s+/g, ' ').replace(/^.*?export/, 'export');

const modules = [read('keys', 'strings.js'), style, read('keys.js')].map(inner);
const { code } = await minify(`${modules.join('\n')}\nexport { ScopewiseKeys };`, { module: true, compress: { passes: 2 } });
writeFileSync(join(out, 'keys.js'), `${code}\n`);
const define = await minify(read('keys-define.js'), { module: true });
writeFileSync(join(out, 'keys-define.js'), `${define.code}\n`);
for (const name of ['keys.d.ts', 'keys-define.d.ts']) copyFileSync(join(here, name), join(out, name));
const bytes = readFileSync(join(out, 'keys.js'));
console.log(`${'scopewise/keys, without the picker'.padEnd(38)} ${String(bytes.length).padStart(8)} bytes ${String(weight(bytes)).padStart(8)} brotli`);
