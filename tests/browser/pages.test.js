// Every page in both themes, on a phone and on a desktop: accessibility, no horizontal scrolling, and a screenshot.
// The screenshots are in tests/browser/output/pages.

import { ACCOUNT, editScopes, expect, openTab, setUp, signIn, survey, test } from './support.js';

const SLOW = 300_000;
const HOSTILE = '<b onclick="alert(1)">\u202Eeman</b> 🔑 \u0627\u0644\u0645\u0641\u062A\u0627\u062D';

test('set-up and sign-in', async ({ page, server }) => {
  test.setTimeout(SLOW);
  await page.goto('/setup');
  await expect(page.getByText('Open the set-up link')).toBeVisible();
  await survey(page, 'setup-without-link');
  await page.goto(await server.setupLink);
  await expect(page.getByRole('button', { name: 'Create account' })).toBeVisible();
  await survey(page, 'setup');
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await survey(page, 'sign-in');
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  await survey(page, 'not-found');
});

test('projects and account', async ({ page, server, database }) => {
  test.setTimeout(SLOW);
  await page.goto(await server.setupLink);
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Create your first project' })).toBeVisible();
  await survey(page, 'projects-none');
  await database.command('project', 'create', '--id', 'shop', '--name', 'Web shop');
  await database.command('project', 'create', '--id', 'hostile', '--name', HOSTILE);
  await page.reload();
  await expect(page.getByRole('link', { name: 'Web shop' })).toBeVisible();
  await survey(page, 'projects');
  await page.getByRole('button', { name: 'Create project' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await survey(page, 'project-create');
  await page.goto('/account');
  await expect(page.getByRole('table', { name: 'Sessions' })).toBeVisible();
  await survey(page, 'account');
});

test('API keys', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  await signIn(page);
  await page.goto('/projects/shop');
  await expect(page.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
  await survey(page, 'keys-none');
  const key = (name, scopes, ...more) => database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', scopes, ...more);
  await key('Nightly export', 'rows.read,tables.read', '--expire', '2099-01-01');
  await key('Deployment', 'sites.write,functions.write,keys.write');
  await key('Last year', 'users.read', '--expire', '2020-01-01');
  await key(HOSTILE, 'files.read');
  await page.reload();
  await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
  await expect(page.getByRole('link', { name: HOSTILE.replace('\u202E', '[U+202E]') })).toBeVisible();
  await survey(page, 'keys');
});

test('creating an API key', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  await signIn(page);
  await page.goto('/projects/shop/overview/integration/api-keys/create');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create API key');
  await survey(page, 'key-create');
  await page.getByRole('textbox', { name: 'Name' }).fill('Deployment');
  await page.getByText('Never', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'All of Functions' }).check();
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'keys.write', exact: true }).check();
  await page.getByRole('checkbox', { name: 'rows.read', exact: true }).check();
  await survey(page, 'key-create-warned');
  await page.getByText('Read and write', { exact: true }).click();
  await survey(page, 'key-create-matrix');
  await page.getByText('By service', { exact: true }).click();
  await page.getByRole('button', { name: 'Create API key' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API key created');
  await survey(page, 'key-created');
});

test('one API key', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const made = await database.command('key', 'create', '--project', 'shop', '--name', 'Nightly export', '--scope', 'rows.read,keys.read');
  await signIn(page);
  await page.goto(`/projects/shop/overview/integration/api-keys/${JSON.parse(made).$id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nightly export');
  await survey(page, 'key');
  for (const tab of ['Scopes', 'Use', 'History', 'Settings']) {
    await openTab(page, tab);
    await survey(page, `key-${tab.toLowerCase()}`);
  }
  await editScopes(page);
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'keys.read', exact: true }).uncheck();
  await page.getByRole('checkbox', { name: 'users.write', exact: true }).check();
  await survey(page, 'key-changed');
  await openTab(page, 'Settings');
  await page.getByRole('button', { name: 'Delete this key' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await survey(page, 'key-delete');
});
