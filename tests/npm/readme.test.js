// Runs every example of the package's README unchanged, and compares its output with its comments.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { node, project, root, run } from './support.js';

const readme = await readFile(join(root, 'js', 'README.md'), 'utf8');
const blocks = (language) =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter((block) => block[1] === language).map(([, , text]) => text);

for (const example of blocks('js')) {
  const imported = [...example.matchAll(/import (?:\{ ([^}]*) \}|\* as \w+) from '(scopewise[^']*)'/g)].map(([, names, from]) => names ?? from).join(', ');
  test(`the example of ${imported} prints the output in its comments`, async () => {
    const folder = await project({ 'example.mjs': example });
    const promised = [...example.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
    assert.notEqual(promised.length, 0, 'the example has no expected output');
    assert.equal(await node(folder, 'example.mjs'), promised.join('\n'));
  });
}

test('every function has an example', () => {
  for (const name of ['check', 'allows', 'scopes', 'suggest', 'reach', 'compare', 'migrate', 'catalog', 'createChecker', 'ScopewiseError', 'init', 'forNext', 'scopeList']) {
    assert.ok(blocks('js').some((example) => new RegExp(`import \\{[^}]*\\b${name}\\b`).test(example)), name);
  }
});

test('the example of the types compiles', async () => {
  const [example, ...others] = blocks('ts');
  assert.equal(others.length, 0);
  const folder = await project({ 'example.mts': example });
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022', '--types', '', 'example.mts'];
  const tsc = join(import.meta.dirname, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, ...options], { cwd: folder }).catch((error) => error);
  assert.equal(stdout, '');
});
