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

async function measured(program) {
  const folder = await project({ 'main.mjs': HEAD + program + TAIL });
  return JSON.parse(await node(folder, 'main.mjs', '--expose-gc'));
}

async function grown(program) {
  const { before, after } = await measured(program);
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

test('ten thousand checkers, asked what their catalogs prepare once and freed in any order, do not grow memory', async () => {
  const { wasm, heap } = await grown(`
    const own = (n) => ({ id: 'own', name: 'Own', version: '1', maxScopes: 9, editions: [], services: [{ id: 's', name: 'S' }],
      scopes: Array.from({ length: 1 + (n % 7) * 20 }, (_, at) => ({ id: 'resource.read' + at, service: 's', description: 'x'.repeat(n % 90), tiers: ['project'], editions: [] })),
      operations: [{ id: 's.get', method: 'GET', path: '/a/{id}', scopes: ['resource.read0'] }] });
    const kept = [];
    const round = (n) => {
      const checker = createChecker(own(n));
      const { errors } = checker.check({ scopes: ['resource.raed0'], operations: ['GET /a/1', 's.gte', 'S_Get'] });
      if (!errors[0].help.includes('resource.read')) throw new Error(errors[0].help);
      if (check({ scopes: ['users.read'] }).errors.length) throw new Error('the built-in catalog is another one');
      kept.push(checker);
      if (kept.length > 20) kept.splice((7 * n) % 20, 1)[0].free();
    };
    for (let n = 0; n < 1000; n++) round(n);
    const before = sizes();
    for (let n = 0; n < 10_000; n++) round(n);
    const after = sizes();`);
  // Catalogs of several sizes leave pieces between them; what is lost with each checker would be a hundred times as much.
  assert.ok(wasm <= MEGABYTE / 8, `${wasm} bytes`);
  assert.ok(heap < MEGABYTE, `${heap} bytes`);
});

test('checkers of the built-in catalog share it', async () => {
  const { wasm, heap } = await grown(`
    const round = () => { const checker = createChecker(); checker.check({ scopes: [] }); checker.free(); };
    for (let n = 0; n < 1000; n++) round();
    const before = sizes();
    for (let n = 0; n < 10_000; n++) round();
    const after = sizes();`);
  assert.equal(wasm, 0);
  assert.ok(heap < MEGABYTE, `${heap} bytes`);
});

test('the costliest requests take at most 64 megabytes', async () => {
  const { before, after } = await measured(`
    const many = (text) => Array.from({ length: 1000 }, (_, at) => text.repeat(Math.floor(900 / text.length)) + at);
    const before = sizes();
    for (const text of ['a/', 'vcs.a.', 'a.b(', 'aAb(', '/ GET /', 'users.list()', 'x.']) {
      const operations = many(text).map((it) => 'GET /' + it);
      suggest({ operations });
      check({ scopes: names, operations });
    }
    for (const text of ['users.{read/write,', 'users.read ', 'read/write,', 'user.raed ']) check({ scopes: many(text) });
    const after = sizes();`);
  assert.ok(before.wasm < 8 * MEGABYTE, `${before.wasm} bytes`);
  assert.ok(after.wasm < 64 * MEGABYTE, `${after.wasm} bytes`);
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
