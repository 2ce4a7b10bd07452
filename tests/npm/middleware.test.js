// The middleware in each framework, in front of a real Scopewise server and with scopes that the program knows itself.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { serve as serveHono } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';

import { built } from '../support/target.js';
import { project, root, run } from './support.js';

process.env.SCOPEWISE_BINARY ??= built('debug/scopewise');
const { makeDatabase, startServer } = await import('../support/server.js');

const folder = await project();
const home = join(folder, 'node_modules', 'scopewise');
const scopewise = await import(pathToFileURL(join(home, 'index.js')));
const middleware = await import(pathToFileURL(join(home, 'middleware.js')));

const HELD = { reader: ['users.read'], writer: ['users.read', 'users.write'] };
const closing = [];
const listening = async (server) => {
  if (!server.listening) await once(server, 'listening');
  closing.push(() => new Promise((closed) => (server.closeAllConnections?.(), server.close(closed))));
  return `http://127.0.0.1:${server.address().port}`;
};

/**
 * A program of each framework with the same routes: `/users` needs a scope, `/both` two, `/either` one of two, `/create` an operation, and
 * whatever is below `/v1` what the catalog says. Each answers with what it knows of the key.
 */
const FRAMEWORKS = {
  async Express(options) {
    const requireScopes = middleware.forExpress(options);
    const app = express();
    const answer = (request, response) => response.json(request.scopewise);
    app.get('/users', requireScopes('users.read'), answer);
    app.get('/both', requireScopes(['users.read', 'users.write']), answer);
    app.get('/either', requireScopes({ any: ['users.write', 'users.read'] }), answer);
    app.get('/create', requireScopes({ operation: 'users.create' }), answer);
    app.use('/v1', requireScopes(), answer);
    return listening(app.listen(0, '127.0.0.1'));
  },
  async Fastify(options) {
    const requireScopes = middleware.forFastify(options);
    const app = fastify();
    const route = (url, needs) => app.get(url, { preHandler: requireScopes(needs) }, async (request) => request.scopewise);
    route('/users', 'users.read');
    route('/both', ['users.read', 'users.write']);
    route('/either', { any: ['users.write', 'users.read'] });
    route('/create', { operation: 'users.create' });
    app.all('/v1/*', { onRequest: requireScopes() }, async (request) => request.scopewise);
    closing.push(() => app.close());
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
  async Hono(options) {
    const requireScopes = middleware.forHono(options);
    const app = new Hono();
    const answer = (context) => context.json(context.get('scopewise'));
    app.get('/users', requireScopes('users.read'), answer);
    app.get('/both', requireScopes(['users.read', 'users.write']), answer);
    app.get('/either', requireScopes({ any: ['users.write', 'users.read'] }), answer);
    app.get('/create', requireScopes({ operation: 'users.create' }), answer);
    app.all('/v1/*', requireScopes(), answer);
    return listening(serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }));
  },
  /** Route handlers as Next calls them. `make test-hosts` runs Next itself. */
  async Next(options) {
    const requireScopes = middleware.forNext(options);
    const answer = (request, context, key) => Response.json(key);
    const routes = {
      '/users': requireScopes('users.read')(answer),
      '/both': requireScopes(['users.read', 'users.write'])(answer),
      '/either': requireScopes({ any: ['users.write', 'users.read'] })(answer),
      '/create': requireScopes({ operation: 'users.create' })(answer),
    };
    const rest = requireScopes()(answer);
    const app = new Hono();
    app.all('*', (context) => (routes[context.req.path] ?? rest)(context.req.raw, { params: {} }));
    return listening(serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }));
  },
  async 'node:http'(options) {
    const requireScopes = middleware.forExpress(options);
    const routes = {
      '/users': requireScopes('users.read'),
      '/both': requireScopes(['users.read', 'users.write']),
      '/either': requireScopes({ any: ['users.write', 'users.read'] }),
      '/create': requireScopes({ operation: 'users.create' }),
    };
    const rest = requireScopes();
    const server = createServer((request, response) =>
      (routes[request.url] ?? rest)(request, response, () => response.end(JSON.stringify(request.scopewise))),
    );
    server.listen(0, '127.0.0.1');
    return listening(server);
  },
};

async function ask(url, key, { method = 'GET', header = 'x-appwrite-key' } = {}) {
  const headers = key === undefined ? {} : { [header]: key };
  const response = await fetch(url, { method, headers });
  const text = await response.text();
  return { status: response.status, challenge: response.headers.get('www-authenticate'), retry: response.headers.get('retry-after'), cache: response.headers.get('cache-control'), body: text && JSON.parse(text) };
}

/** What every framework does with these keys. */
async function behaves(url, { reader, writer, unknown }) {
  const noKey = await ask(`${url}/users`);
  assert.deepEqual([noKey.status, noKey.challenge, noKey.body.error, noKey.cache], [401, 'Bearer realm="scopewise"', 'missing_key', 'no-store']);
  for (const wrong of unknown) {
    const refused = await ask(`${url}/users`, wrong);
    assert.equal(refused.status, 401, wrong);
    assert.match(refused.challenge, /^Bearer realm="scopewise", error="invalid_token", error_description="[ !#-[\]-~]+"$/);
    assert.equal(refused.body.error, 'invalid_token');
    assert.ok(!JSON.stringify(refused).includes(wrong));
  }
  for (const how of [{}, { header: 'authorization' }]) {
    const key = how.header ? `Bearer ${reader}` : reader;
    const { status, body } = await ask(`${url}/users`, key, how);
    assert.equal(status, 200);
    assert.equal(body.valid, true);
    assert.deepEqual(body.scopes, HELD.reader);
  }
  const opened = async (path, key, method) => (await ask(`${url}${path}`, key, { method })).status;
  assert.equal(await opened('/both', reader), 403);
  assert.equal(await opened('/both', writer), 200);
  assert.equal(await opened('/either', reader), 200);
  assert.equal(await opened('/create', writer), 200);
  const narrow = await ask(`${url}/create`, reader);
  assert.deepEqual(
    [narrow.status, narrow.challenge, narrow.body.error, narrow.body.missing],
    [403, 'Bearer realm="scopewise", error="insufficient_scope", scope="users.write"', 'insufficient_scope', ['users.write']],
  );
  // By route.
  assert.equal(await opened('/v1/users/42', reader), 200);
  assert.equal(await opened('/v1/users/42?a=b', reader), 200);
  assert.equal(await opened('/v1/users/42', reader, 'DELETE'), 403);
  assert.equal(await opened('/v1/users/42', writer, 'DELETE'), 200);
  for (const path of ['/v1/no/such', '/v1/users/%7BuserId%7D', '/v1//users']) {
    const unknownRoute = await ask(`${url}${path}`, writer);
    assert.deepEqual([unknownRoute.status, unknownRoute.challenge, unknownRoute.body.error], [403, null, 'unknown_operation'], path);
  }
}

describe('in front of a Scopewise server', () => {
  let database, server;
  const keys = {};
  let asker;

  before(async () => {
    await run('cargo', ['build', '--locked', '--quiet', '--bin', 'scopewise'], { cwd: root });
    database = await makeDatabase();
    for (const id of ['shop', 'other']) await database.command('project', 'create', '--id', id, '--name', id);
    const make = async (name, scopes, project = 'shop') =>
      JSON.parse(await database.command('key', 'create', '--project', project, '--name', name, ...scopes.flatMap((scope) => ['--scope', scope]))).secret;
    for (const [name, scopes] of Object.entries(HELD)) keys[name] = await make(name, scopes);
    keys.other = await make('other', HELD.writer, 'other');
    asker = await make('asker', ['keys.read']);
    server = await startServer(database);
  });
  after(async () => {
    await server?.stop();
    await database?.remove();
  });
  // However slow the machine is.
  const timeout = 60_000;
  const options = (more) => ({ server: { endpoint: server.endpoint, project: 'shop', key: asker, timeout, ...more } });

  for (const [name, make] of Object.entries(FRAMEWORKS)) {
    test(`${name} lets a key through that holds what is needed, and refuses every other one`, async () => {
      const damaged = `${keys.reader.slice(0, -1)}${keys.reader.endsWith('x') ? 'y' : 'x'}`;
      await behaves(await make(options()), { ...keys, unknown: [keys.other, damaged, 'nonsense', asker.slice(0, 20)] });
    });
  }

  test('a deleted key stops at the next request', async () => {
    const { secret, $id } = JSON.parse(await database.command('key', 'create', '--project', 'shop', '--name', 'short', '--scope', 'users.read'));
    const manager = JSON.parse(await database.command('key', 'create', '--project', 'shop', '--name', 'manager', '--scope', 'keys.write')).secret;
    const url = await FRAMEWORKS.Express(options());
    assert.equal((await ask(`${url}/users`, secret)).status, 200);
    const deleted = await fetch(`${server.endpoint}/project/keys/${$id}`, { method: 'DELETE', headers: { 'x-appwrite-project': 'shop', 'x-appwrite-key': manager } });
    assert.equal(deleted.status, 204);
    assert.equal((await ask(`${url}/users`, secret)).status, 401);
  });

  test('where the server cannot be asked, every framework refuses with 503 and says why to the program alone', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    const garbled = createServer((request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    const other = createServer((request, response) => response.end('{"valid":"yes"}')).listen(0, '127.0.0.1');
    const moved = createServer((request, response) => response.writeHead(302, { location: server.endpoint }).end()).listen(0, '127.0.0.1');
    const [silence, garble, lie, redirect] = [await listening(silent), await listening(garbled), await listening(other), await listening(moved)];
    const broken = {
      'no server': { endpoint: 'http://127.0.0.1:1/v1' },
      'no answer': { endpoint: silence, timeout: 50 },
      'no JSON': { endpoint: garble },
      'another answer': { endpoint: lie },
      'a redirect': { endpoint: redirect },
      'a wrong key of the program': { key: keys.reader },
      'an unknown project': { project: 'nowhere' },
    };
    for (const [name, make] of Object.entries(FRAMEWORKS)) {
      for (const [what, more] of Object.entries(broken)) {
        const errors = [];
        const url = await make({ ...options(more), onError: (error) => errors.push(error) });
        const { status, retry, body, challenge } = await ask(`${url}/users`, keys.reader);
        assert.deepEqual([status, retry, body.error, challenge], [503, '1', 'temporarily_unavailable', null], `${name}, ${what}`);
        assert.equal(errors.length, 1, what);
        assert.ok(!String(errors[0].stack).includes(asker) && !String(errors[0].stack).includes(keys.reader), what);
      }
    }
  });
});

describe('with scopes that the program knows', () => {
  const scopesOf = async (key) => HELD[key];
  for (const [name, make] of Object.entries(FRAMEWORKS)) {
    for (const [what, checker] of [['the module', scopewise], ['a checker', scopewise.createChecker()]]) {
      test(`${name} judges with ${what} as the server does`, async () => {
        await behaves(await make({ local: { scopesOf, checker } }), { reader: 'reader', writer: 'writer', unknown: ['unknown', 'x"y\\z'] });
      });
    }
  }

  test('an error of the program refuses the request, even if its report fails', async () => {
    const scopesOf = () => {
      throw new Error('the database is away');
    };
    const onError = () => {
      throw new Error('the log is away');
    };
    const url = await FRAMEWORKS.Express({ local: { scopesOf, checker: scopewise }, onError });
    assert.equal((await ask(`${url}/users`, 'reader')).status, 503);
  });
});

test('what cannot work is refused when the program starts', () => {
  for (const [name, make] of Object.entries(middleware)) {
    const local = { scopesOf: () => [], checker: scopewise };
    for (const options of [{}, { server: {} }, { local: {} }, { server: { endpoint: 'x', project: 'y', key: 'z' }, local }, { local: { scopesOf: [], checker: scopewise } }]) {
      assert.throws(() => make(options), TypeError, name);
    }
    const requireScopes = make({ local });
    for (const needs of [null, '', [], [''], [1], {}, { all: [] }, { any: ['a'], all: ['b'] }, { operation: ['users.list'] }, { operation: '' }, { scopes: ['a'] }, 1, true]) {
      assert.throws(() => requireScopes(needs), TypeError, `${name} ${JSON.stringify(needs)}`);
    }
  }
});

test('the CommonJS build has the same functions', () => {
  const common = createRequire(join(folder, 'main.cjs'))('scopewise/middleware');
  assert.deepEqual(Object.keys(common).sort(), Object.keys(middleware).sort());
});

after(() => Promise.all(closing.map((close) => close())));
