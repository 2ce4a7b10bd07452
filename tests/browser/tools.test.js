// The pages other than the list of keys: checker, scopes, dev keys, ephemeral keys, project.

import { expect, setUp, signIn, survey, tabTo, test, whatTheBrowserKeeps } from './support.js';

const OVERVIEW = '/projects/shop/overview';
const HOSTILE = '<b onclick="alert(1)">\u202Eeman</b> 🔑';
const SLOW = 240_000;
const heading = (page) => page.getByRole('heading', { level: 1 });

test.describe('checker', () => {
  test('reads what is pasted, without an account, and the address keeps it', async ({ page, database }) => {
    test.setTimeout(SLOW);
    await setUp(database);
    await page.goto('/checker');
    const text = page.getByRole('textbox', { name: 'Scopes' });
    await expect(text).toBeVisible();
    await survey(page, 'checker-empty');
    const requests = [];
    // Chromium fetches the icon again where the address changes.
    page.on('request', (request) => request.url().endsWith('.svg') || requests.push(request.url()));
    await text.fill('APPWRITE_KEY=standard_secret\nSCOPES=execution.read,rows.reed,keys.write');
    await expect(page.getByText('Read as an .env file: 3 scopes.')).toBeVisible();
    await expect(page.locator('[data-code="unknown-scope"]')).toContainText('rows.reed');
    await expect(page.locator('[data-code="sensitive-scope"]').first()).toContainText('keys.write');
    await expect(page).toHaveURL(/#scopes=execution\.read,rows\.reed,keys\.write$/);
    expect(await whatTheBrowserKeeps(page)).not.toContain('standard_secret');
    await survey(page, 'checker');

    await page.getByLabel('Where will it run?').selectOption({ label: 'A CI pipeline' });
    await expect(page.locator('[data-code="sensitive-in-ci"]')).toBeVisible();
    await page.getByRole('button', { name: 'Apply migration' }).click();
    await expect(text).toHaveValue('executions.read\nrows.reed\nkeys.write');
    await page.getByRole('button', { name: /Replace with rows\.read/ }).click();
    await expect(text).toHaveValue('executions.read\nrows.read\nkeys.write');
    await expect(page.locator('[data-code="unknown-scope"]')).toHaveCount(0);
    expect(requests, 'what was sent').toEqual([]);

    await page.reload();
    await expect(text).toHaveValue('executions.read\nrows.read\nkeys.write');
    await expect(page.getByLabel('Where will it run?')).toHaveValue('ci');
    await page.getByText(/^Opens \d+ operations$/).click();
    await expect(page.getByText('tablesDB.listRows', { exact: true })).toBeVisible();
  });

  test('hostile text is only text', async ({ page, database }) => {
    await setUp(database);
    await page.goto(`/checker#scopes=${encodeURIComponent('<img/src=x/onerror=alert(1)>')},${'x'.repeat(300)}`);
    await expect(page.locator('[data-code="malformed-scope"], [data-code="unknown-scope"]').first()).toBeVisible();
    expect(await page.locator('img').count()).toBe(0);
    await survey(page, 'checker-hostile');
  });
});

test.describe('scopes', () => {
  test('the catalog is a reference with search, and each scope has an address', async ({ page, database }) => {
    test.setTimeout(SLOW);
    await setUp(database);
    await page.goto('/scopes#rows.write');
    await expect(page.locator('[id="rows.write"]')).toBeFocused();
    await expect(page.locator('[id="rows.write"]')).toBeInViewport();
    await survey(page, 'scopes');
    const search = page.getByRole('searchbox', { name: 'Search scopes' });
    await search.fill('send email');
    await expect(page.locator('[id="messages.write"]')).toBeVisible();
    await expect(page.locator('[id="rows.write"]')).toBeHidden();
    await page.locator('[id="messages.write"]').getByText('What it opens').click();
    await expect(page.getByText('messaging.createEmail', { exact: true })).toBeVisible();
    await survey(page, 'scopes-found');
    await search.fill('zzzz');
    await expect(page.getByText('No scopes found')).toBeVisible();
    await search.fill('');
    const old = page.locator('[id="attributes.read"]');
    await old.getByRole('link', { name: 'columns.read' }).click();
    await expect(page).toHaveURL(/#columns\.read$/);
    await expect(page.locator('[id="columns.read"]')).toBeInViewport();
  });
});

test.describe('dev keys', () => {
  test('are created with the keyboard, listed and deleted', async ({ page, server, database }) => {
    test.setTimeout(SLOW);
    await setUp(database);
    await signIn(page);
    await page.goto(`${OVERVIEW}/integration/dev-keys`);
    await expect(page.getByRole('heading', { name: 'No dev keys yet' })).toBeVisible();
    await survey(page, 'dev-keys-none');
    const create = page.getByRole('main').getByRole('button', { name: 'Create dev key' });
    await tabTo(page, create);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Create dev key' });
    await dialog.getByRole('button', { name: 'Create dev key' }).press('Enter');
    await expect(dialog.getByText('A name must not be empty.')).toBeVisible();
    await survey(page, 'dev-key-create');
    await dialog.getByLabel('Name').fill(HOSTILE);
    await expect(dialog.getByRole('radio', { name: '7 days' })).toBeChecked();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Copy the secret now' })).toBeFocused();
    const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
    expect((await fetch(`${server.endpoint}/ping`, { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-dev-key': secret } })).status).toBe(200);
    const row = page.getByRole('table', { name: 'Dev keys' }).getByRole('row').nth(1);
    await expect(row).toContainText('[U+202E]');
    await expect(row).toContainText('in 7 days');
    await expect(row).toContainText('Active');
    await survey(page, 'dev-keys');

    await page.getByRole('link', { name: 'Policy', exact: true }).click();
    const leave = page.getByRole('alertdialog', { name: 'Leave without the secret?' });
    await leave.getByRole('button', { name: 'Stay on this page' }).click();
    await page.getByRole('button', { name: 'Copy secret' }).click();
    await row.getByRole('button', { name: /^Edit/ }).click();
    const edit = page.getByRole('dialog', { name: 'Edit dev key' });
    await expect(edit.getByRole('radio', { name: 'Keep' })).toBeChecked();
    await edit.getByLabel('Name').fill('');
    await edit.getByRole('button', { name: 'Save changes' }).click();
    await expect(edit.getByText('A name must not be empty.')).toBeVisible();
    await survey(page, 'dev-key-edit');
    await edit.getByLabel('Name').fill("Ada's phone");
    await edit.getByText('30 days', { exact: true }).click();
    await edit.getByRole('button', { name: 'Save changes' }).click();
    await expect(row).toContainText("Ada's phone");
    await expect(row).toContainText(/in (29|30) days|in a month/);
    expect((await fetch(`${server.endpoint}/ping`, { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-dev-key': secret } })).status).toBe(200);
    // The row that has the focus of the keyboard shows exact times.
    const exact = row.locator('.moment-exact').first();
    await expect(exact).toBeHidden();
    await tabTo(page, row.getByRole('button', { name: /^Delete/ }));
    await expect(exact).toBeVisible();
    await row.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete dev key' }).click();
    await expect(page.getByRole('heading', { name: 'No dev keys yet' })).toBeVisible();
    expect(await whatTheBrowserKeeps(page)).not.toContain(secret.slice(20));
  });
});

test.describe('ephemeral keys', () => {
  test('one is created, counts down, and is revoked', async ({ page, server, database }) => {
    test.setTimeout(SLOW);
    await setUp(database);
    await signIn(page);
    await page.goto(`${OVERVIEW}/integration/ephemeral-keys`);
    await page.getByRole('button', { name: 'Expand all' }).click();
    await survey(page, 'ephemeral-create');
    await page.getByRole('checkbox', { name: 'keys.read', exact: true }).check();
    await page.getByText('Custom', { exact: true }).click();
    await page.getByLabel('Seconds').fill('soon');
    await page.getByRole('button', { name: 'Create ephemeral key' }).click();
    await expect(page.getByText('Enter a whole number of seconds, from 1 to 3600.')).toBeVisible();
    await expect(page.getByLabel('Seconds')).toBeFocused();
    await page.getByLabel('Seconds').fill('1800');
    await page.getByRole('button', { name: 'Create ephemeral key' }).click();
    await expect(page.getByRole('heading', { name: 'Copy the secret now' })).toBeFocused();
    await expect(page.getByRole('timer')).toHaveText(/^(30:00|29:\d\d)$/);
    const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
    const status = async () => (await fetch(`${server.endpoint}/project/keys`, { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-key': secret } })).status;
    expect(await status()).toBe(200);
    await survey(page, 'ephemeral-created');
    await page.getByRole('button', { name: 'Revoke now' }).click();
    await expect(page.getByText('The ephemeral key no longer works.')).toBeVisible();
    expect(await status()).toBe(401);
    await expect(page.getByRole('button', { name: 'Create ephemeral key' })).toBeVisible();
    await page.getByRole('button', { name: 'Revoke all' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke all' }).click();
    await expect(page.getByText('All ephemeral keys and widget tokens of this project are revoked.')).toBeVisible();
  });
});

test.describe('project', () => {
  test('is renamed, and deleted only with its typed ID', async ({ page, database }) => {
    test.setTimeout(SLOW);
    await setUp(database);
    await signIn(page);
    await page.goto(`${OVERVIEW}/settings`);
    const name = page.getByRole('textbox', { name: 'Name' });
    await expect(name).toHaveValue('Web shop');
    await survey(page, 'project');
    await name.fill(' ');
    await page.getByRole('button', { name: 'Rename project' }).click();
    await expect(page.getByText('A name must not be empty.')).toBeVisible();
    await name.fill('Shop of hats');
    await page.keyboard.press('Enter');
    await expect(page.getByText('The project is renamed.')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Switch project/ })).toContainText('Shop of hats');
    await page.getByRole('button', { name: 'Delete this project' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Delete Shop of hats?' });
    await survey(page, 'project-delete');
    const confirm = dialog.getByRole('button', { name: 'Delete project' });
    await expect(confirm).toHaveAttribute('aria-disabled', 'true');
    await confirm.click({ force: true });
    await expect(dialog).toBeVisible();
    await dialog.getByRole('textbox').fill('shop');
    await confirm.click();
    await expect(heading(page)).toHaveText('Projects');
    await expect(page.getByText('Shop of hats is deleted.')).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Project' })).toHaveCount(0);
  });
});
