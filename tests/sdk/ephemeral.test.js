// Ephemeral keys and rotation through the official Server SDK, unmodified, against a running server.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AppwriteException, Client, Project, ProjectKeyScopes } from 'node-appwrite';

import { makeDatabase, startServer } from '../support/server.js';

describe('ephemeral keys', () => {
  let database;
  let server;
  let managerSecret;

  const as = (secret) => new Project(new Client().setEndpoint(server.endpoint).setProject('demo').setKey(secret));

  before(async () => {
    database = await makeDatabase();
    await database.command('project', 'create', '--id', 'demo', '--name', 'Demo');
    const scopes = ['--scope', 'keys.read', '--scope', 'keys.write'];
    const printed = await database.command('key', 'create', '--project', 'demo', '--id', 'ci', '--name', 'CI', ...scopes);
    managerSecret = JSON.parse(printed).secret;
    server = await startServer(database);
  });

  after(async () => {
    await server?.stop();
    await database?.remove();
  });

  test('an ephemeral key grants its scopes, and is not stored', async () => {
    const manager = as(managerSecret);
    const key = await manager.createEphemeralKey({ scopes: [ProjectKeyScopes.KeysRead], duration: 60 });
    assert.match(key.secret, /^ephemeral_[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.equal(Date.parse(key.expire) - Date.parse(key.$createdAt), 60_000);
    const { total } = await as(key.secret).listKeys();
    assert.equal(total, 1);
    await assert.rejects(as(key.secret).deleteKey({ keyId: 'ci' }), (error) => {
      assert.ok(error instanceof AppwriteException);
      assert.deepEqual([error.code, error.type], [401, 'general_unauthorized_scope']);
      return true;
    });
    await assert.rejects(manager.createEphemeralKey({ scopes: [], duration: 3601 }), /duration/);
  });

  test('a rotation under traffic refuses no request', async () => {
    let secret = managerSecret;
    let going = true;
    let served = 0;
    const traffic = (async () => {
      while (going) {
        await as(secret).listKeys();
        served += 1;
      }
    })();
    for (let round = 0; round < 5; round += 1) {
      const before = served;
      const answer = await fetch(`${server.endpoint}/project/keys/ci/rotate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-appwrite-project': 'demo', 'x-appwrite-key': secret },
        body: JSON.stringify({ overlapSeconds: 60 }),
      });
      assert.equal(answer.status, 200, await answer.clone().text());
      secret = (await answer.json()).secret;
      while (served < before + 3) await as(secret).listKeys().then(() => (served += 1));
    }
    going = false;
    await traffic;
    assert.ok(served >= 15);
  });
});
