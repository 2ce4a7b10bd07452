// The list of keys: thousands of them, in the address bar, and what is done with one of them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, setUp, signIn, test } from './support.js';

const KEYS = '/projects/shop/overview/integration/api-keys';
const COUNT = 2500;

const table = (page) => page.getByRole('table', { name: 'API keys' });
const link = (page, name) => table(page).getByRole('link', { name, exact: true });
const search = (page) => page.getByRole('searchbox', { name: 'Search keys' });

/** Makes `Key 0001`, `Key 0002` and so on. */
async function importKeys(database, count) {
  const file = join(database.folder, 'keys.jsonl');
  const line = (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return JSON.stringify({ id: `k${number}`, name: `Key ${number}`, scopes: ['rows.read'], expire: null, secret: `standard_${number.repeat(64)}` });
  };
  writeFileSync(file, Array.from({ length: count }, line).join('\n'));
  await database.command('key', 'import', '--project', 'shop', file);
}

async function makeKey(database, name, scopes = 'rows.read') {
  return JSON.parse(await database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', scopes));
}

test('of thousands of keys, only those in view are in the page, and the address says which', async ({ page, database }) => {
  await setUp(database);
  await importKeys(database, COUNT);
  await signIn(page);
  await page.goto(KEYS);
  await expect(table(page)).toHaveAttribute('aria-rowcount', String(COUNT + 1));
  await expect(page.getByText('2,500 keys')).toBeVisible();
  await expect(link(page, 'Key 2500')).toBeVisible();
  expect(await table(page).locator('tbody tr').count()).toBeLessThan(80);

  await page.evaluate(() => scrollTo(0, 20_000));
  await expect(link(page, 'Key 2050')).toBeAttached();
  await expect(page).toHaveURL(/row=4\d\d/);
  expect(await table(page).locator('tbody tr').count()).toBeLessThan(80);
  const name = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('.keys-name a')];
    return rows.find((row) => row.getBoundingClientRect().top > 120).textContent;
  });
  await link(page, name).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page).toHaveTitle(`${name} · API key · Scopewise`);
  await page.goBack();
  await expect(link(page, name)).toBeInViewport();

  await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Keys 1,001 to 2,000 of 2,500')).toBeVisible();
  await expect(link(page, 'Key 1500')).toBeVisible();
  await expect(page).toHaveURL(/page=2/);
  await page.reload();
  await expect(link(page, 'Key 1500')).toBeVisible();
  await page.goBack();
  await expect(page.getByText('Keys 1 to 1,000 of 2,500')).toBeVisible();
});

test('search, filter and order are in the address, and the back button brings them back', async ({ page, database }) => {
  await setUp(database);
  await importKeys(database, 300);
  await makeKey(database, 'Deployment', 'keys.write,sites.write');
  await signIn(page);
  await page.goto(KEYS);
  await search(page).fill('KEY 0042');
  await expect(table(page).getByRole('row')).toHaveCount(2);
  await expect(page.getByText('1 key', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/search=KEY%200042/);
  await link(page, 'Key 0042').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Key 0042');
  await page.goBack();
  await expect(search(page)).toHaveValue('KEY 0042');
  await expect(table(page).getByRole('row')).toHaveCount(2);
  await search(page).fill('nothing like it');
  await expect(page.getByText('No keys match')).toBeVisible();
  await page.getByRole('button', { name: 'Show all keys' }).click();
  await expect(page.getByText('301 keys')).toBeVisible();

  await page.locator('.filters').getByText('Sensitive scopes').click();
  await expect(link(page, 'Deployment')).toBeVisible();
  await expect(table(page).getByRole('row')).toHaveCount(2);
  await page.goBack();
  await expect(page.getByText('301 keys')).toBeVisible();
  const name = table(page).getByRole('columnheader', { name: 'Name' });
  await expect(name).toHaveAttribute('aria-sort', 'none');
  await name.getByRole('button').click();
  await expect(name).toHaveAttribute('aria-sort', 'ascending');
  await expect(link(page, 'Deployment')).toBeVisible();
  await name.getByRole('button').click();
  await expect(name).toHaveAttribute('aria-sort', 'descending');
  await expect(link(page, 'Key 0300')).toBeVisible();
  await expect(page).toHaveURL(/sort=name&order=desc/);
});

test('a whole secret in the search finds its key, and never leaves the page', async ({ page, database }) => {
  const sent = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await setUp(database);
  const made = await makeKey(database, 'Nightly export');
  await makeKey(database, 'Another');
  await signIn(page);
  await page.goto(KEYS);
  await search(page).fill(made.secret);
  await expect(page.getByText('This key has the secret')).toBeVisible();
  await expect(table(page).getByRole('row')).toHaveCount(2);
  await expect(link(page, 'Nightly export')).toBeVisible();
  const body = made.secret.slice('scopewise_key_'.length);
  expect(await page.content()).not.toContain(body);
  expect(await search(page).inputValue()).not.toContain(body);
  expect(page.url()).toContain('sha256');
  expect(sent.filter((request) => request.includes(body))).toEqual([]);
});

test('a key is disabled from its row, and the toast undoes it', async ({ page, database }) => {
  await setUp(database);
  await makeKey(database, 'Nightly export');
  await signIn(page);
  await page.goto(KEYS);
  const row = table(page).getByRole('row', { name: /Nightly export/ });
  await expect(row).toContainText('Active');
  await expect(row).toContainText('Databases R');
  const menu = row.getByRole('button', { name: 'Actions for Nightly export' });
  await menu.press('Enter');
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await expect(menu).toHaveAttribute('aria-expanded', 'false');
  await menu.click();
  await row.getByRole('button', { name: 'Disable key' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable key' }).click();
  await expect(row).toContainText('Disabled');
  await expect(page.getByText('Nightly export is disabled.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toContainText('Active');
  await menu.click();
  await row.getByRole('link', { name: 'Rotate secret' }).click();
  await expect(page.getByRole('dialog', { name: 'Rotate the secret' })).toBeVisible();
  await expect(page).toHaveURL(/api-keys\/[^?]*$/);
});

test('heads stay whole, rows have one height, and nothing sticks when little room is left', async ({ page, database }) => {
  await setUp(database);
  await makeKey(database, 'Z\u0353\u0352\u0311\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308 and a name that is much longer than its column has room for, on every screen', 'rows.read,files.read,users.read,sites.read,functions.read');
  await makeKey(database, 'Short');
  await signIn(page);
  await page.goto(KEYS);
  for (const size of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(size);
    await expect(link(page, 'Short')).toBeVisible();
    const heights = await page.evaluate(() => [...document.querySelectorAll('.table.keys tr:not([hidden])')].map((row) => row.offsetHeight));
    expect(heights).toEqual([32, 44, 44]);
    const broken = await page.evaluate(() => [...document.querySelectorAll('.sort')].filter((head) => head.offsetHeight > 36).length);
    expect(broken).toBe(0);
  }
  await page.setViewportSize({ width: 320, height: 200 });
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('.header')).position)).toBe('static');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('banner')).toBeHidden();
  await expect(link(page, 'Short')).toBeVisible();
});
