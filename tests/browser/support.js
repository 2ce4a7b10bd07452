// What the browser tests share: a server for each test, a page that fails on any error in its log, and surveys of pages.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';

import { makeDatabase, startServer } from '../support/server.js';
import { slowDown } from '../support/slow.js';

export { expect };

const SCREENSHOTS = join(import.meta.dirname, 'output/pages');
const THEMES = ['light', 'dark'];
// `make screenshots` also looks at a tablet and a large screen. It leaves accessibility to the tests, and goes on where a page is too wide.
const ONLY_SCREENSHOTS = Boolean(process.env.SCOPEWISE_SCREENSHOTS);
const MORE_SIZES = ONLY_SCREENSHOTS ? [{ width: 834, height: 1112 }, { width: 1920, height: 1080 }] : [];
const SIZES = [{ width: 390, height: 844 }, { width: 1440, height: 900 }, ...MORE_SIZES];

export const ACCOUNT = { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada Lovelace' };

export const test = base.extend({
  context: async ({ context, browserName }, use) => {
    await slowDown(context, browserName);
    await use(context);
  },
  /** A new database. */
  database: async ({}, use) => {
    const database = await makeDatabase();
    await use(database);
    await database.remove();
  },
  /** A server on that database. */
  server: async ({ database }, use) => {
    const server = await startServer(database);
    await use(server);
    expect(await server.stop(), 'the server stops cleanly').toBe(0);
  },
  baseURL: async ({ server }, use) => use(server.url),
  /** A page whose log must have no errors and no warnings, except those in `expectedErrors`. */
  expectedErrors: async ({}, use) => use([]),
  page: async ({ page, expectedErrors }, use) => {
    const messages = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) messages.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => messages.push(`exception: ${error.stack ?? error.message}`));
    await use(page);
    const unexpected = messages.filter((line) => !expectedErrors.some((expected) => expected.test(line)));
    expect(unexpected, 'the log of the page').toEqual([]);
  },
});

/** Creates the account and a project on the command line. */
export async function setUp(database, project = { id: 'shop', name: 'Web shop' }) {
  database.environment.SCOPEWISE_ADMIN_PASSWORD = ACCOUNT.password;
  await database.command('admin', 'create', '--email', ACCOUNT.email, '--name', ACCOUNT.name);
  await database.command('project', 'create', '--id', project.id, '--name', project.name);
}

/** Fails if the page is wider than the window. */
export async function expectNoSidewaysScrolling(page) {
  const beyond = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`).slice(0, 8);
  });
  (ONLY_SCREENSHOTS ? expect.soft : expect)(beyond, 'what is wider than the window').toEqual([]);
}

/** Checks the page in both themes, on a phone and on a desktop: accessibility, width, and a screenshot of each. */
export async function survey(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.evaluate(() => document.fonts.ready);
      // Otherwise, sticky elements would appear in the middle of the screenshot.
      await page.evaluate(() => scrollTo(0, 0));
      await expectNoSidewaysScrolling(page);
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${colorScheme}-${size.width}.png`), fullPage: true });
      // The themes differ only in colour, so one width is enough.
      if (ONLY_SCREENSHOTS || (colorScheme === 'dark' && size.width < 1000)) continue;
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).slice(0, 5).join(', ')}`);
      expect(found, `${name}, ${colorScheme}, ${size.width} px`).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Everything that a browser stores or shows of a page, apart from its text. */
export async function whatTheBrowserKeeps(page) {
  const inPage = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state, document.cookie, document.title]));
  return inPage + JSON.stringify(await page.context().storageState());
}

/** Presses Tab until the element has the focus, and fails if it never does. */
export async function tabTo(page, target, { limit = 250, back = false } = {}) {
  for (let presses = 0; presses < limit; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`${limit} presses of Tab did not reach ${target}`);
}

/** Opens a tab of the page of a key. */
export async function openTab(page, name) {
  await page.getByRole('navigation', { name: 'Key', exact: true }).getByRole('link', { name, exact: true }).click();
}

/** Opens the picker of the page of a key. */
export async function editScopes(page) {
  await openTab(page, 'Scopes');
  await page.getByRole('button', { name: 'Edit scopes' }).click();
  await expect(page.getByRole('searchbox', { name: 'Search scopes' })).toBeFocused();
}

/** Creates the key of the form, although it has no scopes. */
export async function createWithoutScopes(page) {
  await page.getByRole('button', { name: 'Create API key' }).click();
  await page.getByRole('alertdialog', { name: 'Create a key without scopes?' }).getByRole('button', { name: 'Create without scopes' }).click();
}

/** Signs in on the page. */
export async function signIn(page) {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
}
