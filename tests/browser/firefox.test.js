// The main flow of the console in Firefox: sign in, create a key by operations, see its secret once, list it, rotate it, revoke it.
// Without axe, in which Firefox 140 crashes at times; the tests in Chromium look at the accessibility of each of these states.

import { createServer, request } from 'node:http';

import { ACCOUNT, expect, openTab, setUp, test as base } from './support.js';

// Playwright reads pages of Firefox with `eval`, which the policy of the console forbids. A proxy allows it; all else passes as it is.
const test = base.extend({
  baseURL: async ({ server }, use) => {
    const { hostname, port } = new URL(server.url);
    const proxy = createServer((from, to) => {
      const passed = request({ hostname, port, path: from.url, method: from.method, headers: from.headers }, (answer) => {
        const policy = answer.headers['content-security-policy'];
        if (policy) answer.headers['content-security-policy'] = policy.replace("'wasm-unsafe-eval'", "'unsafe-eval'");
        to.writeHead(answer.statusCode, answer.headers);
        answer.pipe(to);
      });
      passed.on('error', () => to.destroy());
      from.pipe(passed);
    });
    await new Promise((listens) => proxy.listen(0, '127.0.0.1', listens));
    await use(`http://127.0.0.1:${proxy.address().port}`);
    proxy.closeAllConnections();
    await new Promise((closed) => proxy.close(closed));
  },
});

test('a key is created by what it will call, listed, rotated and deleted', async ({ page, server, database }) => {
  await setUp(database);
  const ask = async (secret, operation) => {
    const headers = { 'x-appwrite-project': 'shop', 'x-appwrite-key': secret, 'content-type': 'application/json' };
    return (await fetch(`${server.endpoint}/${operation}`, { headers })).status;
  };
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Projects');
  await page.getByRole('main').getByRole('link', { name: 'Web shop' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Create API key' }).first().click();

  await page.getByRole('group', { name: 'Select scopes by' }).getByText('Operations', { exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search scopes' }).fill('list keys');
  await page.getByRole('checkbox', { name: /project\.listKeys GET/ }).click();
  await page.getByRole('button', { name: 'Grant the missing scope' }).click();
  await expect(page.getByRole('region', { name: 'Scopes of this key' }).getByRole('listitem')).toHaveText(['keys.read']);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nightly export');
  await page.getByRole('button', { name: 'Create API key' }).click();

  await expect(heading).toHaveText('API key created');
  const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
  expect(await ask(secret, 'project/keys')).toBe(200);
  expect(await ask(secret, 'project')).toBe(401);
  await page.getByRole('button', { name: 'I have stored the secret' }).click();
  await expect(heading).toHaveText('Nightly export');
  await expect(page.getByText(secret)).toHaveCount(0);

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'API keys' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Nightly export' })).toContainText('Active');
  await page.getByRole('link', { name: 'Nightly export' }).click();
  await expect(heading).toHaveText('Nightly export');
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  const rotate = page.getByRole('dialog', { name: 'Rotate the secret' });
  await expect(rotate.getByRole('radio', { name: 'In 24 hours' })).toBeChecked();
  await rotate.getByRole('button', { name: 'Rotate secret' }).click();
  const panel = page.getByRole('group', { name: 'Secret', exact: true });
  await expect(panel).toBeVisible();
  const second = (await panel.textContent()).trim();
  expect([await ask(secret, 'project/keys'), await ask(second, 'project/keys')]).toEqual([200, 200]);
  await page.getByRole('button', { name: 'I have stored the secret' }).click();
  await page.getByRole('button', { name: 'Revoke the old secret now' }).click();
  await expect(page.getByRole('button', { name: 'Revoke the old secret now' })).toHaveCount(0);
  expect([await ask(secret, 'project/keys'), await ask(second, 'project/keys')]).toEqual([401, 200]);

  await openTab(page, 'Settings');
  await page.getByRole('button', { name: 'Delete this key' }).click();
  await page.getByRole('alertdialog', { name: 'Delete this key?' }).getByRole('button', { name: 'Delete key' }).click();
  await expect(heading).toHaveText('API keys');
  await expect(page.getByText('Nightly export')).toHaveCount(0);
  expect(await ask(second, 'project/keys')).toBe(401);
});
