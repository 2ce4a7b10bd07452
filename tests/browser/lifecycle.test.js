// The life of a key: rotated, disabled, enabled, exposed.

import { createWithoutScopes, expect, openTab, setUp, signIn, survey, test } from './support.js';

const KEYS = '/projects/shop/overview/integration/api-keys';
const SLOW = 180_000;

/** Makes a key on the command line. */
async function makeKey(database, name, ...more) {
  return JSON.parse(await database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', 'rows.read', ...more));
}

/** The status of a request with the key. */
async function ask(server, secret, headers = {}) {
  const response = await fetch(`${server.endpoint}/ping`, { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-key': secret, ...headers } });
  return response.status;
}

test('a key says what it is for', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  await signIn(page);
  await page.goto(`${KEYS}/create`);
  const description = page.getByRole('textbox', { name: 'Description' });
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  await page.getByText('Description and key ID').click();
  await description.fill('x'.repeat(500));
  await expect(page.getByText('12 characters left')).toBeVisible();
  await description.fill('x'.repeat(513));
  await expect(page.getByText('1 character too many')).toBeVisible();
  await page.getByRole('button', { name: 'Create API key' }).click();
  await expect(page.getByText('A description must have at most 512 characters.')).toBeVisible();
  await expect(description).toBeFocused();
  await survey(page, 'key-create-described');
  await description.fill('Imports orders every night.\nAsk Ada before you delete it: <b>bold</b>.');
  await createWithoutScopes(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API key created');
  await page.getByRole('button', { name: 'I have stored the secret' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nightly export');
  await openTab(page, 'Use');
  const shown = page.getByRole('definition').filter({ hasText: 'Imports orders every night.' });
  await expect(shown).toContainText('Ask Ada before you delete it: <b>bold</b>.');
  await openTab(page, 'Settings');
  await expect(description).toHaveValue(/^Imports orders every night\.\nAsk Ada/);
  await survey(page, 'key-described');
  await description.fill('Imports orders every hour.');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(description).toHaveValue(/every night/);
  await description.fill('Imports orders every hour.');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await openTab(page, 'Use');
  await expect(page.getByRole('definition').filter({ hasText: 'Imports orders every hour.' })).toBeVisible();
  await openTab(page, 'Settings');
  await page.reload();
  await expect(description).toHaveValue('Imports orders every hour.');
  await description.fill('');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await openTab(page, 'Use');
  await expect(page.getByRole('term').filter({ hasText: 'Description' })).toHaveCount(0);
  await openTab(page, 'Settings');
  await page.reload();
  await expect(description).toHaveValue('');
});

test('a key says how it was used, and which scopes nothing needed', async ({ page, server, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const service = await makeKey(database, 'Gateway', '--scope', 'keys.read');
  const made = await makeKey(database, 'Nightly export', '--scope', 'users.read', '--scope', 'files.write');
  const verify = async (operation) => {
    const response = await fetch(`${server.endpoint}/keys/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-appwrite-project': 'shop', 'x-appwrite-key': service.secret },
      body: JSON.stringify({ key: made.secret, operation }),
    });
    expect((await response.json()).code).toBe('valid');
  };
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await openTab(page, 'Use');
  const use = page.getByRole('region', { name: 'Last 30 days' });
  await expect(use).toContainText('No request of this key was counted.');
  for (const operation of ['tablesDB.listRows', 'users.get', 'tablesDB.listRows']) await verify(operation);
  await page.reload();
  await expect(use).toContainText('3 requests called 2 operations.');
  const rows = use.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('tablesDB.listRows');
  await expect(rows.nth(1).getByRole('cell').first()).toHaveText('2');
  await expect(use).toContainText('No counted request needed this scope.');
  await expect(use.getByRole('listitem').filter({ hasText: '.' })).toHaveText(['files.write']);
  await survey(page, 'key-use-counted');
  await use.getByRole('button', { name: 'Deselect this scope' }).click();
  await expect(use).not.toContainText('No counted request needed');
  await expect(page.getByRole('heading', { name: 'Last 30 days' })).toBeFocused();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await openTab(page, 'Opens');
  await openTab(page, 'Use');
  await expect(use).toContainText('3 requests called 2 operations.');
  const kept = await fetch(`${server.endpoint}/project/keys/${made.$id}`, { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-key': service.secret } });
  expect((await kept.json()).scopes).toEqual(['rows.read', 'users.read']);
});

test('a secret is rotated while the old one goes on for a day', async ({ page, server, database }) => {
  await setUp(database);
  const made = await makeKey(database, 'Nightly export');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate the secret' });
  await expect(dialog.getByRole('radio', { name: 'In 24 hours' })).toBeChecked();
  await expect(dialog).toContainText('never outlives the key’s expiry');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await dialog.getByRole('button', { name: 'Rotate secret' }).click();
  await expect(page.getByRole('heading', { name: 'Copy the secret now' })).toBeFocused();
  const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
  expect(secret).not.toBe(made.secret);
  await expect(page.getByText(/^The old secret works until .*UTC\.$/)).toBeVisible();
  expect([await ask(server, made.secret), await ask(server, secret)]).toEqual([200, 200]);

  await page.getByRole('link', { name: 'API keys' }).click();
  const leave = page.getByRole('alertdialog', { name: 'Leave without the new secret?' });
  await leave.getByRole('button', { name: 'Stay on this page' }).click();
  await page.getByRole('button', { name: 'I have stored the secret' }).click();
  await expect(page.getByText(secret)).toHaveCount(0);

  await page.getByRole('button', { name: 'Revoke the old secret now' }).click();
  await expect(page.getByRole('button', { name: 'Revoke the old secret now' })).toHaveCount(0);
  expect([await ask(server, made.secret), await ask(server, secret)]).toEqual([401, 200]);
  await page.getByRole('link', { name: 'API keys' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API keys');
});

test('a key is switched off and on', async ({ page, server, database }) => {
  await setUp(database);
  const made = await makeKey(database, 'Nightly export');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await page.getByRole('button', { name: 'Disable key' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Disable this key?' });
  await dialog.getByRole('button', { name: 'Keep it enabled' }).click();
  expect(await ask(server, made.secret)).toBe(200);
  await page.getByRole('button', { name: 'Disable key' }).click();
  await dialog.getByRole('button', { name: 'Disable key' }).click();
  await expect(page.getByRole('button', { name: 'Enable key' })).toBeVisible();
  expect(await ask(server, made.secret)).toBe(401);
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.locator('.filters').getByText('Disabled').click();
  await page.getByRole('link', { name: 'Nightly export' }).click();
  await page.getByRole('button', { name: 'Enable key' }).click();
  await expect(page.getByRole('button', { name: 'Disable key' })).toBeVisible();
  expect(await ask(server, made.secret)).toBe(200);
});

test('a key that arrived from a web page is reported until it is rotated', async ({ page, server, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const made = await makeKey(database, 'Shop page', '--expire', '2099-01-01');
  await makeKey(database, 'Another');
  expect(await ask(server, made.secret, { 'sec-fetch-site': 'cross-site' })).toBe(401);
  await signIn(page);
  await page.goto(KEYS);
  await page.locator('.filters').getByText('Exposed').click();
  await expect(page.getByRole('link', { name: 'Another' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Shop page' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'This key was used from a web page on' })).toBeVisible();
  await survey(page, 'key-exposed');
  await page.getByRole('button', { name: 'Rotate now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate the secret' });
  await expect(dialog.getByRole('radio', { name: 'Now' })).toBeChecked();
  await dialog.getByText('In 1 hour', { exact: true }).click();
  await expect(dialog.getByText('Anyone who has read the old secret')).toBeVisible();
  await survey(page, 'key-rotate');
  await dialog.getByText('Now', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Rotate secret' }).click();
  await expect(page.getByText('The old secret no longer works.')).toBeVisible();
  await expect(page.getByText('This key was used from a web page on')).toHaveCount(0);
  expect(await ask(server, made.secret)).toBe(401);
  await survey(page, 'key-rotated');
});
