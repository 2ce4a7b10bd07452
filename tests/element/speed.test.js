// <scope-picker> with a catalog of 1,000 scopes does little for each key press. Times depend on the machine; `make bench-picker` measures them.

import { expect } from '@playwright/test';

import { largeCatalog } from '../../bench/picker/catalog.js';
import { test } from './support.js';

test('a key press in the search shows the first rows at once, and the rest of the screen in later frames', async ({ page, site, open }) => {
  const url = site.serve(JSON.stringify(largeCatalog()), { type: 'application/json' });
  await open(`<scope-picker catalog="${url}"></scope-picker>`);
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('scope-picker');
    window.rows = () => shadowRoot.querySelectorAll('.scope').length;
    window.first = [];
    // The first frame after a key press, before observers of the page are called.
    shadowRoot.querySelector('input[type=search]').addEventListener('input', () => requestAnimationFrame(() => first.push(rows())));
  });
  await page.getByRole('searchbox').first().focus();
  await page.keyboard.press('t');
  await expect.poll(() => page.evaluate(() => rows())).toBeGreaterThan(6);
  const [atOnce, screen] = await page.evaluate(() => [first[0], rows()]);
  expect(atOnce).toBe(6);
  // A window of 800 pixels has room for less than this.
  expect(screen).toBeLessThanOrEqual(34);
  // Everything that was found can be reached.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect.poll(() => page.evaluate(() => rows())).toBeGreaterThan(300);
});
