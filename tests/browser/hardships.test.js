// Errors, and how the console shows them.

import { ACCOUNT, createWithoutScopes, expect, setUp, signIn, test } from './support.js';

const KEYS = '/projects/shop/overview/integration/api-keys';

test('a wrong password is reported, and the page stays usable', async ({ page, database, expectedErrors }) => {
  expectedErrors.push(/401 .*\/v1\/account\/sessions\/email/);
  await setUp(database);
  await page.goto('/');
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: /password/i })).toBeVisible();
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});

test('a deep link asks to sign in, and then shows the page it named', async ({ page, database }) => {
  await setUp(database);
  await page.goto(`${KEYS}/create`);
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create API key');
});

test('signing out ends the session', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await page.goto(KEYS);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('a new password is typed twice, needs the old one, and ends the other sessions', async ({ page, database, expectedErrors }) => {
  expectedErrors.push(/401 .*\/v1\/account\/password/);
  await setUp(database);
  await signIn(page);
  await page.goto('/account');
  const [old, fresh, again] = ['Current password', 'New password', 'Confirm new password'].map((label) => page.getByLabel(label, { exact: true }));
  const change = page.getByRole('button', { name: 'Change password' });
  await old.fill('not the password');
  await fresh.fill('a wholly new password');
  await again.fill('a wholly other password');
  await change.click();
  await expect(again).toBeFocused();
  await expect(again).toHaveAttribute('aria-invalid', 'true');
  await again.fill('a wholly new password');
  await change.click();
  await expect(page.getByText('The current password is wrong.')).toBeVisible();
  await expect(old).toBeFocused();
  await old.fill(ACCOUNT.password);
  await change.click();
  await expect(page.getByText('Your password was changed. All your other sessions were ended.')).toBeVisible();
  await expect(old).toHaveValue('');
  await expect(page.getByRole('table', { name: 'Sessions' }).getByRole('row')).toHaveCount(2);

  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Lovelace');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByText('Your name was saved.')).toBeVisible();
  await expect(page.getByRole('banner').getByText('Ada Lovelace')).toBeVisible();
});

test('the set-up link works once', async ({ page, server, context }) => {
  const link = await server.setupLink;
  await page.goto(link);
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  const other = await context.browser().newPage();
  await other.goto(link);
  await expect(other.getByText('The first account already exists.')).toBeVisible();
  await other.close();
});

test('a name is asked for before a key is made, and the field gets the focus', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(`${KEYS}/create`);
  await page.getByRole('button', { name: 'Create API key' }).click();
  const name = page.getByRole('textbox', { name: 'Name' });
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.fill('x'.repeat(129));
  await page.getByRole('button', { name: 'Create API key' }).click();
  await expect(page.getByText(/at most 128 characters/)).toBeVisible();
});

test('a key that would be shipped to a browser is not made', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(`${KEYS}/create`);
  await page.getByRole('textbox', { name: 'Name' }).fill('Shop page');
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'rows.read', exact: true }).check();
  await page.getByRole('combobox', { name: 'Where will it run?' }).selectOption({ label: 'A web page (in the browser)' });
  await expect(page.locator('[data-code="exposed-in-client"]')).toBeVisible();
  await page.getByRole('button', { name: 'Create API key' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create API key');
  await expect(page.getByRole('heading', { name: 'Check' })).toBeFocused();
});

test('leaving without the secret, or with unsaved changes, is asked about', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(`${KEYS}/create`);
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  await page.getByRole('link', { name: 'API keys' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('Leave without creating the key?');
  await dialog.getByRole('button', { name: 'Stay on this page' }).click();
  await createWithoutScopes(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API key created');
  await page.getByRole('link', { name: 'API keys' }).click();
  await expect(dialog).toContainText('Leave without the secret?');
  await dialog.getByRole('button', { name: 'Leave without it' }).click();
  await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
});

test('a key that another person has deleted is reported', async ({ page, database, expectedErrors }) => {
  expectedErrors.push(/404 .*\/v1\/project\/keys\//);
  await setUp(database);
  await signIn(page);
  await page.goto(`${KEYS}/gone`);
  await expect(page.getByText(/no key with this id/i)).toBeVisible();
});

test('a hostile name is text, and nothing else', async ({ page, database }) => {
  await setUp(database);
  const name = '<img src=x onerror="document.title=1"> \u202Egnp.exe 🔑';
  await database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', 'rows.read');
  await signIn(page);
  await page.goto(KEYS);
  await page.getByRole('link', { name: 'onerror' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name.replace('\u202E', '[U+202E]'));
  await expect(page).toHaveTitle(`${name.replace('\u202E', '[U+202E]')} · API key · Scopewise`);
  expect(await page.locator('img').count()).toBe(0);
});

test('the chosen theme stays', async ({ page, database }) => {
  await setUp(database);
  await page.goto('/');
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Theme' })).toHaveValue('Dark');
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toContain('dark');
});
