// <scope-picker> where its WebAssembly cannot run, and before it is there.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { needsChromium, test, until } from './support.js';

const listen = "<script nonce=\"n\">addEventListener('error', (event) => event.detail && (window.failure = event.detail), true)</script>";
const strict = (...more) => ({ 'content-security-policy': ["default-src 'none'", "connect-src 'self'", `script-src 'self' 'nonce-n' ${more}`].join('; ') });
const form = (picker) => `${listen}<form method="post" action="/form">${picker}<button>Create</button></form>`;

const submit = async (page) => {
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('received')).toBeVisible();
};

test('a strict content security policy is enough if it allows WebAssembly', async ({ page, site, open, browserName }) => {
  needsChromium(browserName, 'to look into a page whose policy forbids eval');
  const violations = [];
  page.on('console', (message) => /Content Security Policy/i.test(message.text()) && violations.push(message.text()));
  await open('<scope-picker value="rows.read"></scope-picker>', { headers: strict("'wasm-unsafe-eval'") });
  const list = page.locator('scope-picker .picker');
  await expect(list).toBeVisible();
  expect(await list.evaluate((node) => getComputedStyle(node).containerType)).toBe('inline-size');
  // Also for what is loaded later.
  await page.getByText('Read and write').click();
  await expect(page.getByRole('table')).toBeVisible();
  expect(violations).toEqual([]);
  expect(site.forms).toEqual([]);
});

test('without WebAssembly the built-in scopes are a plain list that is submitted, and an error says why', async ({ page, site, browserName }) => {
  needsChromium(browserName, 'to look into a page whose policy forbids eval');
  await page.goto(site.page(form('<scope-picker name="scope" value="rows.read future.read" required></scope-picker>'), { headers: strict() }));
  await until(page, () => window.failure !== undefined);
  expect(await page.evaluate(() => [failure.code, failure.help])).toEqual([
    'wasm-refused', "If the page has a content security policy, add 'wasm-unsafe-eval' to script-src.",
  ]);
  await expect(page.getByRole('checkbox', { name: 'rows.read' })).toBeChecked();
  const parts = await page.evaluate(() => [...document.querySelector('scope-picker').shadowRoot.querySelectorAll('[part]')].map((node) => node.getAttribute('part')));
  expect([...new Set(parts)]).toEqual(['content', 'plain', 'scope', 'checkbox', 'scope-name', 'scope-about']);
  await page.getByRole('checkbox', { name: 'users.read' }).check();
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'rows.read'], ['scope', 'future.read'], ['scope', 'users.read']]]);
});

test('a plain list can be required, disabled and reset, and fires the same events', async ({ page, site, browserName }) => {
  needsChromium(browserName, 'to look into a page whose policy forbids eval');
  await page.goto(site.page(form('<scope-picker name="scope" required allow="rows.*"></scope-picker>'), { headers: strict() }));
  await until(page, () => window.failure !== undefined);
  await expect(page.getByRole('checkbox')).toHaveCount(2);
  expect(await page.evaluate(() => document.querySelector('form').checkValidity())).toBe(false);
  await page.evaluate(() => {
    window.heard = [];
    for (const type of ['input', 'change']) addEventListener(type, ({ detail }) => heard.push([type, detail.value, detail.report]));
  });
  await page.getByRole('checkbox', { name: 'rows.write' }).check();
  expect(await page.evaluate(() => heard)).toEqual([['input', ['rows.write'], null], ['change', ['rows.write'], null]]);
  expect(await page.evaluate(() => document.querySelector('form').checkValidity())).toBe(true);
  await page.evaluate(() => document.querySelector('form').reset());
  await expect(page.getByRole('checkbox', { name: 'rows.write' })).not.toBeChecked();
  await page.evaluate(() => (document.querySelector('scope-picker').disabled = true));
  await expect(page.getByRole('checkbox', { name: 'rows.write' })).toBeDisabled();
});

test('where the file cannot be loaded, the checkboxes of the content are the plain list', async ({ page, site }) => {
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404 }));
  const light = `<label><input type="checkbox" name="scope" value="orders.read" checked> Read orders</label>
    <label><input type="checkbox" name="scope" value="orders.write"> Change orders</label>`;
  await page.goto(site.page(form(`<scope-picker name="scope">${light}</scope-picker>`)));
  await until(page, () => window.failure !== undefined);
  expect(await page.evaluate(() => failure.code)).toBe('wasm-not-loaded');
  await page.getByRole('checkbox', { name: 'Change orders' }).check();
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'orders.read'], ['scope', 'orders.write']]]);
});

test('where what is loaded later cannot be loaded, the picker says so, goes on, and tries again', async ({ page, site }) => {
  await page.route('**/picker-later.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(site.page(form('<scope-picker name="scope" value="rows.read"></scope-picker>')));
  await until(page, () => window.failure !== undefined && document.querySelector('scope-picker').matches(':state(ready)'));
  expect(await page.evaluate(() => [failure.code, failure.help])).toEqual([
    'wasm-not-loaded', 'Serve picker-later.wasm next to the script, or set ScopePicker.wasmLater to its URL.',
  ]);
  const note = page.getByText('This part of the picker cannot be loaded.');
  await expect(note.filter({ visible: true })).toHaveCount(0);
  await page.getByRole('searchbox').fill('rows');
  await expect(note.filter({ visible: true })).toHaveCount(1);
  await page.getByRole('searchbox').fill('');
  await expect(note.filter({ visible: true })).toHaveCount(0);
  // All scopes can be chosen without it.
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'users.read', exact: true }).check();
  await page.getByText('Read and write').click();
  await expect(note.filter({ visible: true })).toHaveCount(1);
  await page.unroute('**/picker-later.wasm');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('table').getByRole('checkbox', { name: 'users.read', exact: true })).toBeChecked();
  await expect(note).toHaveCount(0);
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'users.read'], ['scope', 'rows.read']]]);
});

test('operations are not left out of the report: without what checks them, there is the plain list', async ({ page, site }) => {
  await page.route('**/picker-later.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(site.page(form('<scope-picker name="scope" value="rows.read" operations="users.list"></scope-picker>')));
  await until(page, () => window.failure !== undefined);
  await expect(page.getByRole('checkbox', { name: 'rows.read' })).toBeChecked();
  expect(await page.evaluate(() => document.querySelector('scope-picker').matches(':state(plain)'))).toBe(true);
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'rows.read']]]);
});

test('operations that are set after what checks them has failed to load lead to the plain list, too', async ({ page, site }) => {
  await page.route('**/picker-later.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(site.page(form('<scope-picker name="scope" value="rows.read"></scope-picker>')));
  await until(page, () => window.failure !== undefined && document.querySelector('scope-picker').matches(':state(ready)'));
  await page.evaluate(() => (document.querySelector('scope-picker').operations = ['users.list']));
  await until(page, () => document.querySelector('scope-picker').matches(':state(plain)'));
  await expect(page.getByRole('checkbox', { name: 'rows.read' })).toBeChecked();
});

test('a picker can be used before the rest of it is there', async ({ page, site }) => {
  let answer;
  const asked = new Promise((resolve) => {
    page.route('**/picker-later.wasm', (route) => {
      answer = () => route.continue();
      resolve();
    });
  });
  await page.goto(site.page(form('<scope-picker name="scope" value="rows.read"></scope-picker>')), { waitUntil: 'commit' });
  await asked;
  await until(page, () => document.querySelector('scope-picker').matches(':state(ready)'));
  await page.getByRole('searchbox').fill('send an email');
  await page.getByText('Add from a list').click();
  // No report says that all is well before the operations are checked, and no form is submitted.
  const said = await page.evaluate(() => {
    const picker = document.querySelector('scope-picker');
    picker.operations = ['users.list'];
    picker.addEventListener('ready', ({ detail }) => (window.checked = detail.report.errors.map(({ code }) => code)));
    return [picker.report, picker.matches(':state(ready)'), picker.checkValidity(), picker.validationMessage];
  });
  expect(said).toEqual([null, false, false, 'The check of the operations is being loaded. Try again in a moment.']);
  await answer();
  await expect(page.getByRole('textbox', { name: 'Scope names' })).toBeVisible();
  await expect(page.getByText('messaging.createEmail')).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.checked)).toEqual(['missing-scope']);
  expect(await page.evaluate(() => document.querySelector('form').checkValidity())).toBe(false);
});

test('a catalog that cannot be loaded fires an error', async ({ page, site }) => {
  await page.goto(site.page(form('<scope-picker name="scope" value="orders.read" catalog="/nowhere.json"></scope-picker>')));
  await until(page, () => window.failure !== undefined);
  expect(await page.evaluate(() => failure.code)).toBe('catalog-not-loaded');
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'orders.read']]]);
});

test('without a script the content of the element shows and is submitted', async ({ page, site }) => {
  const light = '<label><input type="checkbox" name="scope" value="orders.read"> Read orders</label>';
  await page.goto(site.page(form(`<scope-picker name="scope">${light}</scope-picker>`), { script: '' }));
  await page.getByRole('checkbox', { name: 'Read orders' }).check();
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'orders.read']]]);
});

test('the content shows until the picker is ready, and what was chosen there stays chosen', async ({ page, site, packageFolder }) => {
  let answer;
  const asked = new Promise((resolve) => {
    page.route('**/picker.wasm', (route) => {
      answer = () => route.continue();
      resolve();
    });
  });
  const light = '<label><input type="checkbox" name="scope" value="rows.read" checked> Read rows</label>';
  await page.goto(site.page(form(`<scope-picker name="scope">${light}</scope-picker>`)), { waitUntil: 'commit' });
  await asked;
  await expect(page.getByText('Read rows')).toBeVisible();
  await answer();
  await expect(page.getByText('Read rows')).toBeHidden();
  await until(page, () => document.querySelector('scope-picker').matches(':state(ready)'));
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'rows.read']]]);
  expect(await readFile(join(packageFolder, 'package', 'scope-picker.js'), 'utf8')).not.toContain('eval(');
});
