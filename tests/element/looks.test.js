// How <scope-picker> looks and reads.

import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

import { test } from './support.js';

const sound = async (page) => {
  const { violations } = await new AxeBuilder({ page }).disableRules(['page-has-heading-one', 'landmark-one-main', 'region']).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(' '))])).toEqual([]);
};

for (const scheme of ['light', 'dark']) {
  test(`the picker is accessible where the page is ${scheme}`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await open(`<style>html { color-scheme: light dark; background: Canvas }</style><label for="p">Scopes</label>
      <scope-picker id="p" value="rows.read keys.write user.read" grantor="rows.read"></scope-picker>`);
    await sound(page);
    const background = await page.evaluate(() => getComputedStyle(document.querySelector('scope-picker').shadowRoot.querySelector('.picker-list')).backgroundColor);
    expect(background).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(25, 29, 28)');
  });
}

test('the page decides between light and dark, not the system', async ({ page, open }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open('<scope-picker></scope-picker>');
  const background = await page.evaluate(() => getComputedStyle(document.querySelector('scope-picker').shadowRoot.querySelector('.picker-list')).backgroundColor);
  expect(background).toBe('rgb(255, 255, 255)');
});

test('custom properties and parts of the element can be styled from the page, and nothing else leaks in or out', async ({ page, open }) => {
  await open(`<style>
      scope-picker { --accent: rgb(1, 2, 3); }
      scope-picker::part(content) { border-top: 3px solid rgb(4, 5, 6); }
      scope-picker::part(list) { border-color: rgb(7, 8, 9); }
      button { background: rgb(9, 9, 9) !important; }
    </style><button id="outside">Outside</button><scope-picker value="rows.read"></scope-picker>`);
  const styles = await page.evaluate(() => {
    const root = document.querySelector('scope-picker').shadowRoot;
    return {
      accent: getComputedStyle(root.querySelector('.picker')).getPropertyValue('--accent'),
      part: getComputedStyle(root.querySelector('[part=content]')).borderTopColor,
      list: getComputedStyle(root.querySelector('.picker-list')).borderTopColor,
      names: [...root.querySelectorAll('[part]')].map((node) => node.getAttribute('part')).sort(),
      inside: getComputedStyle(root.querySelector('button')).backgroundColor === 'rgb(9, 9, 9)',
      sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    };
  });
  expect(styles).toEqual({
    accent: 'rgb(1, 2, 3)',
    part: 'rgb(4, 5, 6)',
    list: 'rgb(7, 8, 9)',
    names: ['content', 'list', 'picker', 'report', 'search', 'toolbar'],
    inside: false,
    sheets: 1,
  });
});

for (const direction of ['ltr', 'rtl']) {
  test(`the picker fits into 280 pixels, ${direction}`, async ({ page, open }) => {
    await open(`<div dir="${direction}" style="inline-size: 280px"><scope-picker value="rows.read keys.write user.read"></scope-picker></div>`);
    const { overflow, mark, row } = await page.evaluate(() => {
      const picker = document.querySelector('scope-picker');
      const name = picker.shadowRoot.querySelector('.service-name').getBoundingClientRect();
      const box = picker.shadowRoot.querySelector('.service-head .box').getBoundingClientRect();
      return { overflow: picker.scrollWidth - picker.clientWidth, mark: box.x, row: name.x };
    });
    expect(overflow).toBeLessThanOrEqual(0);
    expect(mark < row).toBe(direction === 'ltr');
  });
}

test('compact takes less room than comfortable', async ({ page, open }) => {
  await open('<scope-picker></scope-picker><scope-picker density="compact"></scope-picker>');
  const [comfortable, compact] = await page.evaluate(() => [...document.querySelectorAll('scope-picker')].map((picker) => picker.offsetHeight));
  expect(compact).toBeLessThan(comfortable * 0.9);
});
