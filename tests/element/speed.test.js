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
