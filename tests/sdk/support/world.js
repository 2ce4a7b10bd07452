// A server for the tests of one SDK: a project, a key that manages its keys, and a person who is signed in to the console.

import assert from 'node:assert/strict';

import { makeDatabase, startServer } from '../../support/server.js';

export const PROJECT = 'demo';
/** A project with keys that no other test changes. */
export const QUERIED = 'queried';
/** A project with a policy that lets no key create keys. */
export const STRICT = 'strict';
/** The organization of the projects. */
export const ORGANIZATION = 'default';
export const PERSON = { email: 'person@example.com', password: 'correct horse battery staple' };

export async function makeWorld() {
  const database = await makeDatabase();
  database.environment.SCOPEWISE_ADMIN_PASSWORD = PERSON.password;
  const managers = {};
  for (const id of [PROJECT, QUERIED, STRICT]) managers[id] = await makeProject(database, id);
  await database.command('admin', 'create', '--email', PERSON.email, '--name', 'Person');
  const server = await startServer(database);
  let session;

  const world = {
    database,
    server,
    endpoint: server.endpoint,
    /** The secret of a key with keys.read and keys.write, by project. */
    managers,

    /** Sends a plain request; fails if the server refuses it. */
    async http(method, path, body, headers = {}) {
      const answer = await fetch(`${server.endpoint}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
      return { headers: answer.headers, body: text ? JSON.parse(text) : undefined };
    },

    /** Sends a request with a key of the project. */
    async withKey(secret, method, path, body, project = PROJECT) {
      return (await world.http(method, path, body, { 'x-appwrite-project': project, 'x-appwrite-key': secret })).body;
    },

    /** Signs in and returns the session cookie that the server sets. */
    async signIn() {
      const { headers } = await world.http('POST', '/account/sessions/email', PERSON, { 'x-appwrite-project': 'console' });
      return headers.getSetCookie()[0];
    },

    /** Sends a request as the signed-in person, for a project or for the console itself. */
    async asPerson(method, path, body, project = 'console') {
      session ??= await world.signIn();
      const headers = { cookie: session.split(';')[0], 'x-appwrite-project': project, 'x-appwrite-organization': ORGANIZATION };
      if (project !== 'console') headers['x-appwrite-mode'] = 'admin';
      return (await world.http(method, path, body, headers)).body;
    },

    /** Creates a key of the project without the SDK, because newer SDKs create none. */
    makeKey: (keyId, rest = {}, project = PROJECT) =>
      world.withKey(managers[project], 'POST', '/project/keys', { keyId, name: keyId, scopes: ['keys.read'], ...rest }, project),

    /** Creates a key of the organization. */
    makeOrganizationKey: (keyId, scopes) => world.asPerson('POST', '/organization/keys', { keyId, name: keyId, scopes }),

    async remove() {
      const code = await server.stop();
      await database.remove();
      assert.equal(code, 0, 'the server stops cleanly');
    },
  };
  return world;
}

async function makeProject(database, id) {
  await database.command('project', 'create', '--id', id, '--name', id);
  const scopes = ['--scope', 'keys.read,keys.write'];
  const printed = await database.command('key', 'create', '--project', id, '--id', 'manager', '--name', 'Manager', ...scopes);
  return JSON.parse(printed).secret;
}
