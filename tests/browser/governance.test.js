// The policy of a project and its audit log.

import { readFile } from 'node:fs/promises';

import { createWithoutScopes, editScopes, expect, setUp, signIn, survey, test } from './support.js';

const OVERVIEW = '/projects/shop/overview';
const KEYS = `${OVERVIEW}/integration/api-keys`;
const SLOW = 180_000;

const makeKey = (database, name) => database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', 'rows.read');

test('a policy is saved, and the form of a new key follows it', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  await signIn(page);
  await page.goto(KEYS);
  await page.getByRole('link', { name: 'Policy', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Key policy');
  await expect(page.getByRole('radio', { name: 'Refuse and report' })).toBeChecked();
  await page.getByRole('radio', { name: 'Create keys within its own scopes' }).check();
  await page.getByText('Other', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Days' }).fill('none');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByText('Enter a number of days')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Days' })).toBeFocused();
  await survey(page, 'policy-wrong');
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  const leave = page.getByRole('alertdialog', { name: 'Leave without saving?' });
  await leave.getByRole('button', { name: 'Stay on this page' }).click();
  await page.getByRole('textbox', { name: 'Days' }).fill('45');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Create keys within its own scopes' })).toBeChecked();
  await expect(page.getByRole('textbox', { name: 'Days' })).toHaveValue('45');
  await survey(page, 'policy');

  await page.goto(`${KEYS}/create`);
  await expect(page.getByText('This project requires an expiry within 45 days')).toBeVisible();
  await expect(page.getByRole('radio', { name: '30 days' })).toBeChecked();
  for (const disabled of ['90 days', '1 year', 'Never']) await expect(page.getByRole('radio', { name: disabled })).toBeDisabled();
  await page.getByText('Exact time', { exact: true }).click();
  await page.getByLabel('Date and time').fill('2099-01-01T00:00');
  await expect(page.getByText('limits a secret to 45 days')).toBeVisible();
  await survey(page, 'key-create-limited');
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  await page.getByRole('button', { name: 'Create API key' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create API key');
  await page.getByText('30 days', { exact: true }).click();
  await createWithoutScopes(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API key created');
});

test('a policy names an edition, and keys get its scopes only', async ({ page, server, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const made = JSON.parse(await makeKey(database, 'Nightly export'));
  await signIn(page);
  await page.goto(`${KEYS}/create`);
  const domains = page.getByRole('checkbox', { name: 'domains.read', exact: true });
  const showAll = () => page.getByRole('button', { name: 'Expand all' }).click();
  await showAll();
  await expect(domains).toHaveCount(0);

  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await page.getByRole('link', { name: 'Policy', exact: true }).click();
  const edition = page.getByLabel('Keys can have the scopes of');
  await expect(edition).toHaveValue('');
  await expect(page.getByText('A key can have any scope of the catalog.')).toBeVisible();
  await edition.selectOption({ label: 'Documentation of September 2023' });
  await expect(page.getByText('only the scopes of Documentation of September 2023')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(edition).toHaveValue('');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await edition.selectOption('sdk-2026-10');
  await page.getByRole('button', { name: 'Save policy' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(edition).toHaveValue('sdk-2026-10');
  await survey(page, 'policy-edition');

  await page.goto(`${KEYS}/create`);
  await showAll();
  await domains.check();
  await page.getByRole('textbox', { name: 'Name' }).fill('Domains');
  await page.getByRole('button', { name: 'Create API key' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API key created');
  await page.getByRole('button', { name: 'I have stored the secret' }).click();

  // An older edition: the check refuses what it lacks before anything is sent, and a saved key keeps what it has.
  const headers = { 'x-appwrite-project': 'shop', 'x-appwrite-mode': 'admin', 'content-type': 'application/json' };
  const policy = await page.evaluate(async (headers) => {
    const answer = await fetch('/v1/project/policy', { method: 'PATCH', headers, body: JSON.stringify({ edition: 'docs-2023' }) });
    return answer.json();
  }, headers);
  expect(policy.edition).toBe('docs-2023');
  await page.goto(`${KEYS}/${made.$id}`);
  await editScopes(page);
  await showAll();
  await expect(page.locator('[data-code="not-in-edition"][data-level="warning"]')).toContainText('rows.read');
  await expect(page.getByRole('checkbox', { name: 'sites.read', exact: true })).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'users.read', exact: true }).check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('The key is saved.')).toBeVisible();
  const key = await fetch(`${server.endpoint}/ping`, { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-key': made.secret } });
  expect(key.status).toBe(200);
});

test('the audit log shows who did what, page by page, and is saved as a file', async ({ page, server, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const made = JSON.parse(await makeKey(database, 'Nightly export'));
  const headers = { 'x-appwrite-project': 'shop', 'x-appwrite-key': made.secret };
  expect((await fetch(`${server.endpoint}/ping`, { headers: { ...headers, 'sec-fetch-site': 'cross-site' } })).status).toBe(401);
  await signIn(page);
  await page.goto(KEYS);
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Audit log');
  const rows = page.getByRole('table', { name: 'Audit log, newest first' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('Key exposed in web page');
  await expect(rows.nth(1)).toContainText('Refused');
  await expect(rows.nth(2)).toContainText('Create key');
  await expect(rows.nth(2)).toContainText('Command line');
  await survey(page, 'audit');

  for (const [label, type] of [['Export CSV', 'csv'], ['Export JSON', 'json']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: label }).click()]);
    expect(download.suggestedFilename()).toBe(`audit-shop.${type}`);
    expect(await readFile(await download.path(), 'utf8')).toContain('key.exposed');
  }

  await page.evaluate(async (id) => {
    const change = { 'x-appwrite-project': 'shop', 'x-appwrite-mode': 'admin', 'content-type': 'application/json' };
    for (let index = 0; index < 60; index += 1) {
      await fetch(`/v1/project/keys/${id}/status`, { method: 'PATCH', headers: change, body: JSON.stringify({ enabled: index % 2 === 1 }) });
    }
  }, made.$id);
  await page.reload();
  await expect(rows).toHaveCount(51);
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(page.getByRole('button', { name: 'No more entries' })).toBeFocused();
  expect(await rows.count()).toBeGreaterThan(60);
  // The server filters all entries, also those that are not loaded; the address keeps the filter.
  await page.getByLabel('Outcome').selectOption('Refused');
  await expect(rows).toHaveCount(2);
  await expect(page.getByText('1 matching entry', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\?outcome=refused$/);
  await page.reload();
  await expect(page.getByLabel('Outcome')).toHaveValue('refused');
  await expect(rows).toHaveCount(2);
  await page.getByLabel('Outcome').selectOption('Any outcome');
  await page.getByLabel('Action').selectOption('Create key');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('Command line');
  await survey(page, 'audit-filtered');
  await page.getByLabel('Who').fill('nobody@example.com');
  await page.getByLabel('Who').press('Enter');
  await expect(page.getByText('No entries match the filters.')).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel('Who')).toHaveValue('');
  await expect(rows).toHaveCount(2);
  await page.getByLabel('Until').fill('2020-01-01');
  await expect(page.getByText('No entries match the filters.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(rows).toHaveCount(51);
  await page.getByLabel('Who').fill('ada@example.com');
  await page.getByLabel('Who').press('Enter');
  await page.getByLabel('Key or other ID').fill(made.$id);
  await page.getByLabel('Key or other ID').press('Enter');
  await expect(rows).toHaveCount(51);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(61);
  expect(lines.slice(1).every((line) => line.includes('ada@example.com'))).toBe(true);
  await rows.nth(1).getByRole('link', { name: 'Nightly export' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nightly export');
});
