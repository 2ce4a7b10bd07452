// Sets, checkers and errors where programs take them: behind proxies, passed on as functions, printed, and from two builds at once.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import vm from 'node:vm';

import { reactive, readonly, ref, shallowReactive } from '@vue/reactivity';

import { node, project } from './support.js';

const folder = await project();
const home = join(folder, 'node_modules', 'scopewise');
const scopewise = await import(pathToFileURL(join(home, 'index.js')));
const common = createRequire(join(folder, 'main.cjs'))('scopewise');
const { ScopewiseError, allows, catalog, check, createChecker, scopes } = scopewise;

/** A proxy that hands out proxies, as libraries for state do. */
const deep = (target) =>
  new Proxy(target, {
    get(from, name, receiver) {
      const value = Reflect.get(from, name, receiver);
      return typeof value === 'object' && value !== null ? deep(value) : value;
    },
    apply: (from, self, values) => Reflect.apply(from, self, values),
  });

const WRAPPED = { 'Vue ref': (value) => ref(value).value, 'Vue reactive': reactive, 'a member of Vue reactive': (value) => reactive({ value }).value, 'Vue readonly': readonly, 'Vue shallowReactive': shallowReactive, 'a deep proxy': deep };

for (const [name, wrap] of Object.entries(WRAPPED)) {
  test(`a set of scopes and a checker work behind ${name}`, () => {
    const key = wrap(scopes(['users.read']));
    assert.equal(key.allows('users.list'), true);
    assert.equal(key.allows('GET /v1/users/42'), true);
    assert.equal(key.allows('users.create'), false);
    assert.equal(key.explain('users.create').help, 'grant `users.write`');
    assert.deepEqual([...key.scopes], ['users.read']);
    const checker = wrap(createChecker());
    assert.equal(checker.check({ scopes: ['users.read'] }).valid, true);
    assert.equal(checker.scopes(['users.read']).allows('users.list'), true);
    checker.free();
    assert.throws(() => checker.check({ scopes: [] }), { code: 'checker-freed' });
  });
}

test('a request behind a proxy is read', () => {
  assert.equal(check(reactive({ scopes: ['users.read'], runsIn: 'ci' })).valid, true);
  assert.equal(scopes(reactive(['users.read'])).allows('users.list'), true);
  assert.equal(createChecker(reactive(catalog())).allows({ scopes: ['users.read'], operation: 'users.list' }).allowed, true);
});

test('every function can be passed on without its object', () => {
  const key = scopes(['users.read']);
  assert.deepEqual(['users.list', 'users.create', 'GET /v1/users/42'].filter(key.allows), ['users.list', 'GET /v1/users/42']);
  assert.equal([['users.list'], ['users.create']].map(([operation]) => operation).map(key.explain).at(1).allowed, false);
  const { check, allows, suggest, reach, compare, migrate, catalog, scopes: make, free } = createChecker();
  assert.equal(check({ scopes: ['users.read'] }).valid, true);
  assert.equal(allows({ scopes: ['users.read'], operation: 'users.list' }).allowed, true);
  assert.deepEqual(suggest({ operations: ['users.list'] }).scopes, ['users.read']);
  assert.equal(reach({ scopes: [] }).fullAccess, false);
  assert.deepEqual(compare({ before: [], after: [] }).granted, []);
  assert.deepEqual(migrate({ scopes: [] }).scopes, []);
  assert.equal(catalog().id, 'appwrite');
  assert.equal(make(['users.read']).allows('users.list'), true);
  free();
  assert.throws(() => check({ scopes: [] }), { code: 'checker-freed' });
});

test('a set of scopes and a checker show what they are', () => {
  const key = scopes(['users.read']);
  assert.match(inspect(key), /^ScopeSet \{\s*scopes: \[ 'users\.read' \]/);
  assert.match(inspect(createChecker()), /^Checker \{\s*check: \[Function/);
  assert.equal(String(key), '[object ScopeSet]');
  assert.equal(JSON.stringify(key), '{"scopes":["users.read"]}');
});

test('`explain` answers like `allows` of the module', () => {
  const key = scopes(['rows.write']);
  for (const operation of ['tablesDB.listRows', 'tables_db.create_row', 'GET /v1/users/42', 'no.such']) {
    assert.deepEqual(key.explain(operation), allows({ scopes: ['rows.write'], operation }));
  }
  assert.throws(() => key.explain(1), { code: 'invalid-request' });
});

test('an error of the CommonJS build is a ScopewiseError of the ES module, and the other way round', () => {
  const thrown = (from) => {
    try {
      from.check({});
    } catch (error) {
      return error;
    }
  };
  assert.notEqual(common.ScopewiseError, ScopewiseError);
  for (const error of [thrown(scopewise), thrown(common)]) {
    assert.ok(error instanceof ScopewiseError);
    assert.ok(error instanceof common.ScopewiseError);
    assert.ok(error instanceof Error);
  }
  for (const other of [new Error('x'), new TypeError('x'), null, undefined, 'x', {}, { name: 'ScopewiseError' }]) {
    assert.equal(other instanceof ScopewiseError, false);
  }
});

test('an error of another realm is a ScopewiseError', async () => {
  const realm = vm.createContext({ WebAssembly, TextEncoder, TextDecoder, exports: {}, require: createRequire(join(home, 'index.cjs')) });
  const code = await readFile(join(home, 'core.cjs'), 'utf8');
  vm.runInContext(code, realm);
  const error = vm.runInContext('(() => { try { exports.check({}); } catch (error) { return error; } })()', realm);
  assert.equal(error instanceof Error, false);
  assert.ok(error instanceof ScopewiseError);
  assert.equal(error.code, 'not-initialized');
});

test('an error keeps its message in JSON', () => {
  try {
    createChecker('{"id":"x"}');
    assert.fail();
  } catch (error) {
    const copy = JSON.parse(JSON.stringify({ error })).error;
    assert.deepEqual(Object.keys(copy), ['name', 'code', 'message', 'help', 'errors']);
    assert.equal(copy.message, error.message);
    assert.deepEqual(copy.errors, error.errors);
  }
});

test('a list over the limit is an error, never a `false`', () => {
  const most = Array.from({ length: 1000 }, (_, n) => (n ? `no-such.${n}` : 'users.read'));
  assert.equal(scopes(most).allows('users.list'), true);
  for (const list of [[...most, 'users.write'], Array(100_000).fill('users.read'), ['users.read', 'x'.repeat(1 << 20)], ['users.read', 'x'.repeat(1 << 23)]]) {
    for (const make of [scopes, createChecker().scopes]) {
      assert.throws(() => make(list), (error) => error instanceof ScopewiseError && ['request-too-large', 'malformed-request'].includes(error.code));
    }
  }
  assert.throws(() => scopes([...most, 'users.write']), { code: 'request-too-large', message: 'a list has 1001 items, more than 1000' });
});

// ---- Routes

const ROUTES = {
  id: 'x', name: 'X', version: '1', maxScopes: 9, editions: [], services: [{ id: 's', name: 'S' }],
  scopes: ['a.read', 'b.read', 'c.read'].map((id) => ({ id, service: 's', description: '', tiers: ['project'], editions: [] })),
};
const own = (paths, more = {}) =>
  createChecker({ ...ROUTES, ...more, operations: paths.map((path, at) => ({ id: `o.${at}`, method: 'GET', path, scopes: [ROUTES.scopes[at % 3].id] })) });

/** Mulberry32: the same numbers in every run. */
function dice(seed) {
  return (limit) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

test('routes that are remembered get the verdict of the model, whatever their parameters', () => {
  const checkers = [
    [createChecker(), ['v1', 'V1', 'users', 'Users', 'sessions', 'databases', 'transactions', 'usage', 'health', 'db']],
    [own(['/items/{id}', '/items/new', '/Items/old', '/{kind}/new']), ['items', 'Items', 'new', 'NEW', 'old']],
    [own(['/items/{id}', '/items/v{version}', '/items/{a}-{b}']), ['items', 'v1', 'v', 'a-b', 'new']],
    [own(['/items/{id}', '/items/{id}:resolve', '/items/{name}.{ext}', '/files/{+path}', '/files/{+path}/end']), ['items', 'files', 'end', 'x:resolve', 'a.b']],
    [own(['/items/{id}', '/items/new'], { foldCase: true, basePaths: ['/api'] }), ['api', 'API', 'items', 'ITEMS', 'new', 'New']],
    [own(['/items/', '/items', '/items/{id}/'], { trailingSlash: 'distinct' }), ['items', 'new']],
  ];
  const roll = dice(7);
  const pick = (list) => list[roll(list.length)];
  const others = ['42', 'a', 'A', 'x-1', '-', '_', '__proto__', 'constructor', 'a.b', 'a%2Fb', 'a;b', 'é', '', '..', '{id}', ':id', 'x y'];
  let open = 0;
  for (const [checker, words] of checkers) {
    const sets = [['a.read', 'users.read'], ['b.read', 'databases.read'], ['c.read', 'health.read'], ['a.read', 'b.read', 'c.read', 'users.read', 'users.write']].map((list) => [list, checker.scopes(list)]);
    for (let round = 0; round < 1500; round++) {
      const segments = Array.from({ length: 1 + roll(3) }, () => (roll(4) ? pick(words) : pick(others)));
      const operation = `${pick(['GET', 'GET', 'GET', 'HEAD', 'DELETE', 'get'])} /${segments.join('/')}${roll(9) ? '' : '/'}${roll(20) ? '' : '?a=b'}`;
      for (const [list, key] of sets) {
        const { allowed } = checker.allows({ scopes: list, operation });
        assert.equal(key.allows(operation), allowed, `${operation}, first`);
        assert.equal(key.allows(operation), allowed, `${operation}, again`);
        open += allowed;
      }
    }
  }
  assert.ok(open > 500, String(open));
});

test('the model is asked once for each route and each spelling, and not at all for a name of the catalog', async () => {
  const program = `
    let asked = 0;
    const { Instance } = WebAssembly;
    WebAssembly.Instance = new Proxy(Instance, { construct: (target, given) => {
      const { exports } = new target(...given);
      return { exports: { ...exports, model_find: (...texts) => (asked++, exports.model_find(...texts)) } };
    } });
    const { catalog, createChecker, scopes } = await import('scopewise');
    const counts = [];
    const count = (ask) => { const before = asked; ask(); counts.push(asked - before); };
    const [key, other] = [scopes(['users.read']), scopes(['users.write'])];
    count(() => catalog().operations.forEach(({ id }) => key.allows(id)));
    count(() => { for (let n = 0; n < 5000; n++) { key.allows('GET /v1/users/' + n); other.allows('GET /v1/users/x' + n); } });
    count(() => { for (let n = 0; n < 5000; n++) key.allows('tables_db.list_rows'); });
    count(() => { for (let n = 0; n < 10; n++) key.allows('GET /v1/users/' + n + '?a=b'); });
    console.log(counts.join());`;
  assert.equal(await node(await project({ 'main.mjs': program }), 'main.mjs'), '0,1,1,10');
});

test('a flood of paths and spellings changes no verdict', () => {
  const key = scopes(['users.read']);
  for (let n = 0; n < 5000; n++) {
    assert.equal(key.allows(`GET /v1/users/${n}`), true);
    assert.equal(key.allows(`DELETE /v1/users/${n}`), false);
    assert.equal(key.allows(`GET /v1/users/${n}?a=${n}`), true);
    assert.equal(key.allows(`users.list ${n}`), allows({ scopes: ['users.read'], operation: `users.list ${n}` }).allowed);
    assert.equal(key.allows('users.list'), true);
    assert.equal(key.allows('users.create'), false);
  }
});

// ---- Hosts without something

test('a host without TextEncoder and TextDecoder gets the same answers', async () => {
  const program = `
    delete globalThis.TextDecoder; delete globalThis.TextEncoder;
    const { check, createChecker, scopes } = await import('scopewise');
    const own = JSON.stringify({ ...createChecker().catalog(), name: 'Größe 😀' });
    console.log(JSON.stringify([check({ scopes: ['us\\u00e9rs.read', '😀', 'a\\ud800b', 'user.read'] }), scopes(['users.read']).allows('users.list\\ud800'),
      createChecker(own).catalog({ service: 'auth' })]));`;
  const printed = await node(await project({ 'main.mjs': program }), 'main.mjs');
  const named = createChecker(JSON.stringify({ ...catalog(), name: 'Größe 😀' })).catalog({ service: 'auth' });
  assert.equal(printed, JSON.stringify([check({ scopes: ['usérs.read', '😀', 'a\ud800b', 'user.read'] }), false, named]));
});

test('the slim build loads the WebAssembly from the address of a file', async () => {
  const program = `import { check, init } from 'scopewise/slim';
    await init(import.meta.resolve('scopewise/scopewise.wasm'));
    console.log(check({ scopes: ['users.read'] }).valid);`;
  assert.equal(await node(await project({ 'main.mjs': program }), 'main.mjs'), 'true');
});
