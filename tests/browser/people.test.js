// The people of a server: inviting, signing out, disabling and deleting; and the own account with its sessions.

import { ACCOUNT, expect, setUp, signIn, survey, test } from './support.js';

const SLOW = 240_000;
const PASSWORD = 'another long passphrase';

test('a person is invited with a link that works once', async ({ page, browser, server, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  await signIn(page);
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('People');
  const people = page.getByRole('table', { name: 'People' });
  await expect(people.getByRole('row')).toHaveCount(2);
  // Nothing can be done to the own account here.
  await expect(page.getByRole('button', { name: 'Actions for Ada Lovelace' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Invite person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite person' });
  await dialog.getByRole('button', { name: 'Create invitation link' }).click();
  await expect(dialog.getByText('Enter an email address')).toBeVisible();
  await expect(dialog.getByLabel('Email')).toBeFocused();
  await survey(page, 'people-invite');
  await dialog.getByLabel('Email').fill('Eve@example.com');
  await dialog.getByLabel('Name').fill('Eve <b>bold</b>');
  await dialog.getByRole('button', { name: 'Create invitation link' }).click();
  const link = await page.getByRole('group', { name: 'Invitation link' }).textContent();
  expect(link).toMatch(new RegExp(`^${server.url}/invitation#[0-9a-f]{64}$`));
  await expect(page.getByRole('heading', { name: 'Copy the invitation link now' })).toBeFocused();
  const eve = people.getByRole('row').filter({ hasText: 'eve@example.com' });
  await expect(eve).toContainText('Invited');
  await survey(page, 'people');
  // The page asks before the link is lost.
  await page.getByRole('link', { name: 'Scopes', exact: true }).click();
  const leave = page.getByRole('alertdialog', { name: 'Leave without the link?' });
  await leave.getByRole('button', { name: 'Stay on this page' }).click();

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(link);
  await expect(other).toHaveURL(`${server.url}/invitation`);
  await other.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(other.getByText('must have at least 8 characters')).toBeVisible();
  await survey(other, 'invitation');
  await other.getByLabel('Name').fill('Eve');
  await other.getByLabel('Password').fill(PASSWORD);
  await other.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await expect(other.getByRole('link', { name: 'Account: Eve' })).toBeVisible();
  const again = await context.browser().newContext();
  const third = await again.newPage();
  await third.goto(link);
  await third.getByLabel('Password').fill(PASSWORD);
  await third.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(third.getByRole('alert').filter({ hasText: 'The invitation link is not valid' })).toBeVisible();
  await again.close();

  await page.reload({ waitUntil: 'load' }).catch(() => {});
  await expect(eve).toContainText('Active');
  const act = async (name) => {
    await page.getByRole('button', { name: 'Actions for Eve' }).click();
    await page.getByRole('button', { name, exact: true }).click();
  };
  await act('End all sessions');
  await page.getByRole('alertdialog').getByRole('button', { name: 'End all sessions' }).click();
  await expect(page.getByText('All sessions of Eve have ended.')).toBeVisible();
  await other.goto('/account');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await act('Disable account');
  await survey(page, 'people-disable');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable account' }).click();
  await expect(eve).toContainText('Disabled');
  await act('Enable account');
  await expect(eve).toContainText('Active');
  await act('Delete account');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await act('Delete account');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete account' }).click();
  await expect(page.getByText('Eve is deleted.')).toBeVisible();
  await expect(people.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: 'Audit log of accounts and sessions' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Server audit log');
  const entries = page.getByRole('table', { name: 'Audit log, newest first' }).getByRole('row');
  await expect(entries.nth(1)).toContainText('Delete account');
  await page.getByLabel('Action').selectOption('Accept invitation');
  await expect(entries).toHaveCount(3);
  await expect(entries.filter({ hasText: 'Refused' })).toHaveCount(1);
  await survey(page, 'server-audit');
  await context.close();
});

test('all other sessions of the account end at once', async ({ page, browser, server, database }) => {
  test.setTimeout(SLOW);
  await setUp(database);
  const context = await browser.newContext({ baseURL: server.url });
  const other = await context.newPage();
  await signIn(other);
  await signIn(page);
  await page.goto('/account');
  const sessions = page.getByRole('table', { name: 'Sessions' });
  await expect(sessions.getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(page.getByText('All your other sessions have ended.')).toBeVisible();
  await expect(sessions.getByRole('row')).toHaveCount(2);
  await expect(sessions).toContainText('This session');
  await expect(page.getByRole('button', { name: 'End all other sessions' })).toBeHidden();
  await other.goto('/account');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await expect(other.getByLabel('Email')).not.toHaveValue(ACCOUNT.password);
  await context.close();
});
