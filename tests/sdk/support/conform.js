// The tests for every official SDK, in every language and version: every method of keys, every query helper, every scope, every error.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { ERRORS } from './errors.js';
import { METHODS, ORGANIZATION_SCOPES, namesProject, refused } from './methods.js';
import { ANSWERED, KEYS, REFUSED, expectedIds, query } from './queries.js';
import { Sdk } from './sdk.js';
import { ORGANIZATION, PROJECT, QUERIED, makeWorld } from './world.js';

/** More unknown keys than a server accepts from one address in a minute. */
const GUESSES = 200;

/** `about` is the API of the SDK; see support/sdk.js. `least` is the minimum number of each of its parts, so that no test is skipped. */
export function conform(name, { command, environment, about, least }) {
  describe(name, () => {
    let world;
    let sdk;

    const as = (client = {}) => (method, args) =>
      sdk.call({ endpoint: world.endpoint, project: PROJECT, key: world.managers[PROJECT], ...client }, method, args);

    before(async () => {
      world = await makeWorld();
      sdk = new Sdk(command, environment);
      for (const { keyId, ...rest } of KEYS) await world.makeKey(keyId, rest, QUERIED);
    });

    after(async () => {
      await sdk?.stop();
      await world?.remove();
    });

    test('has the API that these tests cover', () => {
      for (const [what, number] of Object.entries(least)) assert.ok(about[what].length >= number, `${about[what].length} ${what}`);
    });

    /** A client with a key of the organization. */
    const organizationClient = async (keyId, scopes) => {
      const { secret } = await world.makeOrganizationKey(keyId, scopes);
      return { key: secret, organization: ORGANIZATION, project: undefined };
    };

    for (const method of about.methods) {
      const does = (when, client, id = (word) => word) =>
        test(`${method}${when}`, async () => {
          assert.ok(METHODS[method], `${method} is unknown: describe in support/methods.js what it must do`);
          await METHODS[method]({ call: as(await client()), as, world, about, id });
        });
      if (!method.startsWith('organization.')) {
        does('', () => ({}));
        continue;
      }
      const keyId = `for-${method.replace('.', '-')}`.slice(0, 36);
      does(', with a key of the organization', () => organizationClient(keyId, ORGANIZATION_SCOPES));
      // The path names the project, and the client does not.
      if (namesProject(method)) does(', with a key of the project', () => ({ project: undefined }), (word) => `${word}-p`);
    }

    if (about.methods.includes('organization.listProjectKeys')) {
      test('the path of organization.listProjectKeys names the project, whichever project the client names', async () => {
        const { key, organization } = await organizationClient('for-paths', ['keys.read']);
        for (const project of [undefined, QUERIED, PROJECT, 'console']) {
          for (const client of [{ key: world.managers[QUERIED] }, { key, organization }]) {
            const { total } = await as({ ...client, project })('organization.listProjectKeys', { projectId: QUERIED });
            assert.equal(total, KEYS.length + 1, project);
          }
        }
      });
    }

    test('every query helper returns the right keys, or is refused', async () => {
      const unknown = about.helpers.filter((helper) => !ANSWERED[helper] && !REFUSED[helper]);
      assert.deepEqual(unknown, [], 'describe in support/queries.js what these do');
      const call = as({ project: QUERIED, key: world.managers[QUERIED] });
      const { keys, total } = await call('project.listKeys');
      assert.deepEqual(keys.map((key) => key.$id), ['manager', ...KEYS.map((key) => key.keyId)]);
      assert.equal(total, keys.length);
      const wrong = [];
      for (const helper of about.helpers) {
        for (const wanted of ANSWERED[helper] ?? []) {
          const asked = query(helper, ...wanted.args(keys));
          const ids = await call('project.listKeys', { queries: [asked] }).then((page) => page.keys.map((key) => key.$id), String);
          const expected = expectedIds(wanted, keys);
          const found = wanted.anyOrder && Array.isArray(ids) ? [...ids].sort() : ids;
          const same = JSON.stringify(found) === JSON.stringify(wanted.anyOrder ? expected.sort() : expected);
          if (!same) wrong.push({ asked: asked.query, found: ids, expected });
        }
        if (REFUSED[helper]) {
          const answer = await call('project.listKeys', { queries: [query(helper, ...REFUSED[helper])] }).catch((error) => error);
          const { name, code, type } = answer;
          if (name !== 'AppwriteException' || code !== 400 || type !== 'general_argument_invalid') wrong.push({ helper, answer });
        }
      }
      assert.deepEqual(wrong, []);
    });

    test('several queries work together', async () => {
      const call = as({ project: QUERIED, key: world.managers[QUERIED] });
      const queries = [query('isNotNull', 'expire'), query('orderDesc', 'expire'), query('limit', 2), query('offset', 1)];
      const { keys, total } = await call('project.listKeys', { queries });
      assert.deepEqual([keys.map((key) => key.$id), total], [['beta', 'alpha'], 3]);
    });

    test('every scope can be granted, alone and all at once', async () => {
      await world.makeKey('scoped');
      const grant = (scopes) => as()('project.updateKey', { keyId: 'scoped', name: 'Scoped', scopes });
      const wrong = [];
      for (const scope of about.scopes) {
        const scopes = await grant([scope]).then((key) => key.scopes, String);
        if (String(scopes) !== scope) wrong.push({ scope, scopes });
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual((await grant(about.scopes)).scopes, about.scopes);
    });

    if (about.methods.includes('organization.updateKey')) {
      test('every scope of an organization can be granted, alone and all at once', async () => {
        await world.makeOrganizationKey('scoped', []);
        const call = as(await organizationClient('for-scopes', ['organization.keys.write']));
        const grant = (scopes) => call('organization.updateKey', { keyId: 'scoped', name: 'Scoped', scopes });
        const wrong = [];
        for (const scope of about.organizationScopes) {
          const scopes = await grant([scope]).then((key) => key.scopes, String);
          if (String(scopes) !== scope) wrong.push({ scope, scopes });
        }
        assert.deepEqual(wrong, []);
        assert.deepEqual((await grant(about.organizationScopes)).scopes, about.organizationScopes);
      });
    }

    for (const { code, type, when, method, args = {}, client = () => ({}) } of ERRORS) {
      if (!about.methods.includes(method)) continue;
      test(`raises ${code} ${type} from ${method}${when ? `, if ${when}` : ''}`, async () => {
        await assert.rejects(as(await client(world))(method, args), refused(code, type));
      });
    }

    test('raises 429 general_rate_limit_exceeded for many unknown keys, and still accepts a valid key', async () => {
      // A separate server, because this one would then refuse the unknown keys of other tests.
      const crowded = await makeWorld();
      try {
        const guess = (number) => `standard_${String(number).padStart(256, '0')}`;
        const headers = (key) => ({ 'x-appwrite-project': PROJECT, 'x-appwrite-key': key });
        let status;
        for (let number = 0; number < GUESSES && status !== 429; number += 1) {
          ({ status } = await fetch(`${crowded.endpoint}/project/keys`, { headers: headers(guess(number)) }));
          assert.ok([401, 429].includes(status), String(status));
        }
        const client = { endpoint: crowded.endpoint, project: PROJECT, key: guess(GUESSES) };
        await assert.rejects(sdk.call(client, 'project.listKeys'), refused(429, 'general_rate_limit_exceeded'));
        assert.equal((await sdk.call({ ...client, key: crowded.managers[PROJECT] }, 'project.listKeys')).total, 1);
      } finally {
        await crowded.remove();
      }
    });

    test('prints no warning from the server', async () => {
      const own = new Sdk(command, environment);
      const client = { endpoint: world.endpoint, project: QUERIED, key: world.managers[QUERIED] };
      assert.ok((await own.call(client, 'project.listKeys')).total > 0);
      await own.stop();
      assert.deepEqual(own.printed, []);
    });
  });
}
