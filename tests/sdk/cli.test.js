// The official command line, unmodified: the newest, and the oldest that has the Keys API. It sends requests as the signed-in person.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { aboutOf } from './support/sdk.js';
import { PERSON, PROJECT, makeWorld } from './support/world.js';

const run = promisify(execFile);
const { scopes } = await aboutOf([process.execPath, join(import.meta.dirname, 'adapters/node.js'), 'node-appwrite-newest']);

/** The command names of both versions. */
const newest = { name: 'newest', command: (words) => words, option: (words) => words };
const camel = (words) => words.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const oldest = { name: 'oldest', command: camel, option: camel, signsInByHand: true };

for (const { name, command, option, signsInByHand } of [newest, oldest]) {
  describe(`the command line of Appwrite (${name})`, () => {
    let world;
    let environment;

    const cli = async (...args) => {
      const program = join(import.meta.dirname, 'node_modules', `appwrite-cli-${name}`, 'index.js');
      const options = { cwd: world.database.folder, env: environment };
      const { stdout, stderr, code = 0 } = await run(process.execPath, [program, ...args], options).catch((error) => error);
      const from = stdout.indexOf('{');
      return { code, printed: stdout + stderr, json: from < 0 ? undefined : JSON.parse(stdout.slice(from, stdout.lastIndexOf('}') + 1)) };
    };
    /** Runs a keys command with its options; fails if the command line fails. */
    const keys = async (verb, options) => {
      const answer = await tryKeys(verb, options);
      assert.equal(answer.code, 0, answer.printed);
      return answer.json;
    };
    const tryKeys = (verb, options = {}) => {
      const given = Object.entries({ 'project-id': PROJECT, ...options });
      return cli('--json', 'projects', command(verb), ...given.flatMap(([word, value]) => [`--${option(word)}`, ...[value].flat()]));
    };

    before(async () => {
      world = await makeWorld();
      // A separate home folder holds its settings.
      environment = { ...process.env, HOME: world.database.folder, USERPROFILE: world.database.folder };
      if (signsInByHand) {
        // It prompts for a password only in a terminal. This writes the settings that it would store.
        const cookie = await world.signIn();
        await mkdir(join(world.database.folder, '.appwrite'));
        await writeFile(join(world.database.folder, '.appwrite/prefs.json'), JSON.stringify({ endpoint: world.endpoint, cookie }));
      } else {
        const { code, printed } = await cli('login', '--email', PERSON.email, '--password', PERSON.password, '--endpoint', world.endpoint);
        assert.equal(code, 0, printed);
      }
    });

    after(() => world?.remove());

    test('creates, gets, lists, updates and deletes a key', async () => {
      const made = await keys('create-key', { name: 'By hand', scopes: ['rows.read', 'rows.write'] });
      assert.deepEqual([made.name, made.scopes, made.expire], ['By hand', ['rows.read', 'rows.write'], '']);
      assert.ok(!made.secret.includes('…'), 'the complete secret, only once');
      const id = made.$id;
      const got = await keys('get-key', { 'key-id': id });
      assert.deepEqual([got.$id, got.name, got.scopes], [id, made.name, made.scopes]);
      const listed = await keys('list-keys');
      assert.deepEqual(listed.keys.filter((key) => key.$id === id).map((key) => key.name), ['By hand']);
      assert.equal(listed.total, listed.keys.length);
      const changed = await keys('update-key', { 'key-id': id, name: 'Changed', scopes: ['rows.read'] });
      assert.deepEqual([changed.$id, changed.name, changed.scopes], [id, 'Changed', ['rows.read']]);
      await keys('delete-key', { 'key-id': id });
      const { code, printed } = await tryKeys('get-key', { 'key-id': id });
      assert.equal(code, 1);
      assert.match(printed, /no key with this id/);
    });

    test('grants every scope of the newest SDK', async () => {
      const made = await keys('create-key', { name: 'Everything', scopes });
      assert.deepEqual(made.scopes, scopes);
    });

    test('exits with 1 and a message about the error', async () => {
      const attempts = [
        [{ name: 'Wrong', scopes: ['rows.raed'] }, /scopes.*rows\.read/],
        [{ name: 'x'.repeat(129), scopes: ['rows.read'] }, /name/],
        [{ name: 'Elsewhere', scopes: ['rows.read'], 'project-id': 'nothing' }, /no such project/],
      ];
      for (const [options, message] of attempts) {
        const { code, printed } = await tryKeys('create-key', options);
        assert.equal(code, 1, printed);
        assert.match(printed, message);
      }
    });

    if (!signsInByHand) {
      test('shows the signed-in account, sets an expiry, creates an ephemeral key, lists dev keys', async () => {
        assert.match((await cli('whoami')).printed, new RegExp(PERSON.email));
        const expire = '2099-12-31T23:59:59.000+00:00';
        assert.equal((await keys('create-key', { name: 'Ends', scopes: ['rows.read'], expire })).expire, expire);
        const { jwt, scopes: lent } = await keys('create-jwt', { scopes: ['keys.read'], duration: '60' });
        assert.deepEqual(lent, ['keys.read']);
        assert.ok((await world.withKey(jwt, 'GET', '/project/keys')).total >= 1);
        assert.deepEqual(await keys('list-dev-keys'), { total: 0, devKeys: [] });
        assert.equal((await keys('list-keys', { total: 'false' })).total, 0);
      });

      test('is refused after signing out', async () => {
        const other = join(world.database.folder, 'other');
        await mkdir(other);
        const before = environment;
        environment = { ...before, HOME: other, USERPROFILE: other };
        try {
          await cli('login', '--email', PERSON.email, '--password', PERSON.password, '--endpoint', world.endpoint);
          await keys('list-keys');
          assert.equal((await cli('logout')).code, 0);
          assert.equal((await tryKeys('list-keys')).code, 1);
        } finally {
          environment = before;
        }
      });
    }
  });
}
