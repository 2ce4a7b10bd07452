// The types: valid programs compile and invalid ones do not, with every module resolution, without the DOM and without Node's types; with
// the newest TypeScript and with the oldest that is supported. `make test-hosts` compiles them with those between.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

import { VALID, assertCompletions, assertTypes, faults, typed } from './types.js';

const modules = join(import.meta.dirname, 'node_modules');
const newest = join(modules, 'typescript', 'bin', 'tsc');
const oldest = join(modules, 'typescript-5.2', 'bin', 'tsc');

test('valid programs compile, as an ES module, as CommonJS and for a bundler', async () => {
  const common = VALID.replace(" with { type: 'json' }", '');
  const folder = await typed({ 'valid.mts': VALID, 'valid.cts': common.replaceAll(/import (\w+) from '([^']*)'/g, "import $1 = require('$2')").replace("import { ProjectKeyScopes } from './scopes-enum.js'", "enum ProjectKeyScopes { UsersRead = 'users.read', UsersWrite = 'users.write' }"), 'valid.ts': VALID });
  assert.deepEqual(await faults(newest, folder, ['valid.mts', 'valid.cts'], { module: 'nodenext' }), []);
  assert.deepEqual(await faults(newest, folder, ['valid.ts'], { module: 'esnext', moduleResolution: 'bundler' }), []);
});

test('valid programs compile with the DOM, and accept its Response', async () => {
  const folder = await typed({ 'valid.mts': `${VALID} init(fetch('/x.wasm')); init(new URL('https://x')); init(new Uint8Array());` });
  assert.deepEqual(await faults(newest, folder, ['valid.mts'], { module: 'nodenext', lib: ['es2022', 'dom', 'esnext.disposable'] }), []);
});

test('the newest TypeScript refuses misspellings, and says what is meant', () => assertTypes(newest));

test('TypeScript 5.2, the oldest that is supported, does the same', () => assertTypes(oldest, { attributes: false }));

test('an editor with TypeScript 5.2 completes scopes and operations', () => assertCompletions(createRequire(import.meta.url)('typescript-5.2')));
