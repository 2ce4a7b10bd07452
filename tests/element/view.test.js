// The package `view` alone, in browsers: what is on the page after each change, and that nothing else was made again. The page is
// view.rs; scripts/test builds it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { built } from '../support/target.js';
import { test } from './support.js';

const folder = built('view-page');
const TYPES = { js: 'text/javascript', wasm: 'application/wasm' };

test.beforeEach(async ({ page, site }) => {
  await page.route('**/view/*', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1);
    await route.fulfill({ body: await readFile(join(folder, name)), contentType: TYPES[name.split('.').at(-1)] });
  });
  await page.goto(site.page('<div id="here"></div>', { script: null }));
  await page.evaluate(async () => {
    const { default: init, Page } = await import('/view/page.js');
    await init();
    window.view = new Page(document.querySelector('#here'));
    /** Effects run in a later task. */
    window.after = async (change) => {
      change(window.view);
      await new Promise((done) => setTimeout(done));
    };
    /** The rows, each with a mark that its element keeps as long as it stays. */
    let marks = 0;
    window.rows = () => [...document.querySelectorAll('.rows li')].map((row) => `${row.textContent}:${(row.mark ??= ++marks)}`);
  });
});

const texts = (rows) => rows.map((row) => row.split(':')[0]);
const set = (page, rows) =>
  page.evaluate(async (rows) => {
    await after((view) => view.set_rows(rows));
    return window.rows();
  }, rows);

/** What the rows of these names are on the page. */
const around = (names) => ['first', ...names.flatMap((name) => [name, `under ${name}`]), 'last'];

test('rows come, move and go, and those that stay are the same elements', async ({ page }) => {
  const lists = ['', 'abc', 'cab', 'cxab', 'b', 'abcdefgh', 'hgfedcba', 'badcfehg', 'xyz', 'zaxby', '', 'a', 'ba', 'ab', 'abc', 'acb'];
  let before = new Map();
  for (const list of lists) {
    const rows = await set(page, [...list]);
    expect(texts(rows), list).toEqual(around([...list]));
    const after = new Map(rows.map((row) => row.split(':')));
    for (const [text, mark] of before) if (after.has(text)) expect(after.get(text), `${text} in ${list}`).toBe(mark);
    before = after;
  }
});

test('every order of five rows follows every other', async ({ page }) => {
  const orders = (names) => (names.length < 2 ? [names] : names.flatMap((name) => orders(names.filter((other) => other !== name)).map((rest) => [name, ...rest])));
  const all = orders([...'abcde']);
  const wrong = await page.evaluate(async (all) => {
    const shown = () => window.rows().map((row) => row.split(':')[0]).filter((text) => text.length === 1).join('');
    const found = [];
    for (const list of all) {
      await after((view) => view.set_rows(list));
      if (shown() !== list.join('')) found.push(`${list}: ${shown()}`);
    }
    return { found, counts: [...window.view.counts()] };
  }, all.flatMap((order, at) => [order, all[(at * 7 + 3) % all.length]]));
  expect(wrong).toEqual({ found: [], counts: [0, 5, 0] });
});

test('a row that goes ends what it owns, and a list with one name twice shows both', async ({ page }) => {
  await set(page, [...'abc']);
  expect(await page.evaluate(() => [...window.view.counts()])).toEqual([0, 3, 0]);
  await set(page, [...'ca']);
  expect(await page.evaluate(() => [...window.view.counts()])).toEqual([0, 3, 1]);
  expect(texts(await set(page, [...'aab']))).toEqual(around([...'aab']));
  expect(texts(await set(page, [...'ba']))).toEqual(around([...'ba']));
  expect(texts(await set(page, []))).toEqual(around([]));
  const [, made, ended] = await page.evaluate(() => [...window.view.counts()]);
  expect(ended).toBe(made);
});

test('a listener of a row that has moved works, and a closure in a row is shown in its place', async ({ page }) => {
  await set(page, [...'ab']);
  await set(page, [...'ba']);
  await page.locator('.rows li').filter({ hasText: /^a$/ }).click();
  expect(await page.evaluate(async () => (await after(() => {}), window.rows().map((row) => row.split(':')[0])))).toEqual(['first', 'b', 'a', 'last']);
  expect(texts(await set(page, [...'acb']))).toEqual(['first', 'a', 'c', 'b', 'last']);
  expect(await page.evaluate(() => window.view.counts()[0])).toBe(1);
});

test('attributes, classes and properties follow their signals', async ({ page }) => {
  const list = page.locator('.rows');
  const state = () => list.evaluate((list) => [list.getAttribute('title'), list.className, list.hidden, document.querySelector('input').value]);
  expect(await state()).toEqual([null, 'rows', false, '']);
  await page.evaluate(() => after((view) => (view.set_title('one'), view.set_on(true))));
  expect(await state()).toEqual(['one', 'rows on', true, 'one']);
  // What a person writes is replaced, also where the signal has the same value again.
  await page.locator('input').fill('mine');
  await page.evaluate(() => after((view) => view.set_title('one')));
  expect(await state()).toEqual(['one', 'rows on', true, 'one']);
  await page.evaluate(() => after((view) => (view.set_title(undefined), view.set_on(false))));
  expect(await state()).toEqual([null, 'rows', false, '']);
});

test('a view of each kind replaces one of every other', async ({ page }) => {
  const kinds = ['', 'a text', 'another text', '<b>an element</b>', '<i>two</i><i>elements</i>', '<b>another element</b>', '0'];
  const list = (length) => Array.from({ length }, (_, at) => `<b>${at + 7}</b>`).join('');
  const wanted = (shape) => `before ${kinds[shape] ?? list(shape - 7)} after`;
  const pairs = Array.from({ length: 12 * 12 }, (_, at) => [Math.floor(at / 12), at % 12]).flat();
  const shown = await page.evaluate(async (shapes) => {
    const found = [];
    for (const shape of shapes) {
      await after((view) => view.set_shape(shape));
      found.push(document.querySelector('.shape').innerHTML.replaceAll(/<!--.*?-->/g, ''));
    }
    return found;
  }, pairs);
  expect(shown).toEqual(pairs.map(wanted));
});

test('an element that stays loses attributes and listeners that the next one lacks', async ({ page }) => {
  const attributes = () =>
    page.locator('#kept').evaluate((kept) => [kept.isSame ?? false, Object.fromEntries([...kept.attributes].map(({ name, value }) => [name, value])), kept.textContent]);
  await page.evaluate(() => after((view) => view.set_title('title')));
  await page.evaluate(() => (document.querySelector('#kept').isSame = true));
  expect(await attributes()).toEqual([true, { id: 'kept', class: 'zero', lang: 'en' }, 'zero']);
  await page.evaluate(() => after((view) => view.set_shape(1)));
  expect(await attributes()).toEqual([true, { id: 'kept', class: 'one', title: 'title' }, 'one']);
  await page.evaluate(() => after((view) => view.set_title('new')));
  expect(await attributes()).toEqual([true, { id: 'kept', class: 'one', title: 'new' }, 'one']);
  await page.evaluate(() => after((view) => view.set_shape(2)));
  expect(await attributes()).toEqual([true, { id: 'kept', title: 'two' }, 'new']);
  // The effect of the attribute before has ended.
  await page.evaluate(() => after((view) => view.set_title('last')));
  expect(await attributes()).toEqual([true, { id: 'kept', title: 'two' }, 'last']);

  await page.evaluate(() => after((view) => view.set_shape(3)));
  await page.locator('.shape b').evaluate((element) => (element.isSame = true));
  await page.evaluate(() => after((view) => view.set_shape(5)));
  expect(await page.locator('.shape b').evaluate((element) => [element.isSame, element.textContent])).toEqual([true, 'another element']);
  await page.locator('.shape b').click();
  expect(await page.evaluate(() => window.view.counts()[0])).toBe(200);
});

test('a view that is unmounted leaves nothing on the page, and nothing that it owned', async ({ page }) => {
  await set(page, [...'abc']);
  await page.evaluate(() => after((view) => view.set_shape(4)));
  expect(await page.locator('#here').evaluate((here) => here.childNodes.length)).toBeGreaterThan(3);
  await page.evaluate(() => window.view.free());
  expect(await page.locator('#here').evaluate((here) => here.innerHTML)).toBe('');
});
