// A server with a custom catalog: the console shows and judges by it, and names no other API.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { editScopes, expect, setUp, signIn, survey, test } from './support.js';

const KEYS = '/projects/shop/overview/integration/api-keys';
const SLOW = 180_000;

const scope = (id, more = {}) => ({ id, service: 'zones', description: '', tiers: ['project'], editions: ['2026'], ...more });

/** Scopes with names, one that includes another, one that is sensitive through what it includes. */
const HARBOR = {
  id: 'harbor', name: 'Harbor Cloud', version: '2026-11', maxScopes: 20,
  editions: [{ id: '2026', name: 'Harbor of 2026' }],
  services: [{ id: 'zones', name: 'Zones' }, { id: 'account', name: 'Account' }],
  scopes: [
    scope('zone.dns.write', { name: 'Zone DNS Write', description: 'Change the records of a zone', includes: ['zone.dns.read'] }),
    scope('zone.dns.read', { name: 'Zone DNS Read', description: 'Look at the records of a zone' }),
    scope('zone.cache.purge', { name: 'Cache Purge', description: 'Empty the cache of a zone' }),
    scope('account.admin', { service: 'account', name: 'Account Administrator', includes: ['account.tokens'] }),
    scope('account.tokens', {
      service: 'account', description: 'Make tokens for other programs',
      sensitive: { reach: 'secrets', reason: 'Its holder can make a token for anything.', path: ['make a token'] },
    }),
    scope('keys.read', { service: 'account', description: 'Look at API keys' }),
  ],
  operations: [
    { id: 'status.get', method: 'GET', path: '/status', scopes: [], open: 'public' },
    { id: 'dns.list', method: 'GET', path: '/zones/:zoneId/records', scopes: ['zone.dns.read'] },
    { id: 'dns.create', method: 'POST', path: '/zones/:zoneId/records', scopes: ['zone.dns.write'] },
    { id: 'dns.publish', method: 'POST', path: '/zones/:zoneId/publish', scopes: [['zone.dns.write', 'zone.cache.purge']] },
  ],
};

/** Servers on this database have the catalog, and trust the tests as a gateway. */
async function withCatalog(database, catalog = HARBOR) {
  const file = join(database.folder, 'catalog.json');
  await writeFile(file, JSON.stringify(catalog));
  Object.assign(database.environment, { SCOPEWISE_CATALOG: file, SCOPEWISE_TRUSTED_PROXIES: '127.0.0.1' });
}

/** The status that a gateway gets for a request with this key. */
async function gateway(server, method, uri, secret) {
  const headers = { 'x-forwarded-method': method, 'x-forwarded-uri': uri };
  if (secret) headers['x-appwrite-key'] = secret;
  return (await fetch(`${server.endpoint}/keys/forward-auth?project=shop`, { headers })).status;
}

/** No page of this API speaks of another one. */
async function expectNoOtherApi(page) {
  await expect(page.locator('body')).not.toContainText(/appwrite/i);
}

/** Counts the requests of the page for the catalog. */
function catalogRequests(page) {
  const seen = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/v1/scopes/catalog') seen.push(request.url());
  });
  return seen;
}

const custom = test.extend({
  database: async ({ database }, use) => {
    await withCatalog(database);
    await use(database);
  },
});

custom('a key is created, checked and enforced by a custom catalog', async ({ page, server, database }) => {
  custom.setTimeout(SLOW);
  await setUp(database);
  const asked = catalogRequests(page);
  await signIn(page);
  await page.goto(KEYS);
  await expect(page.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
  await expectNoOtherApi(page);
  await page.goto(`${KEYS}/create`);
  await page.getByRole('textbox', { name: 'Name' }).fill('DNS robot');
  expect(asked.length, 'once each time that the page is loaded').toBe(3);

  // Found by the name and by the id.
  const search = page.getByRole('searchbox', { name: 'Search scopes' });
  const write = page.getByRole('checkbox', { name: 'Zone DNS Write zone.dns.write' });
  const read = page.getByRole('checkbox', { name: 'Zone DNS Read zone.dns.read' });
  for (const text of ['dns write', 'zone.dns.w']) {
    await search.fill(text);
    await expect(page.getByText('1 scope found')).toBeAttached();
    await expect(write).toBeVisible();
  }
  await search.fill('');
  await page.getByRole('button', { name: 'Expand all' }).click();

  await expect(page.getByText('A key also holds the scopes that its scopes include')).toBeVisible();
  await write.check();
  await expect(read).not.toBeChecked();
  await expect(read).toHaveAccessibleDescription(/Held through zone\.dns\.write\./);
  await expect(write).toHaveAccessibleDescription(/Includes zone\.dns\.read\./);
  const admin = page.getByRole('checkbox', { name: 'Account Administrator account.admin' });
  await expect(admin).toHaveAccessibleDescription(/Sensitive\. It includes account\.tokens: Its holder can make a token/);
  const report = page.getByRole('region', { name: 'Check', exact: true });
  await admin.check();
  await expect(report).toContainText('account.admin includes account.tokens, which is very sensitive');
  await survey(page, 'catalog-create');
  await page.getByText('Read and write', { exact: true }).click();
  await expect(page.getByRole('checkbox', { name: 'Zone DNS Read (zone.dns.read), held through zone.dns.write' })).toBeVisible();
  await survey(page, 'catalog-create-matrix');
  await page.setViewportSize({ width: 390, height: 844 });
  const warning = await page.locator('.matrix .scope-why').first().boundingBox();
  expect(warning.width, 'a warning in the matrix has room on a phone').toBeGreaterThan(150);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByText('By service', { exact: true }).click();
  await admin.uncheck();
  await expectNoOtherApi(page);
  await page.getByRole('button', { name: 'Create API key' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API key created');
  const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
  const set = page.getByRole('region', { name: 'Use the key' });
  await expect(set).toContainText('Send the key with each request to Harbor Cloud.');
  await expect(set.getByRole('radio')).toHaveCount(3);
  await set.getByText('curl', { exact: true }).click();
  await expect(set).toContainText('curl -X GET "https://YOUR-API-HOST/zones/:zoneId/records"');
  await expectNoOtherApi(page);
  await survey(page, 'catalog-created');
  await page.getByRole('button', { name: 'I have stored the secret' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('DNS robot');
  await editScopes(page);
  await expect(write).toBeChecked();
  await page.getByRole('checkbox', { name: 'Cache Purge zone.cache.purge' }).check();
  await expect(page.getByText('1 scope granted')).toBeVisible();
  await expectNoOtherApi(page);
  await survey(page, 'catalog-key');

  // What the gateway says: an included scope counts, a set must be whole, what is public needs no key.
  const publish = () => gateway(server, 'POST', '/zones/7/publish', secret);
  expect(await gateway(server, 'POST', '/zones/7/records', secret)).toBe(204);
  expect(await gateway(server, 'GET', '/zones/7/records', secret)).toBe(204);
  expect([await publish(), await gateway(server, 'GET', '/status'), await gateway(server, 'GET', '/zones/7/records')]).toEqual([403, 204, 401]);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('No changes to the saved scopes.')).toBeVisible();
  expect(await publish()).toBe(204);

  await page.goto('/projects/shop/overview/settings/key-policy');
  await expect(page.getByLabel('Keys can have the scopes of')).toContainText('Harbor of 2026');
  await expectNoOtherApi(page);
});

custom('a catalog that cannot be read is reported with a retry, and nothing is judged', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  const path = '**/v1/scopes/catalog';
  await page.route(path, (route) => route.fulfill({ json: { ...HARBOR, scopes: [{ id: 'zone.dns.read' }] } }));
  await page.goto(`${KEYS}/create`);
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('This page cannot read the server’s catalog'.replace('’', "'"));
  await expect(notice).toContainText('scopes[0]');
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  // Pages that judge no scopes need no catalog.
  await page.getByRole('link', { name: 'Scopewise' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await page.goBack();
  await expect(notice).toBeVisible();
  await page.unroute(path);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeVisible();
  await page.getByRole('button', { name: 'Expand all' }).click();
  await expect(page.getByRole('checkbox', { name: 'Zone DNS Write zone.dns.write' })).toBeVisible();
});

test('the built-in catalog costs no request', async ({ page, database }) => {
  await setUp(database);
  const asked = catalogRequests(page);
  await signIn(page);
  await page.goto(`${KEYS}/create`);
  await expect(page.getByRole('button', { name: 'Databases' })).toBeVisible();
  expect(asked).toEqual([]);
});
