// Several people, several tabs, and what fails.

import { createWithoutScopes, expect, openTab, setUp, signIn, survey, test } from './support.js';

const KEYS = '/projects/shop/overview/integration/api-keys';

async function makeKey(database, name) {
  return JSON.parse(await database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', 'rows.read,users.read'));
}

/** Changes the key in another tab of the same browser. */
async function changeElsewhere(page, id, body) {
  const status = await page.evaluate(async ([id, body]) => {
    const headers = { 'x-appwrite-project': 'shop', 'x-appwrite-mode': 'admin', 'content-type': 'application/json' };
    return (await fetch(`/v1/project/keys/${id}`, { method: 'PUT', headers, body: JSON.stringify(body) })).status;
  }, [id, body]);
  expect(status).toBe(200);
}

test('a save that fails is visible where the person is', async ({ page, database, expectedErrors }) => {
  expectedErrors.push(/500/);
  await setUp(database);
  const made = await makeKey(database, 'Nightly export');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await page.route('**/v1/project/keys/*', (route) => (route.request().method() === 'PUT' ? route.fulfill({ status: 500, body: 'down' }) : route.fallback()));
  await openTab(page, 'Settings');
  await page.getByRole('textbox', { name: 'Name' }).fill('Weekly export');
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByRole('button', { name: 'Save changes' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'status 500' });
  await expect(alert).toBeInViewport({ ratio: 1 });
  expect(await alert.evaluate((element) => element.parentElement === document.activeElement)).toBe(true);
  await page.unroute('**/v1/project/keys/*');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('The key is saved.')).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test('two people who change one dev key see both changes, and choose', async ({ page, database, expectedErrors }) => {
  expectedErrors.push(/412/);
  await setUp(database);
  await signIn(page);
  await page.goto('/projects/shop/overview/integration/dev-keys');
  await page.getByRole('main').getByRole('button', { name: 'Create dev key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Laptop');
  await page.getByRole('dialog').getByRole('button', { name: 'Create dev key' }).click();
  await page.getByRole('button', { name: 'Copy secret' }).click();
  const row = page.getByRole('table', { name: 'Dev keys' }).getByRole('row').nth(1);
  const elsewhere = (name, days) => page.evaluate(async ([name, days]) => {
    const headers = { 'x-appwrite-project': 'shop', 'x-appwrite-mode': 'admin', 'content-type': 'application/json' };
    const path = '/v1/projects/shop/dev-keys';
    const { devKeys: [key] } = await (await fetch(path, { headers })).json();
    const expire = days ? new Date(Date.now() + days * 86_400_000).toISOString() : key.expire;
    return (await fetch(`${path}/${key.$id}`, { method: 'PUT', headers, body: JSON.stringify({ name: name ?? key.name, expire }) })).status;
  }, [name, days]);
  const edit = page.getByRole('dialog', { name: 'Edit dev key' });
  const conflict = page.getByRole('dialog', { name: 'Someone else changed this key' });
  const begin = async (name) => {
    await row.getByRole('button', { name: /^Edit/ }).click();
    await edit.getByLabel('Name').fill(name);
  };

  await begin('Phone');
  expect(await elsewhere(null, 20)).toBe(200);
  await edit.getByRole('button', { name: 'Save changes' }).click();
  await expect(conflict.getByRole('listitem')).toHaveText([/^Expires /, 'Name: Phone']);
  await survey(page, 'dev-key-conflict');
  await conflict.getByRole('button', { name: 'Combine and review' }).click();
  await expect(edit.getByLabel('Name')).toHaveValue('Phone');
  await edit.getByRole('button', { name: 'Save changes' }).click();
  await expect(row).toContainText('Phone');
  await expect(row).toContainText(/in (19|20) days/);

  await begin('Tablet');
  expect(await elsewhere('Watch', null)).toBe(200);
  await edit.getByRole('button', { name: 'Save changes' }).click();
  await conflict.getByRole('button', { name: 'Discard mine' }).click();
  await expect(edit.getByLabel('Name')).toHaveValue('Watch');
  await edit.getByRole('button', { name: 'Cancel' }).click();

  await begin('Tablet');
  expect(await elsewhere('Clock', null)).toBe(200);
  await edit.getByRole('button', { name: 'Save changes' }).click();
  await conflict.getByRole('button', { name: 'Save mine as it is' }).click();
  await expect(row).toContainText('Tablet');
});

test('two people who change one key see both changes, and choose', async ({ page, database, expectedErrors }) => {
  expectedErrors.push(/412/);
  await setUp(database);
  const made = await makeKey(database, 'Nightly export');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await openTab(page, 'Settings');
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('Weekly export');
  await changeElsewhere(page, made.$id, { name: 'Nightly export', description: 'Ask Ada.', scopes: ['rows.read', 'files.read'] });
  await page.getByRole('button', { name: 'Save changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Someone else changed this key' });
  await expect(dialog).toContainText('Description: Ask Ada.');
  await expect(dialog).toContainText('Grants files.read');
  await expect(dialog).toContainText('Revokes users.read');
  await expect(dialog).toContainText('Name: Weekly export');
  await dialog.getByRole('button', { name: 'Combine and review' }).click();
  await expect(name).toHaveValue('Weekly export');
  await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('Ask Ada.');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('The key is saved.')).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue('Weekly export');
  await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('Ask Ada.');

  await name.fill('Mine');
  await changeElsewhere(page, made.$id, { name: 'Theirs', scopes: ['rows.read'] });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await dialog.getByRole('button', { name: 'Discard mine' }).click();
  await expect(name).toHaveValue('Theirs');
  await name.fill('Mine');
  await changeElsewhere(page, made.$id, { name: 'Theirs again', scopes: ['rows.read'] });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await dialog.getByRole('button', { name: 'Save mine as it is' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mine');
});

test('rotate and disable are at the top of a key, with its status', async ({ page, database }) => {
  await setUp(database);
  const made = await makeKey(database, 'Nightly export');
  await signIn(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${KEYS}/${made.$id}`);
  await expect(page.getByRole('button', { name: 'Rotate secret' })).toBeInViewport({ ratio: 1 });
  const actions = page.locator('.key-actions');
  await expect(actions).toContainText('Active');
  await actions.getByRole('button', { name: 'Disable key' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable key' }).click();
  await expect(actions).toContainText('Disabled');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(actions).toContainText('Active');
});

test('tabs of one browser are in step: theme, sign-out and sign-in', async ({ page, context, database }) => {
  await setUp(database);
  await signIn(page);
  const other = await context.newPage();
  await other.goto(KEYS);
  await expect(other.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
  await expect(other.getByRole('combobox', { name: 'Theme' })).toHaveValue('Dark');
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await signIn(page);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('API keys');
  await other.close();
});

test('without WebAssembly, the page says so', async ({ page, server, expectedErrors }) => {
  expectedErrors.push(/./);
  await page.addInitScript(() => delete window.WebAssembly);
  await page.goto('/');
  await expect(page.getByText('The console cannot start. It needs WebAssembly')).toBeVisible();
});

test('back after creating a key leads to the list', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(KEYS);
  await page.getByRole('link', { name: 'Create API key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  await createWithoutScopes(page);
  await page.getByRole('button', { name: 'I have stored the secret' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nightly export');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API keys');
  await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
});
