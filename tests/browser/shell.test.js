// What stands around every page: the sidebar, the menu on phones, the command palette, and shortcuts.

import { ACCOUNT, expect, expectNoSidewaysScrolling, setUp, signIn, survey, tabTo, test } from './support.js';

const OVERVIEW = '/projects/shop/overview';
const KEYS = `${OVERVIEW}/integration/api-keys`;
const heading = (page) => page.getByRole('heading', { level: 1 });
const navigation = (page) => page.getByRole('navigation', { name: 'Project' });

const PAGES = [
  ['Keys', KEYS, 'API keys'],
  ['Ephemeral keys', `${OVERVIEW}/integration/ephemeral-keys`, 'Ephemeral keys'],
  ['Dev keys', `${OVERVIEW}/integration/dev-keys`, 'Dev keys'],
  ['Audit', `${OVERVIEW}/audit`, 'Audit log'],
  ['Policy', `${OVERVIEW}/settings/key-policy`, 'Key policy'],
  ['Project', `${OVERVIEW}/settings`, 'Project'],
];

test('the sidebar leads to each page of the project, and marks the current one', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(KEYS);
  for (const [label, path, title] of PAGES) {
    const link = navigation(page).getByRole('link', { name: label, exact: true });
    await link.click();
    await expect(heading(page)).toHaveText(title);
    expect(new URL(page.url()).pathname).toBe(path);
    await expect(link).toHaveAttribute('aria-current', 'page');
    await expect(navigation(page).locator('[aria-current]')).toHaveCount(1);
  }
  for (const label of ['Checker', 'Scopes']) {
    await page.getByRole('navigation', { name: 'Reference' }).getByRole('link', { name: label }).click();
    await expect(heading(page)).toHaveText(label);
  }
  // The pages of the project stay one click away.
  await navigation(page).getByRole('link', { name: 'Keys', exact: true }).click();
  await page.getByRole('link', { name: 'Create API key' }).click();
  await expect(navigation(page).getByRole('link', { name: 'Keys', exact: true })).toHaveAttribute('aria-current', 'true');
});

test('on a phone, the sidebar is a bar with a menu', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(KEYS);
  await expect(heading(page)).toHaveText('API keys');
  const menu = page.getByRole('button', { name: 'Menu' });
  await expect(navigation(page)).toBeHidden();
  await menu.press('Enter');
  await expect(menu).toHaveAttribute('aria-expanded', 'true');
  await expect(navigation(page)).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await survey(page, 'shell');
  await page.setViewportSize({ width: 390, height: 844 });
  await navigation(page).getByRole('link', { name: 'Policy' }).press('Escape');
  await expect(menu).toBeFocused();
  await expect(navigation(page)).toBeHidden();
  await menu.click();
  await navigation(page).getByRole('link', { name: 'Policy' }).click();
  await expect(heading(page)).toHaveText('Key policy');
  await expect(navigation(page)).toBeHidden();
});

test('the first row of a list is near the top, and the page uses a wide window', async ({ page, database }) => {
  await setUp(database);
  await database.command('key', 'create', '--project', 'shop', '--name', 'Nightly export', '--scope', 'rows.read');
  await signIn(page);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(KEYS);
  const row = await page.getByRole('table', { name: 'API keys' }).getByRole('row').nth(1).boundingBox();
  expect(row.y).toBeLessThan(215);
  expect(row.width).toBeGreaterThan(1400);
  expect(row.width).toBeLessThan(1441);
});

test('the command palette finds pages, projects and keys with the keyboard', async ({ page, database }) => {
  await setUp(database);
  await database.command('project', 'create', '--id', 'blog', '--name', 'Weblog');
  await database.command('key', 'create', '--project', 'shop', '--name', 'Nightly export', '--scope', 'rows.read');
  await signIn(page);
  await page.goto(KEYS);
  await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
  const field = page.getByRole('combobox', { name: 'Go to a page, project or key' });
  const option = (name) => page.getByRole('option', { name });
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await survey(page, 'palette');
  await page.keyboard.type('audit');
  // The log of the server comes after that of the project.
  await expect(option('Audit log').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('Audit log');
  await expect(heading(page)).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('nightly');
  await option('Nightly export').click();
  await expect(heading(page)).toHaveText('Nightly export');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('nothing like it');
  await expect(page.getByText('Nothing found.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();

  await page.getByRole('button', { name: /^Switch project/ }).click();
  await page.getByRole('combobox', { name: 'Switch project' }).fill('web');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(2);
  await option('Weblog').click();
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText('Weblog');
  await expect(page.getByRole('button', { name: /^Switch project/ })).toContainText('Weblog');
});

test('keys are shortcuts, except in fields, and a person can turn them off', async ({ page, database }) => {
  await setUp(database);
  await database.command('key', 'create', '--project', 'shop', '--name', 'Nightly export', '--scope', 'rows.read');
  await signIn(page);
  await page.goto(KEYS);
  await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(heading(page)).toHaveText('Key policy');
  await page.keyboard.press('g');
  await page.keyboard.press('k');
  await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search keys' })).toBeFocused();
  await page.keyboard.type('gp?c');
  await expect(page.getByRole('searchbox', { name: 'Search keys' })).toHaveValue('gp?c');
  await page.getByRole('searchbox', { name: 'Search keys' }).fill('');
  await page.getByRole('link', { name: 'Create API key' }).focus();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toBeVisible();
  await survey(page, 'shortcuts');
  await dialog.getByRole('checkbox', { name: 'Use shortcuts without Ctrl' }).uncheck();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Go to a page, project or key' })).toBeVisible();
  await expect(heading(page)).toHaveText('API keys');
});

test('who is signed out sees the pages that need no account, and no others', async ({ page, database }) => {
  await setUp(database);
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(navigation(page)).toHaveCount(0);
  await page.getByRole('link', { name: 'Checker' }).click();
  await expect(heading(page)).toHaveText('Checker');
  await expect(page.getByRole('banner')).not.toContainText(ACCOUNT.name);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('the frame is on the page before the program is', async ({ page, database }) => {
  await setUp(database);
  await page.route('**/*.wasm', () => {});
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByRole('banner')).toContainText('Scopewise');
  await expect(page.getByText('Loading Scopewise…')).toBeVisible();
  const side = await page.getByRole('banner').boundingBox();
  expect(side).toMatchObject({ x: 0, y: 0, width: 240, height: 800 });
});

/** The files of the console that later pages are in. */
const LATER = '**/console-*later*.wasm';

/** Holds their answer back, and returns what lets it through. */
async function holdLater(page) {
  let release;
  const held = new Promise((settle) => (release = settle));
  await page.route(LATER, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

test('a first visit to the list of keys loads at most 240 KB, in at most eight files', async ({ page, database }) => {
  await setUp(database);
  await page.route(LATER, () => {});
  await signIn(page);
  const files = [];
  page.on('requestfinished', (request) => {
    if (!new URL(request.url()).pathname.startsWith('/v1/')) files.push(request);
  });
  // As in a new browser: nothing is in the cache.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.goto(KEYS);
  await expect(page.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
  const sizes = await Promise.all(files.map((file) => file.sizes()));
  const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
  expect(files.length).toBeLessThanOrEqual(8);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(240_000);
});

test('later pages are not in the first download: they are fetched once the first page is shown', async ({ page, database }) => {
  await setUp(database);
  const release = await holdLater(page);
  const asked = page.waitForRequest(LATER);
  await signIn(page);
  await page.goto(KEYS);
  await expect(page.getByRole('heading', { name: 'No API keys yet' })).toBeVisible();
  await asked;
  await page.getByRole('link', { name: 'Scopes', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('Loading');
  await expect(page.getByRole('banner')).toContainText('Scopewise');
  release();
  await expect(heading(page)).toHaveText('Scopes');
});

test('when later pages cannot be loaded, the first ones work, and the others say so and try again', async ({ page, database, expectedErrors }) => {
  expectedErrors.push(/ERR_FAILED|Failed to fetch/);
  await setUp(database);
  await database.command('key', 'create', '--project', 'shop', '--name', 'Nightly export', '--scope', 'rows.read');
  await page.route(LATER, (route) => route.abort());
  await signIn(page);
  await page.goto(KEYS);
  await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
  await page.getByRole('link', { name: 'Create API key' }).click();
  await expect(page.getByRole('alert')).toContainText('Cannot load this page. Check your connection, then try again.');
  await page.unroute(LATER);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(heading(page)).toHaveText('Create API key');
  await page.goBack();
  await expect(page.getByRole('row', { name: /Nightly export/ })).toContainText('Databases R');
});

test('what is typed to sign in stays when the file of the page behind it arrives', async ({ page, database }) => {
  await setUp(database);
  const release = await holdLater(page);
  await page.goto(`${KEYS}/create`);
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  const arrived = page.waitForEvent('requestfinished', (request) => request.url().includes('later'));
  release();
  // The program needs as long for it as this does.
  await page.evaluate(async (url) => {
    await WebAssembly.compileStreaming(fetch(url));
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  }, (await arrived).url());
  await expect(page.getByLabel('Email')).toHaveValue(ACCOUNT.email);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(heading(page)).toHaveText('Create API key');
});

test('the focus stays in the sidebar when what the page waited for arrives', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  const release = await holdLater(page);
  await page.goto(`${KEYS}/create`);
  const theme = page.getByRole('combobox', { name: 'Theme' });
  await theme.focus();
  release();
  await expect(page.getByRole('searchbox', { name: 'Search scopes' })).toBeVisible();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await expect(theme).toBeFocused();
});

test('a page that is left at once leaves nothing behind', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(KEYS);
  await expect(heading(page)).toHaveText('API keys');
  const links = page.getByRole('navigation').filter({ visible: true }).getByRole('link', { name: new RegExp(`^(${PAGES.map(([label]) => label).join('|')}|Checker|Scopes)$`) });
  await expect(links).toHaveCount(PAGES.length + 2);
  // What a page leaves for after a frame finds the page gone, in each of these moments. The log of the page must be empty.
  await links.evaluateAll(async (links) => {
    const frame = () => new Promise(requestAnimationFrame);
    const moments = [() => Promise.resolve(), frame, () => frame().then(frame), () => new Promise((done) => setTimeout(done))];
    for (const moment of moments) {
      for (const link of [...links, ...links.toReversed()]) {
        link.click();
        await moment();
      }
    }
    links[0].click();
  });
  await expect(heading(page)).toHaveText('API keys');
  await page.waitForLoadState('networkidle');
});

test('the skip link leads past the sidebar', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(KEYS);
  await expect(heading(page)).toHaveText('API keys');
  await page.evaluate(() => document.activeElement?.blur());
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await tabTo(page, skip);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('link').first()).toBeFocused();
});

test('nothing moves for a person who wants less motion', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(`${KEYS}/create`);
  await expect(page.getByRole('searchbox', { name: 'Search scopes' })).toBeVisible();
  const moving = () => page.evaluate(() => {
    const moves = ({ transitionDuration, animationName }) => /[1-9]/.test(transitionDuration) || animationName !== 'none';
    const styles = (element) => [undefined, '::before', '::after'].map((part) => getComputedStyle(element, part));
    return [...document.querySelectorAll('*')].filter((element) => styles(element).some(moves)).length;
  });
  expect(await moving()).toBe(0);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving()).toBeGreaterThan(0);
});
