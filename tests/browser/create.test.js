// Creating a key: everything in one window, few steps by mouse and by keyboard, and the ways that lead to its scopes.

import { ACCOUNT, createWithoutScopes, expect, setUp, signIn, survey, tabTo, test } from './support.js';

const KEYS = '/projects/shop/overview/integration/api-keys';
const CREATE = `${KEYS}/create`;
const SLOW = 240_000;

const maker = test.extend({
  page: async ({ page, database }, use) => {
    await setUp(database);
    await signIn(page);
    await page.goto(CREATE);
    await expect(page.getByRole('searchbox', { name: 'Search scopes' })).toBeVisible();
    await use(page);
  },
});

const name = (page) => page.getByRole('textbox', { name: 'Name', exact: true });
const search = (page) => page.getByRole('searchbox', { name: 'Search scopes' });
const source = (page, label) => page.getByRole('group', { name: 'Select scopes by' }).getByText(label, { exact: true });
const chosen = (page) => page.getByRole('region', { name: 'Scopes of this key' });
const create = (page) => page.getByRole('button', { name: 'Create API key' });
const heading = (page) => page.getByRole('heading', { level: 1 });

maker('a key for a cron job that lists rows and uploads files takes at most 8 clicks', async ({ page }) => {
  let clicks = 0;
  await page.exposeFunction('countClick', () => (clicks += 1));
  await page.addInitScript(() => addEventListener('pointerdown', (event) => event.isTrusted && window.countClick(), true));
  await page.goto(KEYS);
  const began = performance.now();
  await page.getByRole('link', { name: 'Create API key' }).first().click();
  await source(page, 'Operations').click();
  await search(page).click();
  await page.keyboard.type('list rows');
  await page.getByRole('checkbox', { name: /tablesDB\.listRows GET/ }).click();
  await search(page).fill('create file');
  await page.getByRole('checkbox', { name: /storage\.createFile POST/ }).click();
  await page.getByRole('button', { name: 'Grant the 2 missing scopes' }).click();
  await name(page).click();
  await page.keyboard.type('Nightly export');
  await create(page).click();
  await expect(heading(page)).toHaveText('API key created');
  expect(clicks, 'clicks').toBe(8);
  expect(performance.now() - began, 'milliseconds without the time that a person reads').toBeLessThan(30_000);
  await page.getByRole('button', { name: 'I have stored the secret' }).click();
  await expect(heading(page)).toHaveText('Nightly export');
  await expect(page.getByText(/^Opens \d+ of \d+ operations in 2 services\.$/)).toBeVisible();
});

for (const size of [{ width: 1440, height: 900 }, { width: 1366, height: 768 }, { width: 1280, height: 720 }]) {
  maker(`at ${size.width} × ${size.height}, the list and the button are in sight without scrolling`, async ({ page }) => {
    await page.setViewportSize(size);
    await expect(create(page)).toBeInViewport({ ratio: 1 });
    await expect(search(page)).toBeInViewport({ ratio: 1 });
    await expect(name(page)).toBeInViewport({ ratio: 1 });
    await expect(page.locator('.picker-list')).toBeInViewport();
    await expect(page.getByRole('button', { name: 'Auth', exact: false }).first()).toBeInViewport();
  });
}

maker('on a phone, the button is in sight wherever the page is scrolled to', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const part of [0, 0.5, 1]) {
    await page.evaluate((part) => scrollTo(0, part * document.documentElement.scrollHeight), part);
    await expect(create(page)).toBeInViewport({ ratio: 1 });
  }
});

maker('with the keyboard, at most 12 tabs lead from the name to the button', async ({ page }) => {
  await tabTo(page, search(page));
  await page.keyboard.type('rows.');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(chosen(page).getByRole('listitem')).toHaveText(['rows.read']);
  await tabTo(page, name(page));
  await page.keyboard.type('Nightly export');
  let tabs = 0;
  while (!(await create(page).evaluate((element) => element === document.activeElement))) {
    await page.keyboard.press('Tab');
    tabs += 1;
    expect(tabs).toBeLessThanOrEqual(12);
  }
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('API key created');
});

maker('chosen scopes are lines that are removed one by one, also with the keyboard', async ({ page }) => {
  await page.getByRole('button', { name: 'Expand all' }).click();
  for (const scope of ['users.read', 'rows.read', 'files.read']) await page.getByRole('checkbox', { name: scope, exact: true }).check();
  const lines = chosen(page).getByRole('listitem');
  await expect(lines).toHaveText(['users.read', 'rows.read', 'files.read']);
  await page.getByRole('button', { name: 'Remove rows.read' }).click();
  await expect(lines).toHaveText(['users.read', 'files.read']);
  await expect(page.getByRole('button', { name: 'Remove files.read' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('button', { name: 'Remove users.read' })).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(lines).toHaveText(['files.read']);
  await page.keyboard.press('Delete');
  await expect(lines).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Scopes of this key' })).toBeFocused();
});

maker('what the scopes open is summed up', async ({ page }) => {
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'rows.read', exact: true }).check();
  const summary = page.getByText(/^Opens \d+ of \d+ operations in 1 service$/);
  await summary.click();
  await expect(page.locator('.opens-services')).toContainText(/Databases: \d+ of \d+/);
});

maker('a button is legible while it waits for the server, in both themes', async ({ page }) => {
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await page.route('**/v1/project/keys', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'rows.read', exact: true }).check();
  await name(page).fill('Nightly export');
  await create(page).click();
  const busy = page.locator('.button[aria-disabled="true"], .button:disabled').filter({ visible: true });
  await expect(page.getByRole('button', { name: 'Creating…' })).toHaveAttribute('aria-disabled', 'true');
  await survey(page, 'key-create-busy');
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    // axe leaves disabled buttons out. The contrast is that of WCAG 2.2, 1.4.3.
    const contrasts = await busy.evaluateAll((buttons) => {
      const numbers = (color) => color.match(/[\d.]+/g).map(Number);
      const light = (color) => numbers(color).slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      const behind = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return numbers(color)[3] === 0 ? behind(element.parentElement) : color;
      };
      return buttons.map((button) => {
        const [darker, lighter] = [light(getComputedStyle(button).color), light(behind(button))].toSorted((a, b) => a - b);
        return { text: button.textContent.trim(), contrast: (lighter + 0.05) / (darker + 0.05) };
      });
    });
    expect(contrasts.length).toBeGreaterThan(0);
    for (const { text, contrast } of contrasts) expect(contrast, `${text}, ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
  }
  answer();
  await expect(heading(page)).toHaveText('API key created');
});

maker('a key without scopes is created only after a question', async ({ page }) => {
  await name(page).fill('Health check');
  await create(page).click();
  const question = page.getByRole('alertdialog', { name: 'Create a key without scopes?' });
  await expect(question.getByRole('button', { name: 'Select scopes' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(heading(page)).toHaveText('Create API key');
  await createWithoutScopes(page);
  await expect(heading(page)).toHaveText('API key created');
});

maker('presets are saved per project and survive a reload', async ({ page, database }) => {
  maker.setTimeout(SLOW);
  await source(page, 'Presets').click();
  const presets = page.getByRole('list', { name: 'Presets' });
  await page.getByRole('textbox', { name: /Save the selected scopes/ }).fill('Import');
  await page.getByRole('button', { name: 'Save preset' }).click();
  await expect(page.getByText('Select at least one scope first.')).toBeVisible();
  await presets.getByRole('button', { name: /^SSR sessions/ }).click();
  await page.getByRole('button', { name: 'Save preset' }).click();
  await expect(page.getByText('The preset is saved with 1 scope.')).toBeVisible();
  await survey(page, 'create-presets');
  await page.reload();
  const leave = page.getByRole('button', { name: 'Expand all' });
  await expect(leave).toBeVisible();
  await source(page, 'Presets').click();
  await presets.getByRole('button', { name: /^Import/ }).click();
  await expect(chosen(page).getByRole('listitem')).toHaveText(['sessions.write']);
  await database.command('project', 'create', '--id', 'other', '--name', 'Other');
  await page.goto(CREATE.replace('shop', 'other'));
  await source(page, 'Presets').click();
  await expect(presets).toContainText('SSR sessions');
  await expect(presets).not.toContainText('Import');
  await page.goto(CREATE);
  await source(page, 'Presets').click();
  await page.getByRole('button', { name: 'Delete the preset Import' }).click();
  await expect(presets).not.toContainText('Import');
});

maker('the scopes of another key are copied', async ({ page, database }) => {
  maker.setTimeout(SLOW);
  await database.command('key', 'create', '--project', 'shop', '--name', 'Importer', '--scope', 'rows.read,rows.write');
  await database.command('key', 'create', '--project', 'shop', '--name', 'Mailer', '--scope', 'messages.write');
  await source(page, 'From a key').click();
  const keys = page.getByRole('list', { name: 'Keys to copy from' });
  await expect(keys.getByRole('button')).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Copy the scopes of another key' }).fill('mail');
  await expect(keys.getByRole('button')).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Copy the scopes of another key' }).fill('');
  await keys.getByRole('button', { name: /^Importer/ }).click();
  await expect(page.getByText('Copied 2 scopes of Importer.')).toBeVisible();
  await expect(chosen(page).getByRole('listitem')).toHaveText(['rows.read', 'rows.write']);
  await expect(name(page)).toHaveValue('Copy of Importer');
  await survey(page, 'create-from-key');
});

maker('a link fills in the form, and the page makes such a link', async ({ page }) => {
  await page.goto(`${CREATE}?name=Nightly+export&operations=tablesDB.listRows,storage.createFile&expire=30d&runsIn=server`);
  await expect(page.getByText('A link filled in this form.')).toBeVisible();
  await expect(name(page)).toHaveValue('Nightly export');
  await expect(page.getByRole('radio', { name: '30 days' })).toBeChecked();
  await expect(page.getByRole('combobox', { name: 'Where will it run?' })).toHaveValue('server');
  await expect(chosen(page).getByRole('listitem')).toHaveText(['rows.read', 'files.write']);
  await expect(page.getByRole('region', { name: 'What your code calls' })).toContainText('2 of 2 open');
  await page.getByRole('button', { name: 'Copy link to this form' }).click();
  await expect(page.getByText('Copied link to this form')).toBeAttached();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).searchParams.get('scopes')).toBe('rows.read,files.write');
  const other = await page.context().newPage();
  await other.goto(link);
  await expect(name(other)).toHaveValue('Nightly export');
  await expect(chosen(other).getByRole('listitem')).toHaveText(['rows.read', 'files.write']);
  await other.close();
});

maker('a hostile link is only a prefill: bounded, shown as it is, and never sent', async ({ page }) => {
  const posted = [];
  page.on('request', (request) => request.method() === 'POST' && posted.push(request.url()));
  const hostile = '<img src=x onerror="document.title=1">\u202Egpj';
  const scopes = Array.from({ length: 2000 }, (_, index) => `x${index}.read`).join(',');
  await page.goto(`${CREATE}?name=${encodeURIComponent(hostile)}&scopes=keys.write,${scopes}&expire=9999999d&runsIn=moon&submit=1`);
  await expect(name(page)).toHaveValue(hostile);
  await expect(page.locator('[data-code="sensitive-scope"]')).toBeVisible();
  await expect(page.locator('[data-code="too-many-scopes"]')).toBeVisible();
  await expect(page.getByRole('radio', { name: '90 days' })).toBeChecked();
  await create(page).click();
  await expect(page.getByRole('heading', { name: 'Check' })).toBeFocused();
  expect(posted).toEqual([]);
  expect(await page.title()).toContain('Create API key');
});

maker('for a browser or a phone, the page explains what to use instead and creates nothing', async ({ page }) => {
  maker.setTimeout(SLOW);
  await name(page).fill('Shop page');
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'rows.read', exact: true }).check();
  for (const [label, words] of [['A web page (in the browser)', 'in a web page'], ['A mobile app', 'in a mobile app']]) {
    await page.getByRole('combobox', { name: 'Where will it run?' }).selectOption({ label });
    await expect(page.getByText(`Do not put an API key ${words}`)).toBeVisible();
    await create(page).click();
    await expect(heading(page)).toHaveText('Create API key');
  }
  await survey(page, 'create-browser');
});

maker('the same key is created by a command, the SDK or a request', async ({ page, database }) => {
  maker.setTimeout(SLOW);
  await name(page).fill("Ada's export");
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'rows.read', exact: true }).check();
  await page.getByText('Create this key with code').click();
  const code = page.getByRole('region', { name: 'Code that creates this key' });
  await expect(code).toContainText("scopewise key create --project shop --name 'Ada'\\''s export'");
  const [, expire] = (await code.textContent()).match(/--expire (\S+)/);
  const made = JSON.parse(await database.command('key', 'create', '--project', 'shop', '--name', 'x', '--scope', 'rows.read', '--expire', expire));
  expect(made.expire).toBe(expire);
  await page.getByText('Node.js SDK', { exact: true }).click();
  await expect(code).toContainText('new Project(client).createKey({');
  await page.getByRole('group', { name: 'Create it with' }).getByText('curl', { exact: true }).click();
  await expect(code).toContainText('"scopes": [');
  await survey(page, 'create-code');
});

test('the secret is saved as a file, and code for every SDK is one click away, also after a rotation', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  await signIn(page);
  await page.goto(CREATE);
  await name(page).fill('Nightly export');
  await createWithoutScopes(page);
  const use = page.getByRole('region', { name: 'Use the key' });
  const secret = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
  const labels = ['.env', 'Node.js', 'Python', 'PHP', 'Go', 'Ruby', '.NET', 'Dart', 'Kotlin', 'Swift', 'Rust', 'curl', 'GitHub Actions'];
  await expect(use.getByRole('radio')).toHaveCount(labels.length);
  for (const label of labels) {
    await use.locator('.segment').filter({ hasText: new RegExp(`^${label.replace('.', '\\.')}$`) }).click();
    await expect(use.locator('.code').last()).toContainText(label === 'curl' || label === 'GitHub Actions' || label === '.env' ? 'APPWRITE' : 'APPWRITE_API_KEY', { ignoreCase: true });
    expect(await use.textContent()).not.toContain(secret);
  }
  await use.locator('.segment').first().click();
  const [file] = await Promise.all([page.waitForEvent('download'), use.getByRole('button', { name: 'Download .env' }).click()]);
  expect(file.suggestedFilename()).toBe('shop.env');
  const { readFile } = await import('node:fs/promises');
  expect(await readFile(await file.path(), 'utf8')).toContain(`APPWRITE_API_KEY=${secret}\n`);
  // The file holds the secret: nothing is asked before the page is left.
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('link', { name: 'Nightly export' }).click();
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('dialog', { name: 'Rotate the secret' }).getByRole('button', { name: 'Rotate secret' }).click();
  await expect(use).toBeVisible();
  const fresh = (await page.getByRole('group', { name: 'Secret', exact: true }).textContent()).trim();
  const [again] = await Promise.all([page.waitForEvent('download'), use.getByRole('button', { name: 'Download .env' }).click()]);
  expect(await readFile(await again.path(), 'utf8')).toContain(`APPWRITE_API_KEY=${fresh}\n`);
  expect(page.url()).not.toContain(fresh.slice(20));
});

test('a sign-in in between keeps what a link fills in', async ({ page, database }) => {
  await setUp(database);
  await page.goto(`${CREATE}?name=Nightly+export&scopes=rows.read`);
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(name(page)).toHaveValue('Nightly export');
  await expect(chosen(page).getByRole('listitem')).toHaveText(['rows.read']);
});
