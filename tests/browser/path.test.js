// The main workflow from end to end: set-up link, account, project, key, secret, change, delete. Once with the mouse, once with only the
// keyboard.

import { ACCOUNT, editScopes, expect, openTab, tabTo, test, whatTheBrowserKeeps } from './support.js';

const KEYS_PATH = '/projects/shop/overview/integration/api-keys';
const SECRET = /^scopewise_key_[0-9A-Za-z]{49}$/;

/** Whether the server accepts the key: any key of the project can ping. */
async function works(server, secret) {
  const response = await fetch(`${server.endpoint}/ping`, { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-key': secret } });
  return response.status === 200;
}

/** Collects all requests of the browser, to search them for the secret. */
function listen(page) {
  const sent = [];
  page.on('request', (request) => sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
  return sent;
}

async function expectKeptNowhere(page, sent, secret) {
  const body = secret.slice('scopewise_key_'.length);
  expect(await whatTheBrowserKeeps(page)).not.toContain(body);
  expect(sent.filter((request) => request.includes(body))).toEqual([]);
}

test('with the mouse', async ({ page, server }) => {
  const sent = listen(page);

  await test.step('the set-up link makes the first account, and its token leaves the address bar', async () => {
    await page.goto(await server.setupLink);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Scopewise');
    expect(page.url()).toBe(`${server.url}/setup`);
    await page.getByLabel('Name').fill(ACCOUNT.name);
    await page.getByLabel('Email').fill(ACCOUNT.email);
    await page.getByLabel('Password').fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  });

  await test.step('a project leads to Overview › Integration › API keys', async () => {
    await page.getByLabel('Name').fill('Web shop');
    await page.getByLabel('Project ID').fill('shop');
    await page.getByRole('button', { name: 'Create project' }).click();
    await expect(page).toHaveURL(server.url + KEYS_PATH);
    const crumbs = page.getByRole('navigation', { name: /breadcrumb/i });
    for (const step of ['Overview', 'Integration', 'API keys']) await expect(crumbs).toContainText(step);
    await page.getByRole('link', { name: 'Create API key' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create API key');
  });

  const scope = (name) => page.getByRole('checkbox', { name, exact: true });
  const diagnostic = (code) => page.locator(`[data-code="${code}"]`);
  let secret;

  await test.step('the check warns while scopes are chosen, and a fix is one click', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
    await page.getByRole('button', { name: 'Expand all' }).click();
    await scope('keys.write').check();
    await expect(diagnostic('sensitive-scope')).toContainText('keys.write');
    await page.getByText('Never', { exact: true }).click();
    await expect(diagnostic('sensitive-without-expiry')).toBeVisible();
    await scope('keys.write').uncheck();
    await expect(diagnostic('sensitive-scope')).toHaveCount(0);
    await page.getByText('30 days', { exact: true }).click();
    await expect(diagnostic('never-expires')).toHaveCount(0);

    await page.getByRole('checkbox', { name: 'Show deprecated' }).check();
    await scope('attributes.read').check();
    await expect(diagnostic('deprecated-scope')).toContainText('attributes.read');
    await page.getByRole('button', { name: 'Replace with columns.read' }).click();
    await expect(diagnostic('deprecated-scope')).toHaveCount(0);
    await expect(scope('columns.read')).toBeChecked();
    await expect(scope('attributes.read')).not.toBeChecked();
  });

  await test.step('search finds a scope, and a service is chosen as a whole', async () => {
    await page.getByRole('searchbox', { name: 'Search scopes' }).fill('buckets');
    await expect(scope('buckets.read')).toBeVisible();
    await expect(scope('columns.read')).toBeHidden();
    await page.getByRole('searchbox', { name: 'Search scopes' }).fill('');
    await page.getByRole('checkbox', { name: 'All of Sites' }).check();
    await expect(scope('sites.write')).toBeChecked();
    await page.getByRole('checkbox', { name: 'All of Sites' }).uncheck();
    await expect(scope('sites.write')).not.toBeChecked();
    await page.getByText('Read and write', { exact: true }).click();
    await expect(scope('columns.read')).toBeChecked();
    await page.getByText('By service', { exact: true }).click();
  });

  await test.step('the secret is shown once, copied, and kept nowhere', async () => {
    await page.getByRole('button', { name: 'Create API key' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('API key created');
    secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
    expect(secret).toMatch(SECRET);
    await page.getByRole('button', { name: 'Copy secret' }).click();
    await expect(page.getByText('Copied secret')).toBeAttached();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    await expectKeptNowhere(page, sent, secret);
    expect(await works(server, secret)).toBe(true);
    await page.getByRole('button', { name: 'I have stored the secret' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nightly export');
    expect(await page.content()).not.toContain(secret);
    await page.goBack();
    expect(await page.content()).not.toContain(secret);
    await page.goForward();
  });

  await test.step('the list shows the key, and leads to it', async () => {
    await page.getByRole('link', { name: 'API keys' }).click();
    const row = page.getByRole('row', { name: /Nightly export/ });
    await expect(row).toContainText('Databases R');
    await expect(row).toContainText(secret.slice(-4));
    await page.getByRole('link', { name: 'Nightly export' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nightly export');
  });

  await test.step('name and scopes are changed, and what is granted and revoked is shown before', async () => {
    await openTab(page, 'Settings');
    await page.getByRole('textbox', { name: 'Name' }).fill('Weekly export');
    await editScopes(page);
    await page.getByRole('button', { name: 'Expand all' }).click();
    await scope('columns.read').uncheck();
    await scope('rows.read').check();
    const changes = page.getByRole('region', { name: 'Changes to scopes' });
    await expect(changes).toContainText('1 scope granted');
    await expect(changes).toContainText('rows.read');
    await expect(changes).toContainText('1 scope revoked');
    await expect(changes).toContainText('columns.read');
    const bar = page.getByRole('list', { name: 'Changes' });
    for (const line of ['Name: Weekly export', 'Grants rows.read', 'Revokes columns.read']) await expect(bar).toContainText(line);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Weekly export');
    await expect(page.getByText('The key is saved.')).toBeVisible();
    await expect(bar).toBeHidden();
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Weekly export');
  });

  await test.step('a deleted key stops working at once', async () => {
    await openTab(page, 'Settings');
    await page.getByRole('button', { name: 'Delete this key' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Delete this key?' });
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await expect(dialog).toBeHidden();
    expect(await works(server, secret)).toBe(true);
    await page.getByRole('button', { name: 'Delete this key' }).click();
    await dialog.getByRole('button', { name: 'Delete key' }).click();
    await expect(page.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
    expect(await works(server, secret)).toBe(false);
    await expectKeptNowhere(page, sent, secret);
  });
});

test('with the keyboard alone', async ({ page, server }) => {
  await page.addInitScript(() => {
    window.pointerWasUsed = false;
    window.addEventListener('pointerdown', () => (window.pointerWasUsed = true), true);
  });
  const { keyboard } = page;
  const press = async (target, key = 'Enter') => {
    await tabTo(page, target);
    await keyboard.press(key);
  };
  const write = async (target, text) => {
    await tabTo(page, target);
    await keyboard.press('Control+A');
    await keyboard.type(text);
  };
  const heading = page.getByRole('heading', { level: 1 });
  const scope = (name) => page.getByRole('checkbox', { name, exact: true });
  // Tab leads to one stop of the list, and the arrows go through the others.
  const goTo = async (target) => {
    await expect(target).toBeVisible();
    await tabTo(page, page.locator('.picker-list [data-stop][tabindex="0"]'));
    for (let presses = 0; presses < 50 && !(await target.evaluate((element) => element === document.activeElement)); presses += 1) {
      await keyboard.press('ArrowDown');
    }
    await expect(target).toBeFocused();
  };

  await page.goto(await server.setupLink);
  await write(page.getByLabel('Name'), ACCOUNT.name);
  await write(page.getByLabel('Email'), ACCOUNT.email);
  await write(page.getByLabel('Password'), ACCOUNT.password);
  await keyboard.press('Enter');

  await expect(heading).toHaveText('Projects');
  await write(page.getByLabel('Name'), 'Web shop');
  await write(page.getByLabel('Project ID'), 'shop');
  await keyboard.press('Enter');

  await expect(heading).toHaveText('API keys');
  await expect(heading).toBeFocused();
  await press(page.getByRole('link', { name: 'Create API key' }));

  await expect(heading).toHaveText('Create API key');
  await write(page.getByRole('textbox', { name: 'Name' }), 'Nightly export');
  await tabTo(page, page.getByRole('radio', { name: '90 days' }));
  await keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: '30 days' })).toBeChecked();
  await press(page.getByRole('checkbox', { name: 'Show deprecated' }), 'Space');
  await write(page.getByRole('searchbox', { name: 'Search scopes' }), 'attributes');
  await goTo(scope('attributes.read'));
  await keyboard.press('Space');
  await press(page.getByRole('button', { name: 'Replace with columns.read' }));
  await expect(page.locator('[data-code="deprecated-scope"]')).toHaveCount(0);
  await press(page.getByRole('button', { name: 'Create API key' }));

  await expect(heading).toHaveText('API key created');
  const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
  expect(secret).toMatch(SECRET);
  await press(page.getByRole('button', { name: 'Copy secret' }));
  await expect(page.getByText('Copied secret')).toBeAttached();
  await press(page.getByRole('button', { name: 'I have stored the secret' }));

  await expect(heading).toHaveText('Nightly export');
  await press(page.getByRole('link', { name: 'API keys' }));
  await press(page.getByRole('link', { name: 'Nightly export' }));
  await expect(heading).toHaveText('Nightly export');
  const tab = (name) => page.getByRole('navigation', { name: 'Key', exact: true }).getByRole('link', { name, exact: true });
  await press(tab('Settings'));
  await write(page.getByRole('textbox', { name: 'Name' }), 'Weekly export');
  await press(tab('Scopes'));
  await press(page.getByRole('button', { name: 'Edit scopes' }));
  await expect(page.getByRole('searchbox', { name: 'Search scopes' })).toBeFocused();
  await write(page.getByRole('searchbox', { name: 'Search scopes' }), 'rows.');
  await goTo(scope('rows.read'));
  await keyboard.press('Space');
  await expect(page.getByRole('region', { name: 'Changes to scopes' })).toContainText('1 scope granted');
  await press(page.getByRole('button', { name: 'Save changes' }));
  await expect(heading).toHaveText('Weekly export');

  await press(tab('Settings'));
  await press(page.getByRole('button', { name: 'Delete this key' }));
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Delete this key' })).toBeFocused();
  // The focus returns before the page knows that the dialog is closed; only a script is that fast.
  await expect(async () => {
    await keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Delete key' })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await press(page.getByRole('button', { name: 'Delete key' }));
  await expect(page.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
  expect(await works(server, secret)).toBe(false);
  expect(await page.evaluate(() => window.pointerWasUsed)).toBe(false);
});
