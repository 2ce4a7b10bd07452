// Every kind of error that an SDK can receive from the Keys API: its cause, and the response.

import { ORGANIZATION, PROJECT, QUERIED, STRICT } from './world.js';

const page = { Origin: 'https://elsewhere.example', 'User-Agent': 'Mozilla/5.0' };
const unknown = `standard_${'0123456789abcdef'.repeat(16)}`;
const list = 'project.listKeys';
const get = 'project.getKey';
const create = 'project.createKey';
const organizationKey = async (world, keyId, scopes) => ({
  key: (await world.makeOrganizationKey(keyId, scopes)).secret,
  organization: ORGANIZATION,
  project: undefined,
});

/** A separate key that `change` makes unusable. */
const keyThat = (keyId, change) => async (world) => {
  const key = await world.makeKey(keyId);
  await change(world, keyId);
  return { key: key.secret };
};

/** In each error, `when` is the cause; `client` replaces settings of the manager's client; the SDK must have the method. */
export const ERRORS = [
  { code: 400, type: 'general_argument_invalid', when: 'a query is invalid', method: list, args: { queries: ['no query'] } },
  { code: 400, type: 'general_argument_invalid', when: 'a name is too long', method: 'project.updateKey', args: { keyId: 'manager', name: 'x'.repeat(129), scopes: [] } },
  { code: 400, type: 'general_argument_invalid', when: 'an id is invalid', method: create, args: { keyId: '_x', name: 'x', scopes: [] } },
  { code: 400, type: 'general_argument_invalid', when: 'a duration is too long', method: 'project.createEphemeralKey', args: { scopes: [], duration: 3601 } },
  { code: 400, type: 'general_cursor_not_found', method: list, args: { queries: [{ query: ['cursorAfter', 'nothing'] }] } },
  {
    code: 400,
    type: 'database_query_order_null',
    method: list,
    args: { queries: [{ query: ['orderAsc', 'expire'] }, { query: ['cursorAfter', 'gamma'] }] },
    client: (world) => ({ project: QUERIED, key: world.managers[QUERIED] }),
  },
  { code: 401, type: 'general_unauthorized_scope', method: list, client: async (world) => ({ key: (await world.makeKey('scopeless', { scopes: [] })).secret }) },
  { code: 401, type: 'general_unauthorized_scope', when: 'there is no key', method: list, client: () => ({ key: undefined }) },
  { code: 401, type: 'user_unauthorized', when: 'the key is unknown', method: list, client: () => ({ key: unknown }) },
  { code: 401, type: 'user_unauthorized', when: 'the key belongs to another project', method: list, client: (world) => ({ key: world.managers[STRICT] }) },
  {
    code: 401,
    type: 'project_key_expired',
    method: list,
    client: keyThat('expired', (world, keyId) =>
      world.withKey(world.managers[PROJECT], 'PUT', `/project/keys/${keyId}`, { name: keyId, scopes: [], expire: '2001-01-01T00:00:00.000+00:00' })),
  },
  {
    code: 401,
    type: 'project_key_disabled',
    method: list,
    client: keyThat('disabled', (world, keyId) =>
      world.withKey(world.managers[PROJECT], 'PATCH', `/project/keys/${keyId}/status`, { enabled: false })),
  },
  { code: 401, type: 'project_key_in_browser', method: list, client: async (world) => ({ key: (await world.makeKey('in-a-page')).secret, headers: page }) },
  { code: 401, type: 'user_unauthorized', when: 'the project is the console', method: list, client: () => ({ project: 'console' }) },
  { code: 403, type: 'project_id_missing', method: list, client: () => ({ project: undefined }) },
  { code: 403, type: 'general_unknown_origin', method: list, client: () => ({ key: undefined, headers: page }) },
  {
    code: 403,
    type: 'key_creation_denied',
    method: 'project.createKey',
    args: { keyId: 'denied', name: 'Denied', scopes: [] },
    client: async (world) => {
      await world.asPerson('PATCH', '/project/policy', { keyCreation: 'denied' }, STRICT);
      return { project: STRICT, key: world.managers[STRICT] };
    },
  },
  {
    code: 400,
    type: 'general_argument_invalid',
    when: 'the policy limits new keys to the scopes of the caller',
    method: 'project.createEphemeralKey',
    args: { scopes: ['rows.read'], duration: 60 },
    client: async (world) => {
      await world.asPerson('PATCH', '/project/policy', { keyCreation: 'subset' }, STRICT);
      return { project: STRICT, key: world.managers[STRICT] };
    },
  },
  { code: 404, type: 'project_not_found', method: list, client: () => ({ project: 'nothing' }) },
  { code: 404, type: 'key_not_found', method: get, args: { keyId: 'nothing' } },
  ...['', '/V1', '/api/v1', '/v1/v1'].map((path) => ({
    code: 404,
    type: 'general_route_not_found',
    when: `the endpoint is the address and "${path}"`,
    method: list,
    client: (world) => ({ endpoint: `${world.server.url}${path}` }),
  })),
  { code: 409, type: 'key_already_exists', method: create, args: { keyId: 'manager', name: 'Again', scopes: [] } },
  { code: 413, type: 'general_body_too_large', method: 'project.updateKey', args: { keyId: 'manager', name: 'x'.repeat(1_100_000), scopes: [] } },

  {
    code: 403,
    type: 'organization_id_missing',
    method: 'organization.listKeys',
    client: async (world) => ({ ...(await organizationKey(world, 'without-header', ['organization.keys.read'])), organization: undefined }),
  },
  {
    code: 401,
    type: 'general_unauthorized_scope',
    method: 'organization.listKeys',
    client: (world) => organizationKey(world, 'org-scopeless', ['projects.read']),
  },
  {
    code: 409,
    type: 'key_already_exists',
    method: 'organization.createKey',
    args: { keyId: 'org-twice', name: 'Twice', scopes: [] },
    client: (world) => organizationKey(world, 'org-twice', ['organization.keys.write']),
  },
  {
    code: 401,
    type: 'general_unauthorized_scope',
    when: 'a project key sends the request, whatever its scopes',
    method: 'organization.listKeys',
    client: (world) => ({ key: world.managers[PROJECT], organization: ORGANIZATION }),
  },
  {
    code: 401,
    type: 'user_unauthorized',
    when: 'the key belongs to another project',
    method: 'organization.listProjectKeys',
    args: { projectId: PROJECT },
    client: (world) => ({ project: undefined, key: world.managers[STRICT] }),
  },
  {
    code: 401,
    type: 'general_unauthorized_scope',
    method: 'organization.listProjectKeys',
    args: { projectId: PROJECT },
    client: (world) => organizationKey(world, 'org-projects', ['projects.read']),
  },
  {
    code: 404,
    type: 'project_not_found',
    method: 'organization.listProjectKeys',
    args: { projectId: 'nothing' },
    client: (world) => organizationKey(world, 'org-nothing', ['keys.read']),
  },
  {
    code: 404,
    type: 'key_not_found',
    method: 'organization.getProjectKey',
    args: { projectId: PROJECT, keyId: 'nothing' },
    client: (world) => organizationKey(world, 'org-no-key', ['keys.read']),
  },
  {
    code: 403,
    type: 'organization_id_missing',
    method: 'organization.listProjectKeys',
    args: { projectId: PROJECT },
    client: async (world) => ({ ...(await organizationKey(world, 'no-header', ['keys.read'])), organization: undefined }),
  },
];
