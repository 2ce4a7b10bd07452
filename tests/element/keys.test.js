// <scopewise-keys> against a Scopewise server, in a page of another origin with a strict content security policy.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

import { makeDatabase, startServer } from '../support/server.js';
import { test as base, until, watchable } from './support.js';

/** A server with the project `shop`, and a backend that creates widget tokens. */
const test = base.extend({
  backend: async ({}, use) => {
    const database = await makeDatabase();
    await database.command('project', 'create', '--id', 'shop', '--name', 'Web shop');
    const made = await database.command('key', 'create', '--project', 'shop', '--name', 'backend', '--scope', 'keys.write', '--scope', 'keys.read');
    const { secret } = JSON.parse(made);
    const server = await startServer(database);
    const ask = async (method, path, body) => {
      const headers = { 'content-type': 'application/json', 'x-appwrite-key': secret, 'x-appwrite-project': 'shop' };
      const response = await fetch(`${server.url}/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
      expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
      return response.status === 204 ? undefined : response.json();
    };
    const token = (more = {}) =>
      ask('POST', '/project/widget-tokens', {
        scopes: ['rows.read', 'rows.write', 'files.read'], duration: 900, mayCreate: true, mayRotate: true, mayRevoke: true, ...more,
      });
    await use({ endpoint: `${server.url}/v1`, ask, token });
    await server.stop();
    await database.remove();
  },
  /** Opens a page with the element and this token. */
  widget: async ({ page, site, backend, browserName }, use) => {
    await use(async (token) => {
      const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${new URL(backend.endpoint).origin}`;
      const element = `<h1>Settings</h1><scopewise-keys endpoint="${backend.endpoint}"></scopewise-keys>`;
      await page.goto(site.page(element, { headers: { 'content-security-policy': watchable(policy, browserName) }, script: '/package/keys-define.js' }));
      await page.evaluate((token) => {
        const element = document.querySelector('scopewise-keys');
        globalThis.events = [];
        for (const type of ['created', 'rotated', 'revoked', 'error']) {
          element.addEventListener(type, ({ detail }) => globalThis.events.push([type, JSON.stringify(detail)]));
        }
        element.token = token;
      }, token);
    });
  },
});

async function create(page, name, scope) {
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create key' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('searchbox').first().fill(scope);
  await dialog.getByRole('checkbox', { name: scope, exact: true }).check();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue();
  await page.getByRole('button', { name: 'Done' }).click();
  return secret;
}

test('a customer creates, rotates and deletes a key, and sees each secret once', async ({ page, backend, widget }) => {
  const { secret: token } = await backend.token();
  await widget(token);
  const secret = await create(page, 'Cron <b>job</b>', 'rows.read');
  expect(secret).toMatch(/^scopewise_key_[0-9A-Za-z]{49}$/);
  const { keys } = await backend.ask('GET', '/project/keys');
  expect(keys.find(({ name }) => name === 'Cron <b>job</b>').scopes).toEqual(['rows.read']);
  const row = page.getByRole('listitem').filter({ hasText: 'Cron <b>job</b>' });
  await expect(row).toContainText('Active');
  // Nothing of the secret is left in the page, and no event has it.
  const left = await page.evaluate(() => document.querySelector('scopewise-keys').shadowRoot.innerHTML + JSON.stringify(globalThis.events));
  expect(left).not.toContain(secret);
  await row.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  const rotated = await page.getByRole('textbox', { name: 'Secret' }).inputValue();
  expect(rotated).not.toBe(secret);
  await page.getByRole('button', { name: 'Done' }).click();
  await row.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
  expect(await page.evaluate(() => globalThis.events.map(([type]) => type))).toEqual(['created', 'rotated', 'revoked']);
});

test('only scopes below the ceiling are offered, and the server refuses others', async ({ page, backend, widget }) => {
  const { secret: token } = await backend.token({ scopes: ['rows.read', 'files.read'] });
  await widget(token);
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create key' });
  await expect(dialog.getByRole('searchbox').first()).toBeVisible();
  const offered = await page.evaluate(() => {
    const picker = document.querySelector('scopewise-keys').shadowRoot.querySelector('scope-picker');
    picker.value = ['users.write'];
    return picker.allow;
  });
  expect(offered).toEqual(['rows.read', 'files.read']);
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('too much');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('users.write');
  await expect(dialog).toBeVisible();
});

test('what the token does not allow is not shown', async ({ page, backend, widget }) => {
  const { secret: token } = await backend.token({ mayCreate: false, mayRotate: false, mayRevoke: false, scopes: ['keys.read', 'keys.write'] });
  await widget(token);
  await expect(page.getByRole('listitem').filter({ hasText: 'backend' })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
});

test('a token that has ended is replaced where the page gives a new one, and is an error where it does not', async ({ page, backend, widget }) => {
  const first = await backend.token();
  await widget(first.secret);
  await expect(page.getByText('There are no keys yet')).toBeVisible();
  await backend.ask('DELETE', `/project/ephemeral-keys/${first.$id}`);
  await page.evaluate(() => document.querySelector('scopewise-keys').reload());
  await expect(page.getByRole('alert')).toContainText('widget token');
  const { secret: second } = await backend.token();
  await page.evaluate((token) => {
    document.querySelector('scopewise-keys').getToken = async () => token;
  }, second);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('There are no keys yet')).toBeVisible();
});

test('the manifest has the attributes and properties of the element, and the documentation has the manifest', async ({ page, site }) => {
  const root = resolve(import.meta.dirname, '../..');
  const { modules } = JSON.parse(await readFile(join(root, 'js', 'custom-elements.json'), 'utf8'));
  const { attributes, members, events, cssParts } = modules.find(({ path }) => path === 'keys.js').declarations[0];
  await page.goto(site.page('', { script: '/package/keys-define.js' }));
  await until(page, () => customElements.get('scopewise-keys') !== undefined);
  const [observed, missing] = await page.evaluate((names) => {
    const element = document.createElement('scopewise-keys');
    return [element.constructor.observedAttributes, names.filter((name) => !(name in element))];
  }, members.map(({ name }) => name));
  expect(attributes.map(({ name }) => name).sort()).toEqual([...observed].sort());
  expect(missing).toEqual([]);
  const docs = await readFile(join(root, 'docs', 'key-manager.md'), 'utf8');
  for (const { name, description } of [...attributes, ...events]) expect(docs).toMatch(new RegExp(`\\| \`${name}\` \\|.*${description.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} \\|`));
  for (const { name } of [...members, ...cssParts]) expect(docs).toMatch(new RegExp(`\`${name}(\`|\\()`));
  // A server that renders pages can import it.
  expect(typeof (await import(join(root, 'js', 'pkg', 'keys-define.js'))).ScopewiseKeys).toBe('function');
});

test('the list and its dialogs are accessible in both themes, on a phone too', async ({ page, backend, widget }) => {
  const { secret: token } = await backend.token();
  await widget(token);
  await create(page, 'Cron', 'rows.read');
  const check = async (what) => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`), what).toEqual([]);
  };
  for (const colorScheme of ['light', 'dark']) {
    // The page says its background, since axe takes a page without one for white.
    await page.evaluate((scheme) => {
      Object.assign(document.documentElement.style, { colorScheme: scheme, background: scheme === 'dark' ? '#121514' : '#ffffff' });
    }, colorScheme);
    for (const width of [320, 1000]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width} px`).toBe(true);
      await check(`list, ${colorScheme}, ${width} px`);
    }
    await page.getByRole('button', { name: 'Delete: Cron' }).click();
    await check(`dialog, ${colorScheme}`);
    await page.keyboard.press('Escape');
  }
});
