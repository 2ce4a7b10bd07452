// The page of one key: what it opens, its scopes, its use, its history, its settings, and the bar with unsaved changes.

import { editScopes, expect, openTab, setUp, signIn, survey, tabTo, test } from './support.js';

const KEYS = '/projects/shop/overview/integration/api-keys';
const SLOW = 240_000;
const HOSTILE = '<b onclick="alert(1)">\u202Eeman</b> 🔑';

async function makeKey(database, name, scopes, ...more) {
  return JSON.parse(await database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', scopes, ...more));
}

const bar = (page) => page.getByRole('list', { name: 'Changes' });

test('what a key opens is a picture, a list, and the way to more access', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const made = await makeKey(database, 'Deployment', 'rows.read,files.write,keys.write');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await expect(page.getByText(/^Opens \d+ of \d+ operations in 3 services\.$/)).toBeVisible();
  const map = page.getByRole('list', { name: 'What the key opens, by service' });
  const block = (name) => map.getByRole('button', { name: new RegExp(`^${name}`) });
  await expect(block('Databases')).toHaveAccessibleName(/^Databases ?\d+ of \d+ operations open$/);
  // A service with more operations is not narrower than one with few.
  const wide = (await block('Databases').boundingBox()).width;
  expect(wide).toBeGreaterThan((await block('Advisor').boundingBox()).width);
  await block('Storage').click();
  await expect(block('Storage')).toHaveAttribute('aria-pressed', 'true');
  const list = page.getByRole('region', { name: /^Storage: \d+ of \d+ operations$/ });
  await expect(list.getByRole('listitem').first()).toContainText('Open: storage.');
  await expect(list.getByRole('listitem').filter({ hasText: 'storage.listFiles' })).toContainText('Not open:');
  const climbs = page.getByRole('region', { name: 'How this key can get more access' });
  await expect(climbs).toContainText('keys.write');
  await expect(climbs.locator('.climb-path li').first()).toBeVisible();
  await survey(page, 'key-opens');
});

test('the open tab is in the address, and Back returns to the one before', async ({ page, database }) => {
  await setUp(database);
  const made = await makeKey(database, 'Nightly export', 'rows.read');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  const here = (name) => page.getByRole('navigation', { name: 'Key', exact: true }).getByRole('link', { name, exact: true });
  await expect(here('Opens')).toHaveAttribute('aria-current', 'page');
  await openTab(page, 'Scopes');
  await expect(page).toHaveURL(/\?tab=scopes$/);
  await openTab(page, 'History');
  await expect(page).toHaveURL(/\?tab=history$/);
  await page.goBack();
  await expect(here('Scopes')).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('button', { name: 'Edit scopes' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Edit scopes' })).toBeVisible();
  await page.goto(`${KEYS}/${made.$id}?tab=nonsense`);
  await expect(here('Opens')).toHaveAttribute('aria-current', 'page');
});

test('a bar lists every change, and is there only while something has changed', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const made = await makeKey(database, 'Nightly export', 'rows.read,users.read', '--expire', '2099-01-01');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}?tab=settings`);
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Nightly export');
  await expect(bar(page)).toBeHidden();
  await page.getByRole('textbox', { name: 'Name' }).fill(HOSTILE);
  await page.locator('#key-form').getByText('Never', { exact: true }).click();
  await editScopes(page);
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'users.read', exact: true }).uncheck();
  await page.getByRole('checkbox', { name: 'keys.write', exact: true }).check();
  await expect(bar(page).getByRole('listitem')).toHaveText([
    `Name: ${HOSTILE.replace('\u202E', '[U+202E]')}`, 'Never expires', 'Grants keys.write', 'Revokes users.read', 'keys.write can lead to more access',
  ]);
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeInViewport({ ratio: 1 });
  await survey(page, 'key-unsaved');
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(bar(page)).toBeHidden();
  await openTab(page, 'Settings');
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Nightly export');
  // What is wrong leads to its field, whatever tab is open.
  await page.getByRole('textbox', { name: 'Name' }).fill(' ');
  await openTab(page, 'Use');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
});

test('the history of a key has its entries only, and follows what is saved', async ({ page, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const made = await makeKey(database, 'Nightly export', 'rows.read');
  await makeKey(database, 'Another', 'users.read');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await openTab(page, 'History');
  await page.getByRole('button', { name: 'Disable key' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable key' }).click();
  const rows = page.getByRole('table', { name: 'Audit log, newest first' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('Disable key');
  await expect(rows.nth(2)).toContainText('Create key');
  await expect(page.getByRole('button', { name: 'No more entries' })).toBeVisible();
  await survey(page, 'key-history');
});

test('the overlap of a rotation is counted down, and a key is duplicated', async ({ page, database }) => {
  await setUp(database);
  const made = await makeKey(database, 'Nightly export', 'rows.read,files.write');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('dialog', { name: 'Rotate the secret' }).getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('button', { name: 'I have stored the secret' }).click();
  await expect(page.getByText(/The old secret also works for (1 day|23 hours 59 minutes), until /)).toBeVisible();
  await page.getByRole('link', { name: 'Duplicate' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create API key');
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Copy of Nightly export');
  await expect(page.getByRole('region', { name: 'Scopes of this key' }).getByRole('listitem')).toHaveText(['rows.read', 'files.write']);
});

test('the tabs and the save bar work with the keyboard alone', async ({ page, database }) => {
  await setUp(database);
  const made = await makeKey(database, 'Nightly export', 'rows.read');
  await signIn(page);
  await page.goto(`${KEYS}/${made.$id}`);
  const tab = (name) => page.getByRole('navigation', { name: 'Key', exact: true }).getByRole('link', { name, exact: true });
  const press = async (target) => {
    await tabTo(page, target);
    await page.keyboard.press('Enter');
  };
  await press(tab('Settings'));
  await tabTo(page, page.getByRole('textbox', { name: 'Name' }));
  await page.keyboard.press('End');
  await page.keyboard.type(' 2');
  await press(page.getByRole('button', { name: 'Save changes' }));
  await expect(page.getByText('The key is saved.')).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nightly export 2');
});
