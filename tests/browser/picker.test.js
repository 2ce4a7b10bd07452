// The scope picker on the page that creates a key: search by what code does, operations, presets, questions, undo, keyboard, paste and copy.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, setUp, signIn, survey, tabTo, test } from './support.js';

const CREATE = '/projects/shop/overview/integration/api-keys/create';
const SLOW = 180_000;

const picker = test.extend({
  page: async ({ page, database }, use) => {
    await setUp(database);
    await signIn(page);
    await page.goto(CREATE);
    await expect(page.getByRole('searchbox', { name: 'Search scopes' })).toBeVisible();
    await use(page);
  },
});

const scope = (page, name) => page.getByRole('checkbox', { name, exact: true });
const search = (page) => page.getByRole('searchbox', { name: 'Search scopes' });
/** How scopes are found. */
const source = (page, name) => page.getByRole('group', { name: 'Select scopes by' }).getByText(name, { exact: true });
/** The one stop of the list that Tab leads to. */
const stop = (page) => page.locator('.picker-list [data-stop][tabindex="0"]');

picker('a search finds the scope that opens an operation, and says which', async ({ page }) => {
  for (const text of ['send an email', 'createEmail', 'messaging.create_email', 'POST /v1/messaging/messages/email']) {
    await search(page).fill(text);
    await expect(scope(page, 'messages.write')).toBeVisible();
    await expect(scope(page, 'messages.write')).toHaveAccessibleDescription(/Opens messaging\.createEmail/);
  }
  await search(page).fill('list rows');
  await expect(scope(page, 'rows.read')).toHaveAccessibleDescription(/Opens tablesDB\.listRows/);
  await expect(scope(page, 'rows.write')).toHaveCount(0);
  await expect(page.locator('.scope', { has: scope(page, 'rows.read') }).locator('code mark').first()).toHaveText('listRows');
  await search(page).fill('nothing like it');
  await expect(page.getByText('No scope matches.')).toBeVisible();
  await search(page).press('Escape');
  await expect(search(page)).toHaveValue('');
  await expect(page.getByText('No scope matches.')).toBeHidden();
});

picker('an arrow that is pressed at once after the last letter leads into what is found', async ({ page }) => {
  // As by a quick hand on a slow machine: no frame is painted between the letters and the keys.
  await search(page).evaluate(async (field) => {
    const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    /** Lets everything run that runs before the browser looks at the next key. */
    const microtasks = async () => {
      for (let turn = 0; turn < 100; turn += 1) await null;
    };
    field.focus();
    field.value = 'rows.';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await microtasks();
    for (const key of ['ArrowDown', 'ArrowDown']) {
      press(key);
      await microtasks();
    }
  });
  await expect(scope(page, 'rows.read')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(scope(page, 'rows.read')).toBeChecked();
});

picker('what a filter hides and a search finds is counted and shown with one click', async ({ page }) => {
  await search(page).fill('attributes.');
  await expect(scope(page, 'attributes.read')).toHaveCount(0);
  const line = page.locator('.picker-hidden');
  await expect(line).toContainText(/\d+ deprecated scopes also match\./);
  await line.getByRole('button', { name: 'Show' }).click();
  await expect(scope(page, 'attributes.read')).toBeVisible();
  await expect(line).toHaveCount(0);
});

picker('the operations of source code lead to the smallest set of scopes', async ({ page }) => {
  await source(page, 'Operations').click();
  await page.getByRole('textbox', { name: 'Operations or source code' })
    .fill("for (const row of (await tablesDB.listRows('db', 'orders')).rows) await storage.createFile('b', row.$id);");
  await page.getByRole('button', { name: 'Find operations' }).click();
  const calls = page.getByRole('region', { name: 'What your code calls' });
  await expect(calls).toContainText('0 of 2 open with the selected scopes');
  await expect(calls).toContainText('Smallest set: rows.read, files.write');
  // A third one, found by what it does.
  await search(page).fill('list users');
  await page.getByRole('checkbox', { name: /users\.list GET/ }).check();
  await expect(calls).toContainText('0 of 3 open');
  await expect(page.locator('[data-code="missing-scope"]').first()).toBeVisible();
  await survey(page, 'picker-calls');
  await calls.getByRole('button', { name: 'Grant the 3 missing scopes' }).click();
  await expect(calls).toContainText('3 of 3 open');
  await expect(page.locator('[data-code="missing-scope"]')).toHaveCount(0);
  // What opens each stays in sight in the other layouts, and what nothing needs can be dropped.
  await source(page, 'Scopes').click();
  await search(page).fill('');
  await expect(calls).toContainText('Opened by files.write');
  await page.getByRole('button', { name: 'Expand all' }).click();
  await scope(page, 'users.write').check();
  await calls.getByRole('button', { name: 'Use exactly these 3 scopes' }).click();
  await expect(scope(page, 'users.write')).not.toBeChecked();
  await expect(scope(page, 'users.read')).toBeChecked();
  await calls.getByRole('button', { name: 'Remove users.list' }).click();
  await expect(calls).toContainText('2 of 2 open');
  await calls.getByRole('button', { name: 'Remove all operations' }).click();
  await expect(calls).toHaveCount(0);
});

picker('a click that grants much asks first, and names what is sensitive', async ({ page }) => {
  picker.setTimeout(SLOW);
  await page.getByText('Read and write', { exact: true }).click();
  const write = page.getByRole('checkbox', { name: 'Write: all shown' });
  await write.click();
  const question = page.getByRole('alertdialog', { name: /^Grant \d+ scopes\?$/ });
  await expect(question).toContainText('keys.write');
  await expect(question).toContainText(/\d+ of them are sensitive/);
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await survey(page, 'picker-ask');
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(write).not.toBeChecked();
  await expect(page.getByText('0 of', { exact: false }).first()).toBeVisible();
  await write.click();
  await question.getByRole('button', { name: /Grant only the other/ }).click();
  await expect(scope(page, 'rows.write')).toBeChecked();
  await expect(scope(page, 'keys.write')).not.toBeChecked();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(scope(page, 'rows.write')).not.toBeChecked();
  await write.click();
  await question.getByRole('button', { name: /Grant all/ }).click();
  await expect(scope(page, 'keys.write')).toBeChecked();
  await expect(write).toBeChecked();
});

picker('presets, undo and redo', async ({ page }) => {
  const preset = (name) => page.getByRole('list', { name: 'Presets' }).getByRole('button', { name: new RegExp(`^${name}`) });
  await source(page, 'Presets').click();
  await preset('Messaging').click();
  await expect(preset('Messaging')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('region', { name: 'Scopes of this key' })).toContainText('messages.write');
  await preset('SSR sessions').click();
  await expect(page.getByRole('region', { name: 'Scopes of this key' }).getByRole('listitem')).toHaveText(['sessions.write']);
  await page.keyboard.press('Control+z');
  await expect(preset('Messaging')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Control+Shift+z');
  await expect(preset('SSR sessions')).toHaveAttribute('aria-pressed', 'true');
  await source(page, 'Scopes').click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Redo', exact: true })).toBeEnabled();
});

picker('the list is one stop of Tab, and keys go through it', async ({ page }) => {
  const { keyboard } = page;
  const focused = page.locator(':focus');
  await tabTo(page, stop(page));
  await expect(focused).toHaveAccessibleName('All of Project');
  await keyboard.press('Tab');
  await expect(focused).not.toHaveAttribute('data-stop', /./);
  await keyboard.press('Shift+Tab');
  await expect(focused).toHaveAccessibleName('All of Project');
  // Right expands, down goes in, left goes back and collapses.
  await keyboard.press('ArrowRight');
  await expect(focused).toHaveAttribute('aria-expanded', 'true');
  await keyboard.press('ArrowDown');
  await expect(focused).toHaveAccessibleName('project.read');
  await keyboard.press('Space');
  await expect(scope(page, 'project.read')).toBeChecked();
  await keyboard.press('ArrowRight');
  await expect(focused).toHaveAccessibleName(/what project\.read opens/);
  await keyboard.press('Enter');
  await expect(page.locator('.opens').first()).toContainText(/project\.read: opens \d+ operation/);
  await keyboard.press('ArrowLeft');
  await expect(focused).toHaveAccessibleName('project.read');
  await keyboard.press('ArrowLeft');
  await expect(focused).toHaveAccessibleName('All of Project');
  await keyboard.press('ArrowLeft');
  await expect(focused).toHaveAttribute('aria-expanded', 'false');
  // Letters go to names; Home and End to both ends.
  await keyboard.type('mes');
  await expect(focused).toHaveAccessibleName('All of Messaging');
  await keyboard.press('Home');
  await expect(focused).toHaveAccessibleName('All of Project');
  await keyboard.press('End');
  await expect(focused).toHaveAccessibleName(/^All of /);
  await expect(focused).not.toHaveAccessibleName('All of Project');
  await keyboard.press('ArrowUp');
  await keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await keyboard.type('rows.');
  await expect(scope(page, 'rows.read')).toBeVisible();
  await keyboard.press('ArrowDown');
  await expect(focused).toHaveAccessibleName('All of Databases');
  await keyboard.press('ArrowDown');
  await keyboard.press('Space');
  await expect(scope(page, 'rows.read')).toBeChecked();
});

picker('in the table, arrows keep to the column', async ({ page }) => {
  const focused = page.locator(':focus');
  await page.getByText('Read and write', { exact: true }).click();
  await scope(page, 'keys.read').focus();
  await page.keyboard.press('ArrowRight');
  await expect(focused).toHaveAccessibleName('keys.write');
  await page.keyboard.press('ArrowDown');
  await expect(focused).toHaveAccessibleName('platforms.write');
  await page.keyboard.press('ArrowLeft');
  await expect(focused).toHaveAccessibleName('platforms.read');
  await page.keyboard.press('Home');
  await expect(focused).toHaveAccessibleName('Read: all shown');
});

picker('scopes are pasted from any file and copied in any form', async ({ page }) => {
  await page.getByText('Add from a list', { exact: true }).click();
  const paste = page.getByRole('textbox', { name: 'Scope names' });
  const add = page.getByRole('button', { name: 'Add scopes' });
  await paste.fill('ENDPOINT=https://cloud.example/v1\nSCOPES="rows.read,future.read"\nSECRET=abc');
  await add.click();
  await expect(page.getByText('Read as .env. 2 scopes added.')).toBeVisible();
  await expect(scope(page, 'future.read')).toBeChecked();
  await paste.fill('keys:\n  - name: worker\n    scopes:\n      - rows.write\n');
  await add.click();
  await expect(page.getByText('Read as YAML. 1 scope added.')).toBeVisible();
  await page.getByText('Copy the selection', { exact: true }).click();
  const copied = async (name) => {
    await page.getByRole('button', { name, exact: true }).click();
    await expect(page.getByText(`Copied as ${name}.`)).toBeVisible();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(JSON.parse(await copied('JSON'))).toEqual(['rows.read', 'rows.write', 'future.read']);
  expect(await copied('.env')).toBe('SCOPES=rows.read,rows.write,future.read');
  expect(await copied('SDK enum')).toBe('[\n  ProjectKeyScopes.RowsRead,\n  ProjectKeyScopes.RowsWrite,\n  "future.read",\n]');
});

const HOSTILE = 'a\u202Eb e' + '\u0301'.repeat(40) + ' <img src=x onerror="document.title=\'gone\'">';

const hostile = test.extend({
  database: async ({ database }, use) => {
    const file = join(database.folder, 'catalog.json');
    await writeFile(file, JSON.stringify({
      id: 'x', name: HOSTILE, version: '1', maxScopes: 20, editions: [{ id: '1', name: HOSTILE }], services: [{ id: 's', name: HOSTILE }],
      scopes: [{ id: 'a.read', name: HOSTILE, service: 's', description: HOSTILE, tiers: ['project'], editions: ['1'] }],
      operations: [{ id: 'a.list', method: 'GET', path: '/a', scopes: ['a.read'] }],
    }));
    database.environment.SCOPEWISE_CATALOG = file;
    await use(database);
  },
});

hostile('texts of a hostile catalog are shown for what they are', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto(CREATE);
  await page.getByRole('button', { name: 'Expand all' }).click();
  const list = page.locator('.picker-list');
  await expect(list).toContainText('a⟨U+202E⟩b');
  await expect(list).toContainText('<img src=x');
  const shown = await list.textContent();
  expect(shown).not.toContain('\u202E');
  expect(shown).not.toMatch(/\u0301{3}/);
  // The marks of a line stay within it.
  const heights = await page.locator('.scope-about > span').first().evaluate((element) => getComputedStyle(element).overflowX);
  expect(heights).toBe('clip');
  await page.getByRole('searchbox', { name: 'Search scopes' }).fill('<img');
  await expect(list.locator('mark').first()).toHaveText('<img');
});
