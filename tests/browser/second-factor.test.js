// The second factor of an account: setting it up, signing in with it, recovery codes, turning it off.

import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { ACCOUNT, expect, setUp, signIn, survey, tabTo, test, whatTheBrowserKeeps } from './support.js';

const SLOW = 240_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows for a secret, or `steps` times 30 seconds later. The server accepts the next code, too. */
function shown(secret, steps = 0) {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const section = (page) => page.getByRole('region', { name: 'Second factor' });
const codes = (page) => page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');

/** Sets the second factor up on the page of the account: its secret and recovery codes. */
async function turnOn(page) {
  await page.goto('/account');
  await section(page).getByRole('button', { name: 'Set up' }).click();
  await section(page).getByLabel('Password').fill(ACCOUNT.password);
  await section(page).getByRole('button', { name: 'Continue' }).click();
  const secret = (await section(page).getByRole('group', { name: 'Key' }).textContent()).replaceAll(' ', '');
  await section(page).getByLabel('Code', { exact: true }).fill(shown(secret));
  await section(page).getByRole('button', { name: 'Turn on' }).click();
  await expect(codes(page)).toHaveCount(10);
  return { secret, recovery: await codes(page).allTextContents() };
}

async function password(page) {
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
}

test('a second factor is set up with an app, and its recovery codes are stored', async ({ page, browser, server, database, expectedErrors }) => {
  test.setTimeout(SLOW);
  expectedErrors.push(/401/);
  await setUp(database);
  const context = await browser.newContext({ baseURL: server.url });
  const other = await context.newPage();
  await signIn(other);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await page.goto('/account');
  await expect(section(page)).toContainText('Off.');
  // By keyboard.
  await tabTo(page, section(page).getByRole('button', { name: 'Set up' }));
  await page.keyboard.press('Enter');
  await expect(section(page).getByLabel('Password')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(section(page).getByText('Enter your current password.')).toBeVisible();
  await page.keyboard.type('wrong password');
  await page.keyboard.press('Enter');
  await expect(section(page).getByText('The current password is wrong.')).toBeVisible();
  await survey(page, 'second-factor-password');
  await section(page).getByLabel('Password').fill(ACCOUNT.password);
  await page.keyboard.press('Enter');
  await expect(section(page).getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  const text = await section(page).getByRole('group', { name: 'Key' }).textContent();
  expect(text).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  const secret = text.replaceAll(' ', '');
  await section(page).getByRole('button', { name: 'Turn on' }).click();
  await expect(section(page).getByText('Enter the code that your app shows.')).toBeVisible();
  await section(page).getByLabel('Code', { exact: true }).fill('aaaa');
  await page.keyboard.press('Enter');
  await expect(section(page).getByText('The code is wrong. Enter the code that your app shows now.')).toBeVisible();
  await survey(page, 'second-factor-scan');
  await section(page).getByLabel('Code', { exact: true }).fill(shown(secret));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Store the recovery codes now' })).toBeFocused();
  await expect(codes(page)).toHaveCount(10);
  await survey(page, 'second-factor-codes');
  await page.getByRole('link', { name: 'Scopes', exact: true }).click();
  const leave = page.getByRole('alertdialog', { name: 'Leave without the recovery codes?' });
  await leave.getByRole('button', { name: 'Stay on this page' }).click();
  const recovery = await codes(page).allTextContents();
  const [download] = await Promise.all([page.waitForEvent('download'), section(page).getByRole('button', { name: 'Download' }).click()]);
  const file = await readFile(await download.path(), 'utf8');
  expect(download.suggestedFilename()).toBe('scopewise-recovery-codes.txt');
  expect(file).toContain(`Account: ${ACCOUNT.email}`);
  expect(file.trim().split('\n').slice(-10)).toEqual(recovery);
  await section(page).getByRole('button', { name: 'Copy recovery codes' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(recovery.join('\n'));
  await section(page).getByRole('button', { name: 'I have stored the codes' }).click();
  await expect(section(page)).toContainText('You have 10 recovery codes left.');
  await survey(page, 'account-second-factor');
  const kept = await whatTheBrowserKeeps(page);
  expect(kept).not.toContain(secret);
  expect(kept).not.toContain(recovery[0]);
  // The session that was opened without it has ended.
  await other.goto('/account');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await expect(page.getByRole('table', { name: 'People' })).toContainText('Second factor');
  await context.close();
});

test('signing in asks for the code, in place too, and takes a recovery code once', async ({ page, browser, server, database, expectedErrors }) => {
  test.setTimeout(SLOW);
  expectedErrors.push(/401/);
  await setUp(database);
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  const { secret, recovery } = await turnOn(page);

  const context = await browser.newContext({ baseURL: server.url });
  const other = await context.newPage();
  await other.goto('/account');
  await password(other);
  await other.getByLabel('Code', { exact: true }).fill('000 00');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByRole('alert').filter({ hasText: 'The code is wrong or was used already.' })).toBeVisible();
  await expect(other.getByLabel('Code', { exact: true })).toBeFocused();
  await survey(other, 'sign-in-code');
  // The step opens nothing: the address of another page asks for everything again.
  await other.goto('/people');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await password(other);
  await other.getByRole('button', { name: 'Start again' }).click();
  await expect(other.getByLabel('Password')).toBeFocused();
  await expect(other.getByLabel('Password')).toHaveValue('');
  await password(other);
  await other.getByLabel('Code', { exact: true }).fill(shown(secret, 1));
  await other.keyboard.press('Enter');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('People');

  // The session ends elsewhere; the person signs in again where they are.
  await database.command('admin', 'sign-out', '--email', ACCOUNT.email);
  await other.getByRole('link', { name: 'Account: Ada Lovelace' }).click();
  await expect(other.getByText('Your session has expired. Sign in again to continue where you left off.')).toBeVisible();
  await password(other);
  await other.getByLabel('Code', { exact: true }).fill(recovery[0].toUpperCase());
  await other.keyboard.press('Enter');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Account');
  await expect(section(other)).toContainText('You have 9 recovery codes left.');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await other.goto('/account');
  await password(other);
  await other.getByLabel('Code', { exact: true }).fill(recovery[0]);
  await other.keyboard.press('Enter');
  await expect(other.getByRole('alert').filter({ hasText: 'The code is wrong or was used already.' })).toBeVisible();
  await context.close();
});

test('new recovery codes and turning it off need password and code', async ({ page, database, expectedErrors }) => {
  test.setTimeout(SLOW);
  expectedErrors.push(/401/);
  await setUp(database);
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  const { recovery } = await turnOn(page);
  await section(page).getByRole('button', { name: 'Copy recovery codes' }).click();
  await section(page).getByRole('button', { name: 'I have stored the codes' }).click();
  const confirm = async (password, code, action) => {
    await section(page).getByLabel('Password').fill(password);
    await section(page).getByLabel('Code', { exact: true }).fill(code);
    await section(page).getByRole('button', { name: action, exact: true }).click();
  };
  await section(page).getByRole('button', { name: 'New recovery codes' }).click();
  await confirm('wrong password', recovery[0], 'Create new codes');
  await expect(section(page).getByText('The current password is wrong.')).toBeVisible();
  await confirm(ACCOUNT.password, 'aaaa', 'Create new codes');
  await expect(section(page).getByText('The code is wrong or was used already.')).toBeVisible();
  await survey(page, 'second-factor-renew');
  await confirm(ACCOUNT.password, recovery[0], 'Create new codes');
  await expect(page.getByRole('heading', { name: 'Store the recovery codes now' })).toBeFocused();
  const renewed = await codes(page).allTextContents();
  expect(renewed).not.toContain(recovery[1]);
  await section(page).getByRole('button', { name: 'Copy recovery codes' }).click();
  await section(page).getByRole('button', { name: 'I have stored the codes' }).click();
  await section(page).getByRole('button', { name: 'Turn off' }).click();
  await section(page).getByRole('button', { name: 'Cancel' }).click();
  await section(page).getByRole('button', { name: 'Turn off' }).click();
  await confirm(ACCOUNT.password, recovery[1], 'Turn off');
  await expect(section(page).getByText('The code is wrong or was used already.')).toBeVisible();
  await confirm(ACCOUNT.password, renewed[0], 'Turn off');
  await expect(section(page)).toContainText('Off.');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
});
