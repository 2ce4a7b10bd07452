// How <scope-picker> looks and reads.

import { readFile } from 'node:fs/promises';

import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

import { needsChromium, test } from './support.js';

/** The background of lists as the tokens say it, for each color scheme. */
async function surfaces() {
  const tokens = await readFile(new URL('../../style/tokens.css', import.meta.url), 'utf8');
  const [light, dark] = /--surface: light-dark\((#\w{6}), (#\w{6})\);/.exec(tokens).slice(1);
  const rgb = (hex) => `rgb(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
  expect(light).not.toBe(dark);
  return { light: rgb(light), dark: rgb(dark) };
}

const sound = async (page) => {
  const { violations } = await new AxeBuilder({ page }).disableRules(['page-has-heading-one', 'landmark-one-main', 'region']).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(' '))])).toEqual([]);
};

for (const scheme of ['light', 'dark']) {
  test(`the picker is accessible where the page is ${scheme}`, async ({ page, open, browserName }) => {
    needsChromium(browserName, 'the color scheme of the system');
    await page.emulateMedia({ colorScheme: scheme });
    await open(`<style>html { color-scheme: light dark; background: Canvas }</style><label for="p">Scopes</label>
      <scope-picker id="p" value="rows.read keys.write user.read" grantor="rows.read"></scope-picker>`);
    await sound(page);
    const background = await page.evaluate(() => getComputedStyle(document.querySelector('scope-picker').shadowRoot.querySelector('.picker-list')).backgroundColor);
    expect(background).toBe((await surfaces())[scheme]);
  });
}

test('the page decides between light and dark, not the system', async ({ page, open, browserName }) => {
  if (browserName === 'chromium') await page.emulateMedia({ colorScheme: 'dark' });
  await open('<scope-picker></scope-picker><div style="color-scheme: dark"><scope-picker></scope-picker></div>');
  const backgrounds = await page.evaluate(() =>
    [...document.querySelectorAll('scope-picker')].map((picker) => getComputedStyle(picker.shadowRoot.querySelector('.picker-list')).backgroundColor),
  );
  const { light, dark } = await surfaces();
  expect(backgrounds).toEqual([light, dark]);
});

test('custom properties and parts of the element can be styled from the page, and nothing else leaks in or out', async ({ page, open }) => {
  await open(`<style>
      scope-picker { --accent: rgb(1, 2, 3); }
      scope-picker::part(content) { border-top: 3px solid rgb(4, 5, 6); }
      scope-picker::part(list) { border-color: rgb(7, 8, 9); }
      scope-picker::part(scope) { background: rgb(10, 11, 12); }
      scope-picker::part(scope-name) { color: rgb(13, 14, 15); }
      scope-picker::part(checkbox):checked { border-color: rgb(16, 17, 18); }
      scope-picker::part(service-head) { background: rgb(19, 20, 21); }
      scope-picker::part(button) { background: rgb(22, 23, 24); }
      button { background: rgb(9, 9, 9) !important; }
    </style><button id="outside">Outside</button><scope-picker value="rows.read"></scope-picker>`);
  const styles = await page.evaluate(() => {
    const root = document.querySelector('scope-picker').shadowRoot;
    const style = (selector) => getComputedStyle(root.querySelector(selector));
    return {
      accent: style('.picker').getPropertyValue('--accent'),
      part: style('[part=content]').borderTopColor,
      list: style('.picker-list').borderTopColor,
      row: style('.scope').backgroundColor,
      name: style('.scope .scope-name').color,
      checked: style('.scope .box:checked').borderTopColor,
      head: style('.service-head').backgroundColor,
      button: style('button.preset').backgroundColor,
      inside: style('button.scope-opens').backgroundColor === 'rgb(9, 9, 9)',
      sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    };
  });
  expect(styles).toEqual({
    accent: 'rgb(1, 2, 3)',
    part: 'rgb(4, 5, 6)',
    list: 'rgb(7, 8, 9)',
    row: 'rgb(10, 11, 12)',
    name: 'rgb(13, 14, 15)',
    checked: 'rgb(16, 17, 18)',
    head: 'rgb(19, 20, 21)',
    button: 'rgb(22, 23, 24)',
    inside: false,
    sheets: 1,
  });
});

test('the parts in the picker are those of the documentation, and each thing that is seen is in one', async ({ page, open }) => {
  const { modules } = JSON.parse(await readFile(new URL('../../js/custom-elements.json', import.meta.url), 'utf8'));
  const documented = modules.find(({ path }) => path === 'picker.js').declarations[0].cssParts.map(({ name }) => name);
  await open(`<scope-picker value="rows.read keys.write execution.read user.read" previous="users.read" operations="tablesDB.createRow"></scope-picker>`);
  const picker = page.locator('scope-picker');
  const [seen, bare] = [new Set(), new Set()];
  // What follows from a key press or a click is painted a moment later, so each look waits for what it is there to see.
  const look = async (shown) => {
    await expect(shown).toBeVisible();
    const found = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('scope-picker');
      const controls = [...shadowRoot.querySelectorAll('button, input:not([type=radio]), textarea, summary, li, h3, tr, p')].filter((node) => node.checkVisibility());
      return {
        names: [...shadowRoot.querySelectorAll('[part]')].flatMap((node) => [...node.part]),
        // A thing that is seen has a part of its own, or is in one below that of the whole list or panel.
        bare: controls.filter((node) => !node.closest('[part]:not([part=content], [part=picker], [part=list], [part=report])')).map((node) => node.outerHTML),
      };
    });
    found.names.forEach((name) => seen.add(name));
    found.bare.forEach((html) => bare.add(html));
  };
  const part = (name) => picker.locator(`[part~=${name}]`).first();
  await expect(part('changes')).toBeVisible();
  await look(part('fix'));
  await picker.getByRole('searchbox').first().fill('send an email');
  await expect(picker.getByRole('checkbox', { name: 'rows.read', exact: true })).toBeHidden();
  await look(part('scope-note'));
  await picker.getByRole('searchbox').first().fill('rows');
  await expect(picker.getByRole('checkbox', { name: 'messages.write', exact: true })).toBeHidden();
  await picker.getByRole('button', { name: /^Opens/ }).first().click();
  await look(part('operations'));
  await picker.getByRole('searchbox').first().fill('');
  await picker.getByRole('radio', { name: 'Read and write' }).check({ force: true });
  await look(part('table'));
  await picker.getByRole('radio', { name: 'By operation' }).check({ force: true });
  await picker.getByRole('searchbox').first().fill('list rows');
  await expect(part('calls')).toBeVisible();
  await look(picker.getByRole('checkbox', { name: /^tablesDB.listRows/ }));
  await picker.getByRole('searchbox').first().fill('');
  await picker.getByRole('button', { name: /^Read-only/ }).click();
  await look(picker.getByRole('alertdialog'));
  expect([...bare]).toEqual([]);
  // The plain list is not here; tests of the fallback see it.
  expect([...seen, 'plain'].sort()).toEqual([...documented].sort());
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

test('what a scope opens stands below it, and above the next scope', async ({ page, open }) => {
  await open('<scope-picker value="rows.read"></scope-picker>');
  await page.locator('.scope-opens').first().click();
  const panel = page.locator('.opens');
  await expect(panel).toBeVisible();
  const places = await panel.evaluate((panel) => {
    const row = panel.closest('.scope');
    const next = row.nextElementSibling.nextElementSibling;
    return [row.querySelector('.scope-choice').getBoundingClientRect().bottom, panel.getBoundingClientRect().top, panel.getBoundingClientRect().bottom, next.getBoundingClientRect().top];
  });
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('the icon of the search is in front of the field', async ({ page, open }) => {
  await open('<scope-picker></scope-picker>');
  const front = await page.evaluate(() => {
    const root = document.querySelector('scope-picker').shadowRoot;
    const icon = root.querySelector('.search .icon');
    icon.style.pointerEvents = 'auto';
    const { left, top, width, height } = icon.getBoundingClientRect();
    return root.elementFromPoint(left + width / 2, top + height / 2).closest('.icon, .input').classList[0];
  });
  expect(front).toBe('icon');
});
