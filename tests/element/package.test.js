// What is in the package besides the element itself: its manifest, its documentation, the example.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { expect } from '@playwright/test';

import { choose, ready, test, watchable } from './support.js';

const root = resolve(import.meta.dirname, '../..');
const manifest = async () => JSON.parse(await readFile(join(root, 'js', 'custom-elements.json'), 'utf8')).modules[0].declarations[0];

test('the manifest has the attributes and properties of the element, and the documentation has the manifest', async ({ page, site }) => {
  const { attributes, members, events, cssParts, cssProperties, cssStates } = await manifest();
  await page.goto(site.page(''));
  const [observed, missing] = await page.evaluate((fields) => {
    const picker = document.createElement('scope-picker');
    return [picker.constructor.observedAttributes, fields.filter((name) => !(name in picker))];
  }, members.map(({ name }) => name));
  // Only the styles read `density`.
  expect(attributes.map(({ name }) => name).filter((name) => name !== 'density').sort()).toEqual([...observed].sort());
  expect(missing).toEqual([]);
  const docs = await readFile(join(root, 'docs', 'picker.md'), 'utf8');
  const fields = members.filter(({ kind }) => kind === 'field');
  for (const { name } of attributes) expect(docs).toContain(`| \`${name}\` |`);
  for (const { name } of fields) expect(docs).toContain(`\`${name}\`: \``);
  for (const { name, description } of [...events, ...cssProperties]) expect(docs).toContain(`| \`${name}\` | ${description} |`);
  for (const { name, description } of cssParts) expect(docs).toContain(`| \`::part(${name})\` | ${description} |`);
  for (const { name, description } of cssStates) expect(docs).toContain(`| \`:state(${name})\` | ${description} |`);
  const styles = await readFile(join(root, 'style', 'tokens.css'), 'utf8');
  for (const { name } of cssProperties) expect(styles).toContain(`${name}:`);
});

test('a server that renders pages can import the element', async () => {
  const { ScopePicker } = await import(join(root, 'js', 'pkg', 'picker-define.js'));
  expect(typeof ScopePicker).toBe('function');
});

test('the WebAssembly has no path of the build machine', async ({ packageFolder }) => {
  for (const file of ['picker.wasm', 'picker-later.wasm']) {
    const bytes = await readFile(join(packageFolder, 'package', file), 'latin1');
    expect(bytes.match(/[ -~]*(?:\/root\/|\/home\/|\/Users\/|\.cargo|\.rustup)[ -~]*/g)).toBe(null);
  }
});

/** Opens a page of the examples, whose server ends with the test. */
const exampleTest = test.extend({
  example: async ({ page, browserName }, use) => {
    if (browserName === 'firefox') {
      await page.route(/\/$/, async (route) => {
        const response = await route.fetch();
        const policy = watchable(response.headers()['content-security-policy'], browserName);
        await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
      });
    }
    const server = spawn(process.execPath, [join(root, 'examples', 'picker', 'server.mjs'), '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise((done) => server.stdout.once('data', (data) => done(String(data))));
    await use(line.match(/http:\/\/[\d.:]+/)[0]);
    server.kill();
  },
});

const EXAMPLES = { 'HTML only': 'Importer', 'A strict content security policy': 'Strict', React: 'React', Vue: 'Vue', Svelte: 'Svelte' };

for (const [title, name] of Object.entries(EXAMPLES)) {
  exampleTest(`the example works: ${title}. Its server receives what a person chose`, async ({ page, example }) => {
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(example);
    await page.getByRole('link', { name: title, exact: true }).click();
    await expect(page.getByRole('searchbox', { name: 'Search scopes' })).toBeVisible();
    await ready(page);
    await choose(page.locator('scope-picker'), 'rows.write');
    await page.getByRole('button', { name: 'Create key' }).click();
    await expect(page.getByText('"valid": true')).toBeVisible();
    const received = await page.evaluate(() => JSON.parse(document.body.innerText));
    expect(received).toEqual({ name, scopes: ['rows.read', 'rows.write'], valid: true, errors: [] });
    // Firefox reports the icon that no page names.
    expect(problems.filter((problem) => !problem.includes('favicon.ico'))).toEqual([]);
  });
}

exampleTest('the server of the examples serves its pages and nothing else', async ({ example, request }) => {
  const status = async (path) => (await request.get(`${example}${path}`)).status();
  for (const path of ['/', '/html/', '/strict/', '/react/', '/page.css']) expect(await status(path), path).toBe(200);
  for (const path of ['/react/assets', '/react/..%2f..%2fserver.mjs', '/react/%zz', '/constructor/', '/nothing']) expect(await status(path), path).toBe(404);
  const policies = await Promise.all([1, 2].map(async () => (await request.get(`${example}/strict/`)).headers()['content-security-policy']));
  expect(policies[0], 'a nonce serves one answer').not.toBe(policies[1]);
});

for (const framework of ['React', 'Vue', 'Svelte']) {
  exampleTest(`${framework} and the picker change one value: the page shows what a person chose, and the picker what the page sets`, async ({ page, example }) => {
    await page.goto(`${example}/${framework.toLowerCase()}/`);
    const picker = page.locator('scope-picker');
    await expect(page.getByText('Selected: rows.read', { exact: true })).toBeVisible();
    await choose(picker, 'users.read');
    await expect(page.getByText('Selected: users.read, rows.read', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Select nothing' }).click();
    await expect(page.getByText('Selected: nothing')).toBeVisible();
    await expect(picker.locator('.picker-count')).toHaveText(/^0 /);
    const validity = await page.evaluate(() => [document.querySelector('scope-picker').validity.valueMissing, document.querySelector('form').checkValidity()]);
    expect(validity).toEqual([true, false]);
  });
}
