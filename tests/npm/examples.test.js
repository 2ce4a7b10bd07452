// The example pages with <scope-picker> in React, Vue and Svelte: they compile with the types of the tarball, Vite builds them, and a wrong program does
// not compile. tests/element opens them in browsers.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { root, run } from './support.js';

const examples = join(root, 'examples', 'picker');
const modules = join(examples, 'node_modules');

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scopewise-examples-'));
  await symlink(modules, join(folder, 'node_modules'));
  await cp(join(examples, 'page.css'), join(folder, 'page.css'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('the example pages compile and Vite builds each of them', async () => {
  await run(process.execPath, [join(examples, 'build.mjs'), '--check'], { timeout: 300_000 });
  for (const name of ['react', 'vue', 'svelte']) {
    const page = await readFile(join(examples, 'dist', name, 'index.html'), 'utf8');
    assert.match(page, /<script type="module"[^>]* src="\.\/assets\//, name);
  }
});

const WRONG = {
  'react, with the listener that gets no detail': ['App.tsx', 'onchange=', 'onChange=', 'typescript/bin/tsc', '--project'],
  react: ['App.tsx', 'runsIn="server"', 'runsIn="moon"', 'typescript/bin/tsc', '--project'],
  vue: ['App.vue', 'runs-in="server"', 'runs-in="moon"', 'vue-tsc/bin/vue-tsc.js', '--project'],
  svelte: ['App.svelte', 'runsIn="server"', 'runsIn="moon"', 'svelte-check/bin/svelte-check', '--workspace'],
};

for (const [name, [file, right, wrong, program, option]] of Object.entries(WRONG)) {
  test(`a wrong value of the element does not compile in ${name}`, async () => {
    const home = join(folder, name.replaceAll(/\W/g, '-'));
    await cp(join(examples, name.split(',')[0]), home, { recursive: true });
    const text = await readFile(join(home, file), 'utf8');
    assert.ok(text.includes(right), file);
    await writeFile(join(home, file), text.replace(right, wrong));
    const check = run(process.execPath, [join(modules, program), option, home], { cwd: folder, timeout: 300_000 });
    await assert.rejects(check, ({ stdout, stderr }) => `${stdout}${stderr}`.includes(wrong.split('"')[1] ?? 'onChange'));
  });
}
