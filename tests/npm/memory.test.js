// A call leaves nothing in memory: memory is flat over a million checks and over thousands of checkers.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { node, project } from './support.js';

// Node reports WebAssembly memory as a part of `arrayBuffers`; to be exact, this reads it from the instance.
const HEAD = `
import { setImmediate as turn } from 'node:timers/promises';
let memory;
const { Instance } = WebAssembly;
WebAssembly.Instance = new Proxy(Instance, {
  construct: (target, args) => {
    const instance = new target(...args);
    memory = instance.exports.memory;
    return instance;
  },
});
const { catalog, check, createChecker, scopes, suggest } = await import('scopewise');
const sizes = () => {
  gc();
  gc();
  return { wasm: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
};
const names = catalog().scopes.map(({ id }) => id);
`;
const TAIL = `console.log(JSON.stringify({ before, after }));`;
const MEGABYTE = 1 << 20;

async function grown(program) {
  const folder = await project({ 'main.mjs': HEAD + program + TAIL });
  const { before, after } = JSON.parse(await node(folder, 'main.mjs', '--expose-gc'));
  return { wasm: after.wasm - before.wasm, heap: after.heap - before.heap };
}

test('a million checks do not grow memory', async () => {
  const { wasm, heap } = await grown(`
    const scopesOf = (n) => [names[n % names.length], n % 50 ? names[(7 * n) % names.length] : 'no-such-scope.' + n];
    const once = (n) => check({ scopes: scopesOf(n), expire: n % 2 ? null : '2030-01-01', runsIn: 'ci' });
    for (let n = 0; n < 20_000; n++) once(n);
    const before = sizes();
    for (let n = 0; n < 1_000_000; n++) once(n);
    const after = sizes();`);
  assert.equal(wasm, 0);
  assert.ok(heap < MEGABYTE, `${heap} bytes`);
});

test('a million calls of sets of scopes do not grow memory', async () => {
  const { wasm, heap } = await grown(`
    const key = scopes(['users.read', 'rows.read']);
    const once = (n) => [key.allows('users.list'), n % 10 === 0 && key.allows('GET /v1/users/' + n), n % 100 === 0 && scopes([names[n % names.length]]).allows('users.get')];
    for (let n = 0; n < 20_000; n++) once(n);
    const before = sizes();
    for (let n = 0; n < 1_000_000; n++) once(n);
    const after = sizes();`);
  assert.equal(wasm, 0);
  assert.ok(heap < MEGABYTE, `${heap} bytes`);
});

test('checkers that are freed or garbage collected do not grow memory', async () => {
  const { wasm, heap } = await grown(`
    const json = JSON.stringify(catalog({ service: 'auth' }));
    const round = async (count, frees) => {
      for (let n = 0; n < count; n++) {
        const checker = createChecker(json);
        checker.check({ scopes: ['users.read'] });
        if (frees) checker.free();
      }
      // The garbage collector reports freed objects in a separate task.
      for (let n = 0; n < 3; n++) { gc(); await turn(); }
    };
    await round(200, false);
    const before = sizes();
    for (let n = 0; n < 10; n++) await round(200, n % 2 === 0);
    const after = sizes();`);
  assert.equal(wasm, 0);
  assert.ok(heap < MEGABYTE, `${heap} bytes`);
});

test('a request that is far too large does not grow memory permanently', async () => {
  const { wasm } = await grown(`
    const refused = (length) => { try { check({ scopes: ['x'.repeat(length)] }); } catch {} };
    refused(1 << 22);
    const before = sizes();
    for (let n = 0; n < 5; n++) refused(1 << 27);
    const after = sizes();`);
  assert.equal(wasm, 0);
});
