// The list of keys: thousands of them, in the address bar, and what is done with one of them.

import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, setUp, signIn, survey, test } from './support.js';

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

test('the next page starts with its first row, although the answer is late and the page is scrolled meanwhile', async ({ page, database }) => {
  await setUp(database);
  await importKeys(database, COUNT);
  await signIn(page);
  await page.clock.install();
  await page.goto(KEYS);
  await expect(link(page, 'Key 2500')).toBeVisible();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(link(page, 'Key 1501')).toBeVisible();
  await page.clock.fastForward(1000);
  await expect(page).toHaveURL(/row=9\d\d/);
  let answer;
  const late = new Promise((done) => { answer = done; });
  await page.route(/offset=1000/, async (route) => {
    await late;
    await route.continue();
  });
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Next' }).click();
  await page.evaluate(() => new Promise((done) => {
    addEventListener('scroll', done, { once: true });
    scrollBy(0, -10);
  }));
  await page.clock.fastForward(1000);
  expect(new URL(page.url()).search).toBe('?page=2');
  answer();
  await expect(link(page, 'Key 1500')).toBeInViewport();
  await page.reload();
  await expect(link(page, 'Key 1500')).toBeInViewport();
});

test('a line says the exact times where somebody points at it or stops with the keyboard', async ({ page, database }) => {
  await setUp(database);
  for (const year of [2098, 2099]) {
    await database.command('key', 'create', '--project', 'shop', '--name', `Until ${year}`, '--scope', 'rows.read', '--expire', `${year}-01-02T12:00:00Z`);
  }
  await signIn(page);
  await page.goto(KEYS);
  await expect(link(page, 'Until 2098')).not.toHaveAttribute('title');
  await table(page).locator('tbody time[datetime^="2098"]').hover({ force: true });
  await expect(link(page, 'Until 2098')).toHaveAttribute('title', /^Expires 2 Jan 2098, .*\nLast used: never\nCreated /);
  await link(page, 'Until 2099').focus();
  await expect(link(page, 'Until 2099')).toHaveAttribute('title', /^Expires 2 Jan 2099, /);
  // All rows are filled again: there is room for fewer chips. Nobody points at the first row any more.
  await page.mouse.move(0, 0);
  await page.setViewportSize({ width: 1100, height: 800 });
  await expect(link(page, 'Until 2098')).not.toHaveAttribute('title');
  await expect(link(page, 'Until 2099')).toHaveAttribute('title', /^Expires 2 Jan 2099, /);
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
    // Exact times, which a row with the focus of the keyboard shows, need no more room.
    await page.keyboard.press('Tab');
    await link(page, 'Short').focus();
    expect(await page.locator('.table.keys tr').filter({ hasText: 'Short' }).evaluate((row) => row.offsetHeight)).toBe(44);
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

test('the name of a key has room in every window, with and without the sidebar', async ({ page, database }) => {
  await setUp(database);
  await makeKey(database, 'Nightly export', 'rows.read,files.read,users.read,sites.read,functions.read');
  await signIn(page);
  await page.goto(KEYS);
  await expect(link(page, 'Nightly export')).toBeVisible();
  for (let width = 320; width <= 1920; width += 40) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.locator('.table.keys tbody th').evaluate((head) => head.offsetWidth), { message: `at ${width} px` }).toBeGreaterThan(width < 400 ? 100 : 140);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `at ${width} px`).toBeLessThanOrEqual(0);
  }
});

test('a row names the services that its column has room for, and counts the others', async ({ page, database }) => {
  await setUp(database);
  await makeKey(database, 'Nightly export', 'rows.read,files.write,users.read,sites.read,functions.read');
  await makeKey(database, 'Reader', 'rows.read');
  await signIn(page);
  await page.goto(KEYS);
  const scopes = (name) => table(page).getByRole('row', { name }).locator('.keys-scopes');
  await expect(scopes('Reader')).toHaveText(/Databases R/);
  const counts = new Set();
  for (const width of [834, 900, 1024, 1280, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const shown = () => scopes('Nightly export').evaluate((cell) => {
      const chips = [...cell.querySelectorAll('.tag:not([hidden])')];
      const { right } = cell.getBoundingClientRect();
      const last = cell.lastElementChild;
      return {
        cut: chips.filter((chip) => chip.scrollWidth > chip.clientWidth).map((chip) => chip.textContent),
        isInside: [...chips, last].every((part) => part.getBoundingClientRect().right <= right),
        all: chips.length + Number(last.textContent),
      };
    });
    await expect.poll(shown, { message: `at ${width} px` }).toEqual({ cut: [], isInside: true, all: 5 });
    counts.add(await scopes('Nightly export').locator('.tag:visible').count());
  }
  expect(counts.size, 'wide windows show more').toBeGreaterThan(1);
});

test('several keys are changed at once, and those that fail are listed and stay selected', async ({ page, database, expectedErrors }) => {
  test.setTimeout(180_000);
  expectedErrors.push(/500/);
  await setUp(database);
  for (const name of ['Export A', 'Export B', 'Export C']) await makeKey(database, name, 'execution.read,rows.read');
  await makeKey(database, 'Deployment', 'keys.write');
  await signIn(page);
  await page.goto(KEYS);
  const box = (name) => table(page).getByRole('checkbox', { name: `Select ${name}` });
  const bar = page.getByRole('group', { name: 'Selected keys' });
  const row = (name) => table(page).getByRole('row', { name: new RegExp(name) });
  await expect(page.getByText('Sensitive scopes 1')).toBeVisible();
  await box('Export A').check();
  await box('Export B').press('Space');
  await expect(bar).toContainText('2 selected');
  await expect(page.getByRole('checkbox', { name: 'Select all keys of this page' })).toHaveJSProperty('indeterminate', true);
  await survey(page, 'keys-selected');
  await page.setViewportSize({ width: 390, height: 844 });
  const heights = await bar.getByRole('button').evaluateAll((buttons) => buttons.map((button) => button.offsetHeight));
  expect(Math.max(...heights)).toBeLessThan(48);
  await page.setViewportSize({ width: 1280, height: 800 });

  await bar.getByRole('button', { name: 'Replace deprecated scopes' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Replace deprecated scopes' }).click();
  await expect(page.getByText('2 keys are without deprecated scopes.')).toBeVisible();
  const scopes = async () => page.evaluate(async () => {
    const answer = await fetch('/v1/project/keys', { headers: { 'x-appwrite-project': 'shop', 'x-appwrite-mode': 'admin' } });
    return Object.fromEntries((await answer.json()).keys.map((key) => [key.name, [key.scopes.join(' '), key.expire]]));
  });
  expect((await scopes())['Export A'][0]).toBe('executions.read rows.read');
  expect((await scopes())['Export C'][0]).toBe('execution.read rows.read');

  await page.getByRole('checkbox', { name: 'Select all keys of this page' }).check();
  await expect(bar).toContainText('4 selected');
  for (const format of ['CSV', 'JSON']) {
    const [download] = await Promise.all([page.waitForEvent('download'), bar.getByRole('button', { name: `Export ${format}` }).click()]);
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toContain('Export C');
    expect(text).not.toMatch(/scopewise_key_[A-Za-z0-9]{20}/);
  }
  await bar.getByRole('button', { name: 'Change expiry' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the expiry of 4 keys' });
  await dialog.getByText('30 days', { exact: true }).click();
  await survey(page, 'keys-expiry');
  await dialog.getByRole('button', { name: 'Change expiry' }).click();
  await expect(page.getByText('4 keys have a new expiry.')).toBeVisible();
  expect(Object.values(await scopes()).every(([, expire]) => expire)).toBe(true);

  await box('Deployment').check();
  await box('Export C').check();
  const id = (await link(page, 'Deployment').getAttribute('href')).split('/').pop();
  await page.route(`**/v1/project/keys/${id}`, (route) => (route.request().method() === 'DELETE' ? route.fulfill({ status: 500, body: 'down' }) : route.fallback()));
  await bar.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete 2 keys?' });
  await expect(question).toContainText('Deployment');
  await survey(page, 'keys-delete');
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('1 key is deleted.')).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: '1 key did not change' })).toContainText('Deployment');
  await expect(row('Export C')).toHaveCount(0);
  await expect(box('Deployment')).toBeChecked();
  await expect(bar).toContainText('1 selected');
});

test('compact rows are lower, and the browser remembers them', async ({ page, database }) => {
  await setUp(database);
  await makeKey(database, 'Nightly export');
  await signIn(page);
  await page.goto(KEYS);
  const height = async () => (await table(page).getByRole('row').nth(1).boundingBox()).height;
  await expect(link(page, 'Nightly export')).toBeVisible();
  expect(await height()).toBe(44);
  await page.getByRole('button', { name: 'Compact' }).click();
  await expect.poll(height).toBe(32);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Compact' })).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(height).toBe(32);
});
