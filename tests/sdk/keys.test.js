// The official Server SDK, unmodified, against a running server.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AppwriteException, Client, ID, Project, ProjectKeyScopes, Query } from 'node-appwrite';

import { makeDatabase, startServer } from '../support/server.js';

describe('the official Server SDK', () => {
  let database;
  let server;
  /** A client that holds a key with keys.read and keys.write, as the documentation requires. */
  let manager;

  const as = (secret) => new Project(new Client().setEndpoint(server.endpoint).setProject('demo').setKey(secret));
  const refused = (type, code) => (error) => {
    assert.ok(error instanceof AppwriteException, String(error));
    assert.deepEqual([error.type, error.code], [type, code], error.message);
    return true;
  };

  before(async () => {
    database = await makeDatabase();
    await database.command('project', 'create', '--id', 'demo', '--name', 'Demo');
    const printed = await database.command(
      'key', 'create', '--project', 'demo', '--name', 'Manager', '--scope', 'keys.read', '--scope', 'keys.write',
    );
    server = await startServer(database);
    manager = as(JSON.parse(printed).secret);
  });

  after(async () => {
    const code = await server?.stop();
    await database?.remove();
    assert.equal(code, 0, 'the server stops cleanly');
  });

  test('creates a key with a key that has keys.write', async () => {
    const key = await manager.createKey({
      keyId: 'reader',
      name: 'Row reader',
      scopes: [ProjectKeyScopes.RowsRead, ProjectKeyScopes.KeysRead],
      expire: '2099-12-31T23:59:59.000+00:00',
    });
    assert.equal(key.$id, 'reader');
    assert.equal(key.name, 'Row reader');
    assert.deepEqual(key.scopes, ['rows.read', 'keys.read']);
    assert.equal(key.expire, '2099-12-31T23:59:59.000+00:00');
    assert.match(key.secret, /^scopewise_key_[0-9A-Za-z]{49}$/);
    assert.match(key.$createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
    assert.deepEqual(key.sdks, []);
  });

  test('a created key grants its scopes, and nothing else', async () => {
    const { secret } = await manager.createKey({ keyId: ID.unique(), name: 'Lister', scopes: [ProjectKeyScopes.KeysRead] });
    const lister = as(secret);
    assert.ok((await lister.listKeys()).total >= 2);
    await assert.rejects(
      lister.createKey({ keyId: ID.unique(), name: 'No', scopes: [] }),
      refused('general_unauthorized_scope', 401),
    );
  });

  test('creates a unique id for ID.unique()', async () => {
    const key = await manager.createKey({ keyId: 'unique()', name: 'Some key', scopes: [] });
    assert.match(key.$id, /^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/);
    assert.equal(key.expire, '', 'without an expiry it never expires');
  });

  test('shows the secret only once', async () => {
    const { secret } = await manager.createKey({ keyId: 'once', name: 'Once', scopes: [ProjectKeyScopes.KeysRead] });
    const again = await manager.getKey({ keyId: 'once' });
    assert.notEqual(again.secret, secret);
    assert.ok(again.secret.includes('…') && secret.endsWith(again.secret.split('…')[1]), again.secret);
  });

  test('lists keys page by page, with Query.limit and Query.cursorAfter', async () => {
    for (const name of ['Page one', 'Page two', 'Page three']) {
      await manager.createKey({ keyId: ID.unique(), name, scopes: [] });
    }
    const everything = await manager.listKeys();
    const seen = [];
    let page = await manager.listKeys({ queries: [Query.limit(2)] });
    while (page.keys.length > 0) {
      assert.ok(page.keys.length <= 2);
      assert.equal(page.total, everything.total);
      seen.push(...page.keys.map((key) => key.$id));
      page = await manager.listKeys({ queries: [Query.limit(2), Query.cursorAfter(seen.at(-1))] });
    }
    assert.deepEqual(seen, everything.keys.map((key) => key.$id));
    const named = await manager.listKeys({ queries: [Query.equal('name', 'Page two')], total: false });
    assert.deepEqual([named.total, named.keys.map((key) => key.name)], [0, ['Page two']]);
  });

  test('updates name, scopes and expiry, effective for the next request', async () => {
    const { secret } = await manager.createKey({ keyId: 'changing', name: 'Before', scopes: [ProjectKeyScopes.KeysRead] });
    await as(secret).listKeys();
    const changed = await manager.updateKey({ keyId: 'changing', name: 'After', scopes: [ProjectKeyScopes.RowsRead] });
    assert.deepEqual([changed.name, changed.scopes, changed.expire], ['After', ['rows.read'], '']);
    await assert.rejects(as(secret).listKeys(), refused('general_unauthorized_scope', 401));
    await manager.updateKey({
      keyId: 'changing', name: 'After', scopes: [ProjectKeyScopes.KeysRead], expire: '2001-01-01T00:00:00.000+00:00',
    });
    await assert.rejects(as(secret).listKeys(), refused('project_key_expired', 401));
  });

  test('deletes a key, which the next request can no longer use', async () => {
    const { secret } = await manager.createKey({ keyId: 'doomed', name: 'Doomed', scopes: [ProjectKeyScopes.KeysRead] });
    await as(secret).listKeys();
    await manager.deleteKey({ keyId: 'doomed' });
    await assert.rejects(as(secret).listKeys(), refused('user_unauthorized', 401));
    await assert.rejects(manager.getKey({ keyId: 'doomed' }), refused('key_not_found', 404));
  });

  test('reports errors as the contract defines them', async () => {
    await manager.createKey({ keyId: 'twice', name: 'Twice', scopes: [] });
    await assert.rejects(
      manager.createKey({ keyId: 'twice', name: 'Twice', scopes: [] }),
      refused('key_already_exists', 409),
    );
    await assert.rejects(
      manager.createKey({ keyId: 'wrong', name: 'Wrong', scopes: ['user.read'] }),
      (error) => {
        assert.match(error.message, /scopes.*users\.read/, 'the message names the parameter and the suggested scope');
        return refused('general_argument_invalid', 400)(error);
      },
    );
    await assert.rejects(manager.getKey({ keyId: 'wrong' }), refused('key_not_found', 404));
    await assert.rejects(as('scopewise_key_made-up').listKeys(), refused('user_unauthorized', 401));
  });
});
