// <scope-picker> with a catalog of 1,000 scopes does little for each key press. Times depend on the machine; `make bench-picker` measures them.

import { expect } from '@playwright/test';

import { largeCatalog } from '../../bench/picker/catalog.js';
import { test } from './support.js';

test('a key press in the search is painted before the list changes; then come the first rows, and the rest of the screen in later frames', async ({ page, site, open }) => {
  const url = site.serve(JSON.stringify(largeCatalog()), { type: 'application/json' });
  await open(`<scope-picker catalog="${url}"></scope-picker>`);
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('scope-picker');
    const search = shadowRoot.querySelector('input[type=search]');
    window.rows = () => shadowRoot.querySelectorAll('.scope').length;
    window.seen = [];
    // At the frame that follows the key press, and whenever rows come or go after it.
    search.addEventListener('input', () => requestAnimationFrame(() => {
      seen.push([search.value, rows()]);
      new MutationObserver(() => {
        if (rows() !== seen.at(-1)[1]) seen.push([search.value, rows()]);
      }).observe(shadowRoot, { childList: true, subtree: true });
    }));
  });
  await page.getByRole('searchbox').first().focus();
  await page.keyboard.press('t');
  await expect.poll(() => page.evaluate(() => rows())).toBeGreaterThan(6);
  const seen = await page.evaluate(() => window.seen);
  expect(seen.slice(0, 2)).toEqual([['t', 0], ['t', 6]]);
  // A window of 800 pixels has room for less than this.
  expect(await page.evaluate(() => rows())).toBeLessThanOrEqual(34);
  // Everything that was found can be reached.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect.poll(() => page.evaluate(() => rows())).toBeGreaterThan(300);
});

test('a long list shows a window of services and rows at first, and then all that it lists', async ({ page, site, open }) => {
  const catalog = largeCatalog();
  const url = site.serve(JSON.stringify(catalog), { type: 'application/json' });
  await open('<scope-picker></scope-picker>');
  const first = await page.evaluate(([url, value]) => new Promise((done) => {
    const picker = document.createElement('scope-picker');
    Object.assign(picker, { catalog: url, value });
    window.counted = () => ['.service:has(.service-fold[aria-expanded])', '.scope'].map((part) => picker.shadowRoot.querySelectorAll(part).length);
    picker.addEventListener('ready', () => done(window.counted()), { once: true });
    document.body.replaceChildren(picker);
  }), [url, catalog.scopes.map(({ id }) => id)]);
  expect(first).toEqual([12, 24]);
  await expect.poll(() => page.evaluate(() => window.counted())).toEqual([catalog.services.length, 160]);
});

test('a tick is painted before what follows from it, and changes one row', async ({ page, site, open }) => {
  const url = site.serve(JSON.stringify(largeCatalog()), { type: 'application/json' });
  await open(`<scope-picker catalog="${url}"></scope-picker>`);
  await page.getByRole('button', { name: 'Expand all' }).click();
  const box = page.getByRole('checkbox', { name: 'svc0.zones.read', exact: true });
  await box.focus();
  await page.evaluate(() => {
    const picker = document.querySelector('scope-picker');
    const list = picker.shadowRoot.querySelector('.picker-list');
    window.noted = { changes: [], rows: [] };
    picker.addEventListener('change', () => noted.changes.push(picker.value.join()));
    picker.shadowRoot.addEventListener('change', () => requestAnimationFrame(() => {
      noted.atFrame = { changes: [...noted.changes], chosen: list.querySelectorAll('[data-chosen=true]').length };
      new MutationObserver((changes) => {
        noted.rows.push(...changes.filter(({ target }) => target.matches('.scope')).map(({ target }) => target.querySelector('.box').dataset.name));
      }).observe(list, { attributes: true, subtree: true });
    }), { once: true });
  });
  await page.keyboard.press('Space');
  await expect(box).toBeChecked();
  await expect.poll(() => page.evaluate(() => window.noted.rows)).toEqual(['svc0.zones.read']);
  // The value and the event do not wait for the frame.
  expect(await page.evaluate(() => window.noted.atFrame)).toEqual({ changes: ['svc0.zones.read'], chosen: 0 });
});

test('a text is cut off only where its letters can pile up: each piece that is cut is painted apart', async ({ page, open }) => {
  const catalog = {
    id: 'x', name: 'X', version: '1', maxScopes: 9, editions: [{ id: '1', name: '1' }], services: [{ id: 's', name: 'Service' }, { id: 't', name: 'T\u0301' }],
    scopes: ['s', 't'].map((service) => ({
      id: `${service}.read`, name: service === 's' ? 'Größe' : 'e\u0301', service, description: service === 's' ? 'It reads.' : 'a\u0301', tiers: ['project'],
      editions: ['1'], sensitive: { reach: 'broad', reason: service === 's' ? 'All.' : 'o\u0301', path: [] },
    })),
    operations: [],
  };
  await open(`<scope-picker catalog='${JSON.stringify(catalog)}' value="s.read t.read"></scope-picker>`);
  const cut = await page.evaluate(() =>
    [...document.querySelector('scope-picker').shadowRoot.querySelectorAll('.service')].slice(0, 2).map((service) =>
      ['.service-name', '.scope-line', '.scope-about > [dir]', '.scope-why'].map((part) => getComputedStyle(service.querySelector(part)).overflowX),
    ),
  );
  expect(cut).toEqual([Array(4).fill('visible'), Array(4).fill('clip')]);
});

test('the field of the search has the size that the page gives it, whatever is typed', async ({ page, open }) => {
  await open('<style>.wide::part(search) { padding-block: 20px }</style><scope-picker></scope-picker><scope-picker class="wide"></scope-picker>');
  const search = page.getByRole('searchbox');
  const heights = () => search.evaluateAll((fields) => fields.map((field) => field.offsetHeight));
  expect(await heights()).toEqual([36, 62]);
  for (const at of [0, 1]) await search.nth(at).fill('a'.repeat(200));
  expect(await heights()).toEqual([36, 62]);
});
