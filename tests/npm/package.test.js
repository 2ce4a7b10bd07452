// Checks of the package with third-party tools.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { LIMIT, weighed } from '../../js/weigh.js';
import { node, packed, project, root, run } from './support.js';

test('publint finds nothing in the tarball', async () => {
  const bytes = await readFile(await packed());
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('arethetypeswrong finds nothing in the tarball, for every module resolution', async () => {
  const attw = join(import.meta.dirname, 'node_modules', '.bin', 'attw');
  // The elements are only for browsers: modules that `require` cannot load.
  const browser = ['picker', 'picker/define', 'picker/react', 'picker/vue', 'picker/svelte', 'picker.wasm', 'picker-later.wasm', 'scope-picker.js', 'custom-elements.json', 'keys', 'keys/define'];
  const options = ['--format', 'json', '--no-summary', '--exclude-entrypoints', ...browser];
  const { stdout } = await run(attw, [await packed(), ...options]).catch((error) => error);
  const { problems, analysis } = JSON.parse(stdout);
  assert.deepEqual(problems ?? {}, {}, JSON.stringify(analysis?.problems));
  assert.deepEqual(analysis.problems, []);
});

test('the generated names are up to date', async () => {
  const example = ['run', '--quiet', '--locked', '--no-default-features', '--example', 'model', '--', 'names'];
  const { stdout } = await run('cargo', example, { cwd: root });
  const committed = await readFile(join(root, 'js', 'names.d.ts'), 'utf8');
  assert.equal(committed, stdout, 'js/names.d.ts is stale: its first lines say how to generate it again');
});

test('the tarball contains only the expected files', async () => {
  const { stdout } = await run('tar', ['-tzf', await packed()]);
  const files = stdout.trim().split('\n').map((name) => name.replace('package/', '')).sort();
  assert.deepEqual(files, [
    'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'catalog.schema.json', 'core.cjs', 'core.js', 'custom-elements.json', 'edge.js',
    'glue.js', 'index.cjs', 'index.d.cts', 'index.d.ts', 'index.js', 'keys-define.d.ts', 'keys-define.js', 'keys.d.ts', 'keys.js', 'middleware.cjs', 'middleware.d.cts', 'middleware.d.ts',
    'middleware.js', 'names.d.cts', 'names.d.ts', 'package.json', 'picker-define.d.ts', 'picker-define.js', 'picker-glue.js',
    'picker-later.wasm', 'picker-names.js', 'picker-react.d.ts', 'picker-svelte.d.ts', 'picker-vue.d.ts', 'picker.d.ts', 'picker.js', 'picker.wasm',
    'schema.cjs', 'schema.d.cts', 'schema.d.ts', 'schema.js', 'scope-picker.js', 'scopewise.wasm', 'scopewise.wasm.d.cts',
    'scopewise.wasm.d.ts', 'scopewise_bg.js', 'slim.cjs', 'slim.d.cts', 'slim.d.ts', 'slim.js', 'wasm.cjs', 'wasm.js', 'workerd.js',
  ]);
});

// Where the compiler's own source is not there, the standard library is linked as it comes, which is larger.
const isForSize = await run('bash', ['-c', '. scripts/env; has_std_sources'], { cwd: root }).then(() => true, () => false);
test('what a program loads is within the limit, by either entry point', { skip: !isForSize && 'the standard library is not compiled for size here' }, () => {
  const limited = weighed().filter(({ isLimited }) => isLimited);
  assert.deepEqual(limited.map(({ name }) => name), ['scopewise/slim and its .wasm', 'scopewise, the WebAssembly as text']);
  for (const { name, brotli } of limited) assert.ok(brotli <= LIMIT, `${name}: ${brotli} bytes with brotli, the limit is ${LIMIT}`);
});

test('the WebAssembly contains no path of the build machine', async () => {
  const folder = await project();
  const text = (await readFile(join(folder, 'node_modules', 'scopewise', 'scopewise.wasm'))).toString('latin1');
  const paths = text.match(/[ -~]*(?:\/root\/|\/home\/|\/Users\/|\.cargo|\.rustup)[ -~]*/g);
  assert.equal(paths, null);
});

test("the tarball has the catalog's JSON Schema, which a program can resolve", async () => {
  const folder = await project({ 'main.mjs': "import schema from 'scopewise/catalog.schema.json' with { type: 'json' }; console.log(JSON.stringify(schema));" });
  assert.deepEqual(JSON.parse(await node(folder, 'main.mjs', '--no-warnings')), JSON.parse(await readFile(join(root, 'schema', 'catalog.schema.json'), 'utf8')));
});
