// What is in the package besides the element itself: its manifest, its documentation, the example.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { expect } from '@playwright/test';

import { choose, ready, test } from './support.js';

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
  const bytes = await readFile(join(packageFolder, 'package', 'picker.wasm'), 'latin1');
  expect(bytes.match(/[ -~]*(?:\/root\/|\/home\/|\/Users\/|\.cargo|\.rustup)[ -~]*/g)).toBe(null);
});

test('the example works: its server receives what a person chose', async ({ page }) => {
  const server = spawn(process.execPath, [join(root, 'examples', 'picker', 'server.mjs'), '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const line = await new Promise((done) => server.stdout.once('data', (data) => done(String(data))));
    await page.goto(line.match(/http:\S+/)[0]);
    await ready(page);
    await choose(page.locator('scope-picker'), 'rows.write');
    await page.getByRole('button', { name: 'Create key' }).click();
    await expect(page.getByText('"valid": true')).toBeVisible();
    expect(JSON.parse(await page.locator('pre').textContent())).toEqual({ name: 'Importer', scopes: ['rows.read', 'rows.write'], valid: true, errors: [] });
  } finally {
    server.kill();
  }
});
