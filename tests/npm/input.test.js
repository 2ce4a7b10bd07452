// Every kind of invalid input gives a typed error or a report. Nothing else is thrown, and the next call works.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { project } from './support.js';

const folder = await project();
const load = (name) => import(pathToFileURL(join(folder, 'node_modules', 'scopewise', name)));
const scopewise = await load('index.js');
const { ScopewiseError, check, createChecker, scopes } = scopewise;
const calls = ['check', 'allows', 'suggest', 'reach', 'compare', 'migrate'];

const cycle = {};
cycle.scopes = cycle;
const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
const trap = new Proxy({}, { ownKeys() { throw new Error('trapped'); } });

/** Values that no call accepts. */
const NO_REQUESTS = [
  ['nothing', undefined], ['null', null], ['a number', 1], ['NaN', NaN], ['a text', 'rows.read'], ['a list', ['rows.read']],
  ['a truth value', true], ['a symbol', Symbol('x')], ['a function', () => ({})], ['a BigInt', 1n], ['an empty object', {}],
  ['another class', new Map([['scopes', []]])], ['a cycle', cycle], ['a deep list', deep], ['an object that throws', trap],
  ['a getter that throws', { get scopes() { throw new Error('no'); } }],
  ['an unknown member', { scopes: [], operations: [], operation: '', before: [], after: [], constructor: 1 }],
  ['a text for the list', { scopes: 'rows.read', operations: 'x', before: '', after: '' }],
  ['numbers in the list', { scopes: [1], operations: [1], operation: 1, before: [1], after: [1] }],
  ['holes in the list', { scopes: [, 'x'], operations: [, 'x'], operation: null, before: [, 'x'], after: [] }],
  ['a long list', ((list) => ({ scopes: list, operations: list, operation: 'x', before: list, after: list }))(Array(1001).fill('a.read'))],
  ['a large text', ((list) => ({ scopes: list, operations: list, operation: 'x', before: list, after: list }))(['x'.repeat(1 << 20)])],
  ['an endless text', { scopes: ['x'.repeat(1 << 26)] }],
];

for (const [kind, request] of NO_REQUESTS) {
  test(`${kind} is a typed error of every call`, () => {
    for (const call of calls) {
      assert.throws(
        () => scopewise[call](request),
        (error) => {
          assert.ok(error instanceof ScopewiseError, `${call}: ${error.stack}`);
          assert.ok(['malformed-request', 'invalid-request', 'request-too-large'].includes(error.code), `${call}: ${error.code}`);
          assert.equal(error.name, 'ScopewiseError');
          assert.match(error.message, /^\S.*[^.\s]$/, call);
          assert.match(error.help, /^\S.*[^.\s]$/, call);
          return true;
        },
        call,
      );
    }
  });
}

test('hostile texts in a valid request give a report and no error', () => {
  const hostile = [
    '', ' ', '\0', 'rows.read\0', '\u202e', '<script>', '"', '\\', '\n', 'users.reаd', '😀', '\ud800', 'a\udc00b', '__proto__', 'constructor',
    'toString', '%s', '${x}', "'; drop table keys; --", 'x'.repeat(10_000), 'ﬀ', '\u{10ffff}', '../../etc/passwd', 'GET /v1/../users',
  ];
  for (const text of hostile) {
    const report = check({ scopes: [text], operations: [text], grantor: [text], previous: [text], expire: text || 'x', edition: text });
    assert.equal(report.valid, false, JSON.stringify(text));
    assert.equal(scopewise.allows({ scopes: [text], operation: text }).allowed, false);
    assert.deepEqual(scopewise.suggest({ operations: [text] }).scopes, []);
    assert.equal(scopewise.reach({ scopes: [text] }).fullAccess, false);
    assert.equal(scopewise.compare({ before: [text], after: [text] }).becomesFullAccess, false);
    assert.equal(scopewise.migrate({ scopes: [text] }).problems.length > 0, true, JSON.stringify(text));
    const key = scopes([text]);
    assert.equal(key.allows(text), false);
    assert.equal(key.allows('users.list'), false);
  }
});

test('a value that JSON would drop or turn into `null` is an error that names its place', () => {
  const moment = { isValid: () => false, toJSON: () => null };
  const gone = { toJSON: () => undefined };
  const values = [
    [new Date(NaN), 'an invalid date'], [new Date('nonsense'), 'an invalid date'], [NaN, 'NaN'], [Infinity, 'Infinity'], [-Infinity, '-Infinity'],
    [new Number(NaN), 'NaN'], [() => '2030-01-01', 'a function'], [class {}, 'a function'], [Symbol('2030'), 'a symbol'],
    [moment, 'an object whose toJSON gives `null`'], [gone, 'an object whose toJSON gives `undefined`'],
  ];
  // For every call and every member, also in lists.
  const lists = ['scopes', 'operations', 'before', 'after', 'grantor', 'previous'];
  const members = [...lists, 'expire', 'now', 'runsIn', 'edition', 'tier', 'beyondGrantor', 'operation', 'service', 'unknown'];
  for (const [value, what] of values) {
    for (const call of [...calls, 'catalog']) {
      const expected = (place) => ({ name: 'ScopewiseError', code: 'malformed-request', message: `the request cannot be written as JSON: \`${place}\` is ${what}` });
      for (const member of members) assert.throws(() => scopewise[call]({ [member]: value }), expected(member), `${call} ${member} ${what}`);
      for (const member of lists) {
        assert.throws(() => scopewise[call]({ [member]: ['users.read', value] }), expected(`${member}[1]`), `${call} ${member} ${what}`);
        assert.throws(() => scopewise[call]({ [member]: [{ deep: [value] }] }), expected(`${member}[0].deep[0]`), `${call} ${member} ${what}`);
      }
    }
  }
  for (const list of [[, 'users.read'], [undefined, 'users.read']]) {
    assert.throws(() => check({ scopes: list }), { code: 'malformed-request', message: 'the request cannot be written as JSON: `scopes[0]` is `undefined`' });
  }
});

test('values that JSON cannot represent, and values that are not lists, are errors', () => {
  const loop = { scopes: [] };
  loop.grantor = [loop];
  for (const request of [{ scopes: [1n] }, { scopes: [], expire: 1n }, { scopes: new BigInt64Array(2) }, { scopes: [], now: 2n ** 64n }, loop]) {
    assert.throws(() => check(request), { name: 'ScopewiseError', code: 'malformed-request' });
  }
  const noLists = [new Set(['users.read']), new Map(), new Uint8Array(3), new Float64Array(1), Object('users.read'), 'users.read', 1, true, { 0: 'users.read', length: 1 }];
  for (const scopes of noLists) {
    assert.throws(() => check({ scopes }), { name: 'ScopewiseError', code: 'invalid-request' }, String(scopes));
  }
  for (const date of [0, 1_900_000_000_000, true, {}, [], new Map(), new Uint8Array(1)]) {
    assert.throws(() => check({ scopes: [], expire: date }), { name: 'ScopewiseError', code: 'invalid-request' }, String(date));
    assert.throws(() => check({ scopes: [], now: date }), { name: 'ScopewiseError', code: 'invalid-request' }, String(date));
  }
  assert.throws(() => check({ scopes: [], now: 'nonsense' }), { name: 'ScopewiseError', code: 'invalid-request' });
});

test('dates, `null` and `undefined` have their documented meaning', () => {
  const codes = (request) => {
    const { errors, warnings, hints } = check({ scopes: ['rows.read'], ...request });
    return [...errors, ...warnings, ...hints].map(({ code }) => code).join();
  };
  const now = new Date('2026-01-01T00:00:00Z');
  assert.equal(codes({ expire: null }), 'never-expires');
  assert.equal(codes({ expire: undefined, now: undefined }), '');
  assert.equal(codes({}), '');
  assert.equal(codes({ expire: new Date('2026-01-05T00:00:00Z'), now }), 'expires-soon');
  assert.equal(codes({ expire: new Date('2025-12-31T00:00:00Z'), now }), 'expiry-in-past');
  // Date libraries serialize their dates like this.
  assert.equal(codes({ expire: { toJSON: () => '2026-01-05T00:00:00.000Z' }, now }), 'expires-soon');
  assert.equal(codes({ expire: new Date(8.64e15), now }), 'expiry-malformed');
  class Request {
    toJSON() {
      return { scopes: ['rows.read'], expire: null };
    }
  }
  assert.deepEqual(check(new Request()).hints.map(({ code }) => code), ['never-expires']);
  class Careless {
    toJSON() {
      return { scopes: ['rows.read'], expire: new Date(NaN) };
    }
  }
  assert.throws(() => check(new Careless()), { code: 'malformed-request', message: /`expire` is an invalid date/ });
});

test('a catalog as an object is checked as strictly', () => {
  const broken = (change) => {
    const catalog = scopewise.catalog();
    change(catalog);
    return () => createChecker(catalog);
  };
  const error = (place, what) => ({ name: 'ScopewiseError', code: 'malformed-request', message: `the catalog cannot be written as JSON: \`${place}\` is ${what}` });
  assert.throws(broken((catalog) => (catalog.maxScopes = NaN)), error('maxScopes', 'NaN'));
  assert.throws(broken((catalog) => (catalog.scopes[3].deprecated = () => true)), error('scopes[3].deprecated', 'a function'));
  assert.throws(broken((catalog) => (catalog.scopes[3].sensitive = new Date(NaN))), error('scopes[3].sensitive', 'an invalid date'));
  assert.equal(createChecker({ ...scopewise.catalog(), $schema: undefined }).check({ scopes: ['users.read'] }).valid, true);
});

test('a call does not change its request, and accepts any class', () => {
  const request = Object.freeze({ scopes: Object.freeze(['user.read']), now: new Date(0), expire: null });
  assert.equal(check(request).errors[0].code, 'unknown-scope');
  class Request {
    scopes = ['user.read'];
  }
  assert.equal(check(new Request()).errors[0].code, 'unknown-scope');
  assert.equal(check(Object.assign(Object.create(null), { scopes: ['user.read'] })).errors[0].code, 'unknown-scope');
});

test('a set of scopes accepts only texts, and copies its list', () => {
  for (const list of [undefined, null, 'users.read', {}, [1], [null], [, 'users.read'], new Set(['users.read'])]) {
    assert.throws(() => scopes(list), { name: 'ScopewiseError', code: 'invalid-request' });
  }
  for (const operation of [undefined, null, 1, {}, ['users.list'], Symbol('x')]) {
    assert.throws(() => scopes(['users.read']).allows(operation), { name: 'ScopewiseError', code: 'invalid-request' });
  }
  const list = ['users.read'];
  const key = scopes(list);
  list.push('users.write');
  assert.throws(() => key.scopes.push('users.write'), TypeError);
  assert.deepEqual(key.scopes, ['users.read']);
  assert.equal(key.allows('users.create'), false);
});

test('a set of scopes and `allows` give the same verdict on every operation and route', () => {
  const { operations } = scopewise.catalog();
  for (const list of [[], ['users.read'], ['rows.write', 'documents.read', 'collections.read'], ['keys.write', 'no.such']]) {
    const key = scopes(list);
    for (const { id, method, path } of operations) {
      for (const operation of [id, `${method} ${path}`]) {
        assert.equal(key.allows(operation), scopewise.allows({ scopes: list, operation }).allowed, operation);
      }
    }
  }
});

test('an invalid catalog reports every error with its place', () => {
  for (const catalog of [null, 1, 'x', '', '{', [], {}, '\ud800', () => 1]) {
    assert.throws(() => createChecker(catalog), (error) => {
      assert.ok(error instanceof ScopewiseError && error.code === 'invalid-catalog', String(error));
      assert.ok(error.errors.length > 0 && error.errors.every(({ place, message }) => typeof place === 'string' && message));
      return true;
    });
  }
  const catalog = scopewise.catalog();
  catalog.scopes[3].service = 'nowhere';
  catalog.operations[0].scopes = ['nowhere.read'];
  assert.throws(() => createChecker(catalog), ({ errors }) => {
    assert.deepEqual(errors.map(({ place }) => place), ['scopes[3].service', 'operations[0].scopes']);
    return true;
  });
  assert.throws(() => createChecker(cycle), { name: 'ScopewiseError', code: 'malformed-request' });
});

test('the built-in catalog gives the same answers after an export and an import', () => {
  const request = { scopes: ['user.read', 'keys.write', 'attributes.read'], runsIn: 'ci', expire: null, operations: ['users.list'] };
  assert.deepEqual(createChecker(scopewise.catalog()).check(request), check(request));
});

test('a freed checker throws an error that says so', () => {
  const checker = createChecker();
  const key = checker.scopes(['users.read']);
  checker.free();
  checker.free();
  assert.throws(() => checker.check({ scopes: [] }), { name: 'ScopewiseError', code: 'checker-freed' });
  assert.equal(key.allows('users.list'), true);
  assert.throws(() => key.allows('GET /v1/users'), { name: 'ScopewiseError', code: 'checker-freed' });
  assert.equal(check({ scopes: ['users.read'] }).valid, true);
});

test('a source that is not WebAssembly is refused, and a retry works', async () => {
  // The CommonJS build is a separate instance, which is not initialized yet.
  const apart = await load('slim.cjs');
  assert.throws(() => apart.check({ scopes: [] }), { name: 'ScopewiseError', code: 'not-initialized' });
  for (const source of [undefined, null, 1, {}, []]) {
    await assert.rejects(apart.init(source), { name: 'ScopewiseError', code: 'invalid-source' });
  }
  const foreign = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  const broken = [
    [() => new Uint8Array(8), 'wasm-mismatch', /not the WebAssembly of this package/],
    [() => new ArrayBuffer(0), 'wasm-mismatch', /not the WebAssembly of this package/],
    [() => foreign, 'wasm-mismatch', /exports something else/],
    [() => new WebAssembly.Module(foreign), 'wasm-mismatch', /exports something else/],
    [() => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }), 'wasm-mismatch', /not the WebAssembly of this package/],
    [() => new Response('x', { headers: { 'content-type': 'application/wasm' } }), 'wasm-mismatch', /not the WebAssembly of this package/],
    [() => 'http://127.0.0.1:1/x.wasm', 'wasm-unreachable', /could not be fetched/],
    [() => 'no address', 'wasm-unreachable', /could not be fetched/],
    [() => new Response('x', { status: 404 }), 'wasm-not-found', /status 404/],
    [() => pathToFileURL(join(folder, 'no-such.wasm')), 'wasm-not-found', /no such file/],
    [() => Promise.reject(new Error('x')), 'wasm-unreachable', /could not be fetched: x/],
  ];
  for (const [source, code, message] of broken) {
    await assert.rejects(apart.init(source()), (error) => {
      assert.deepEqual([error.name, error.code], ['ScopewiseError', code], error.stack);
      assert.match(error.message, message);
      assert.match(error.help, /^[a-z].*[^.]$/);
      return true;
    });
  }
  const { readFile } = await import('node:fs/promises');
  const bytes = await readFile(join(folder, 'node_modules', 'scopewise', 'scopewise.wasm'));
  // A call that fails does not spoil one that is right, whichever began first.
  const [wrong, right, waiting] = await Promise.allSettled([apart.init(new Uint8Array(8)), apart.init(bytes), apart.init()]);
  assert.deepEqual([wrong.status, right.status, waiting.status], ['rejected', 'fulfilled', 'fulfilled']);
  await apart.init(undefined);
  await apart.init(new Uint8Array(8));
  assert.equal(apart.check({ scopes: ['users.read'] }).valid, true);
});
