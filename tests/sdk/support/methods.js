// The required behavior of every method of keys, by its name in the SDKs.

import assert from 'node:assert/strict';

import { PROJECT } from './world.js';

const NEVER = '';
const LATER = '2099-12-31T23:59:59.000+00:00';
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/;

/** Checks that every member that typed SDKs need has its type. */
export function assertKey(key, expected) {
  for (const member of ['$id', '$createdAt', '$updatedAt', 'name', 'expire', 'secret', 'accessedAt']) {
    assert.equal(typeof key[member], 'string', `${member} of ${JSON.stringify(key)}`);
  }
  for (const member of ['scopes', 'sdks']) assert.ok(Array.isArray(key[member]), `${member} of ${JSON.stringify(key)}`);
  assert.match(key.$createdAt, DATE);
  assert.match(key.$updatedAt, DATE);
  const { $id, name, scopes, expire } = key;
  assert.deepEqual({ $id, name, scopes, expire }, { expire: NEVER, ...expected });
}

/** The SDK's own exception, with code and type. */
export const refused = (code, type) => (error) => {
  assert.deepEqual([error.name, error.code, error.type], ['AppwriteException', code, type], error.message);
  assert.ok(error.message.length > 10, 'the message describes the error');
  return true;
};
const gone = refused(404, 'key_not_found');
const lacks = refused(401, 'general_unauthorized_scope');
/** No value, or the value that Node returns for an empty body. */
const assertNothing = (answer) => assert.ok(answer === null || answer.message === '', JSON.stringify(answer));

/**
 * The methods of one kind of keys. `names` are the SDK's names; `keep` creates a key without the SDK; these keys can have both `scopes`.
 */
function keyMethods({ names, fixed = {}, scopes: [one, two], keep }) {
  const own = (word) => `${names.get.replace('.', '-')}-${word}`;
  return {
    [names.list]: async ({ call, world, id }) => {
      await keep(world, id(own('listed')), [one]);
      const { total, keys } = await call(names.list, fixed);
      assert.equal(total, keys.length);
      assertKey(keys.find((key) => key.$id === id(own('listed'))), { $id: id(own('listed')), name: id(own('listed')), scopes: [one] });
      const named = await call(names.list, { ...fixed, queries: [{ query: ['equal', 'name', id(own('listed'))] }], total: true });
      assert.deepEqual([named.total, named.keys.map((key) => key.$id)], [1, [id(own('listed'))]]);
      const uncounted = await call(names.list, { ...fixed, queries: [{ query: ['limit', 1] }], total: false });
      assert.deepEqual([uncounted.total, uncounted.keys.length], [0, 1]);
    },
    ...(names.create && {
      [names.create]: async ({ call, id }) => {
        const args = { keyId: id(own('made')), name: 'Made, with ÿ and 🔑', scopes: [one, two], expire: LATER };
        const key = await call(names.create, { ...fixed, ...args });
        assertKey(key, { $id: args.keyId, name: args.name, scopes: args.scopes, expire: LATER });
        assert.ok(key.secret.length > 40 && !key.secret.includes('…'), 'the complete secret, only once');
        const unique = await call(names.create, { ...fixed, keyId: 'unique()', name: 'Some key', scopes: [] });
        assert.match(unique.$id, /^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/);
        assertKey(unique, { $id: unique.$id, name: 'Some key', scopes: [] });
      },
    }),
    [names.get]: async ({ call, world, id }) => {
      await keep(world, id(own('got')), [one, two]);
      const key = await call(names.get, { ...fixed, keyId: id(own('got')) });
      assertKey(key, { $id: id(own('got')), name: id(own('got')), scopes: [one, two] });
      await assert.rejects(call(names.get, { ...fixed, keyId: 'nothing' }), gone);
    },
    [names.update]: async ({ call, world, about, id }) => {
      await keep(world, id(own('changed')), [one]);
      const keyId = id(own('changed'));
      const changed = await call(names.update, { ...fixed, keyId, name: 'After', scopes: [two], expire: LATER });
      assertKey(changed, { $id: keyId, name: 'After', scopes: [two], expire: LATER });
      assertKey(await call(names.update, { ...fixed, keyId, name: 'Never', scopes: [] }), { $id: keyId, name: 'Never', scopes: [] });
      // The fields of a response are valid in a request, including the expiry of a key that never expires.
      const { name, scopes, expire } = await call(names.get, { ...fixed, keyId });
      assertKey(await call(names.update, { ...fixed, keyId, name, scopes, expire }), { $id: keyId, name, scopes, expire: NEVER });
      if (about.describes?.includes(names.update)) {
        const description = 'What it is for: "rows", ÿ and 🔑.';
        const described = await call(names.update, { ...fixed, keyId, name: 'Described', scopes: [one], description });
        assert.equal(described.description, description);
        assert.equal((await call(names.get, { ...fixed, keyId })).description, description);
      }
    },
    [names.delete]: async ({ call, world, id }) => {
      await keep(world, id(own('doomed')), [one]);
      assertNothing(await call(names.delete, { ...fixed, keyId: id(own('doomed')) }));
      await assert.rejects(call(names.get, { ...fixed, keyId: id(own('doomed')) }), gone);
      await assert.rejects(call(names.delete, { ...fixed, keyId: id(own('doomed')) }), gone);
    },
  };
}

/** An ephemeral key grants its scopes, and nothing else. */
const ephemeral = (name, fixed = {}) => ({
  [name]: async ({ call, as }) => {
    const key = await call(name, { ...fixed, scopes: ['keys.read'], duration: 60 });
    assertKey(key, { $id: key.$id, name: key.name, scopes: ['keys.read'], expire: key.expire });
    assert.equal(Date.parse(key.expire) - Date.parse(key.$createdAt), 60_000);
    const reader = as({ key: key.secret });
    assert.ok((await reader('project.listKeys')).total >= 1);
    await assert.rejects(reader('project.deleteKey', { keyId: 'manager' }), lacks);
  },
});

const projectKeys = {
  scopes: ['rows.read', 'files.read'],
  keep: (world, keyId, scopes) => world.makeKey(keyId, { scopes }),
};

/** The test of each method. `id` creates key ids that are unique to the call. */
export const METHODS = {
  ...keyMethods({
    ...projectKeys,
    names: {
      list: 'project.listKeys', create: 'project.createKey', get: 'project.getKey', update: 'project.updateKey', delete: 'project.deleteKey',
    },
  }),
  ...ephemeral('project.createEphemeralKey'),
  ...keyMethods({
    scopes: ['projects.read', 'organization.read'],
    keep: (world, keyId, scopes) => world.makeOrganizationKey(keyId, scopes),
    names: {
      list: 'organization.listKeys',
      create: 'organization.createKey',
      get: 'organization.getKey',
      update: 'organization.updateKey',
      delete: 'organization.deleteKey',
    },
  }),
  ...keyMethods({
    ...projectKeys,
    fixed: { projectId: PROJECT },
    names: {
      list: 'organization.listProjectKeys',
      get: 'organization.getProjectKey',
      update: 'organization.updateProjectKey',
      delete: 'organization.deleteProjectKey',
    },
  }),
  ...ephemeral('organization.createEphemeralProjectKey', { projectId: PROJECT }),
};

/** Whether the path of a method names the project, so that the client does not need to. */
export const namesProject = (method) => /^organization\..*Project/.test(method);
/** The scopes of the organization key that calls the methods, including those that it grants to other keys. */
export const ORGANIZATION_SCOPES = ['organization.keys.read', 'organization.keys.write', 'keys.read', 'keys.write', 'projects.write'];
