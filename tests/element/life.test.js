// <scope-picker> comes and goes as a page likes.

import { expect } from '@playwright/test';

import { choose, needsChromium, ready, test } from './support.js';

test('an element that moves keeps what a person chose, typed and opened', async ({ page, open }) => {
  await open('<section id="a"><scope-picker value="rows.read"></scope-picker></section><section id="b"></section>');
  const picker = page.locator('scope-picker');
  await choose(picker, 'rows.write');
  await picker.getByRole('searchbox').first().fill('rows');
  await page.evaluate(() => {
    window.readied = 0;
    document.addEventListener('ready', () => readied++, true);
    document.querySelector('#b').append(document.querySelector('scope-picker'));
  });
  await expect(page.locator('#b').getByRole('searchbox').first()).toHaveValue('rows');
  expect(await page.evaluate(() => [document.querySelector('scope-picker').value, readied])).toEqual([['rows.read', 'rows.write'], 0]);
});

test('an element that is removed and put back has its value and a new picker', async ({ page, open }) => {
  await open('<scope-picker value="rows.read"></scope-picker>');
  await choose(page.locator('scope-picker'), 'rows.write');
  await page.evaluate(async () => {
    window.kept = document.querySelector('scope-picker');
    kept.remove();
    await new Promise((done) => setTimeout(done));
  });
  expect(await page.evaluate(() => kept.shadowRoot.querySelector('.picker'))).toBe(null);
  await page.evaluate(() => document.querySelector('main').append(kept));
  await ready(page);
  expect(await page.evaluate(() => kept.value)).toEqual(['rows.read', 'rows.write']);
});

test('an element that leaves while it loads is not shown, and no event fires', async ({ page, site }) => {
  let answer;
  const asked = new Promise((resolve) => {
    page.route('**/picker.wasm', (route) => {
      answer = () => route.continue();
      resolve();
    });
  });
  await page.goto(site.page('<scope-picker id="leaves"></scope-picker><scope-picker id="stays"></scope-picker>'), { waitUntil: 'commit' });
  await asked;
  await page.evaluate(() => {
    window.left = document.querySelector('#leaves');
    window.heard = [];
    for (const type of ['ready', 'error']) left.addEventListener(type, () => heard.push(type));
    left.remove();
  });
  await answer();
  await ready(page);
  expect(await page.evaluate(() => [heard, left.shadowRoot.querySelector('.picker')])).toEqual([[], null]);
});

test('properties that are set before the element is defined count', async ({ page, site }) => {
  await page.goto(site.page('<scope-picker name="scope"></scope-picker>', { script: '' }));
  await page.evaluate(async () => {
    Object.assign(document.querySelector('scope-picker'), { value: ['rows.read'], runsIn: 'browser', grantor: ['users.read'] });
    await import('/package/picker-define.js');
  });
  await ready(page);
  const picker = await page.evaluate(() => {
    const { value, runsIn, grantor, report } = document.querySelector('scope-picker');
    return { value, runsIn, grantor, valid: report.valid };
  });
  expect(picker).toEqual({ value: ['rows.read'], runsIn: 'browser', grantor: ['users.read'], valid: false });
});

test('importing the class defines nothing', async ({ page, site }) => {
  await page.goto(site.page('', { script: '' }));
  const shape = await page.evaluate(async () => {
    const { ScopePicker } = await import('/package/picker.js');
    const before = customElements.get('scope-picker');
    customElements.define('my-picker', class extends ScopePicker {});
    return [before === undefined, typeof ScopePicker];
  });
  expect(shape).toEqual([true, 'function']);
});

test('a thousand pickers that come and go leave no memory behind', async ({ page, open, browserName }) => {
  needsChromium(browserName, 'the size of the heap');
  await open('<scope-picker></scope-picker>');
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => document.querySelector('scope-picker').remove());
  /** Creates and removes pickers, then returns how much memory is in use. */
  const rounds = async (count) => {
    await page.evaluate(async (count) => {
      for (let round = 0; round < count; round++) {
        const picker = document.createElement('scope-picker');
        picker.value = ['rows.read', 'users.read'];
        const ready = new Promise((done) => picker.addEventListener('ready', done));
        document.body.append(picker);
        await ready;
        picker.remove();
        await new Promise((done) => setTimeout(done));
      }
    }, count);
    // What is left for the collector is no leak.
    for (let time = 0; time < 3; time++) {
      await session.send('HeapProfiler.collectGarbage');
      await page.evaluate(() => new Promise((done) => setTimeout(done)));
    }
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    const wasm = await page.evaluate(async () => (await import('/package/scope-picker.js')).ScopePicker.memory());
    return { heap: usedSize, nodes, wasm };
  };
  // The first rounds fill caches and free lists.
  const before = await rounds(200);
  const after = await rounds(800);
  expect(after.wasm).toBe(before.wasm);
  expect(after.heap - before.heap).toBeLessThan(1_000_000);
  expect(after.nodes - before.nodes).toBeLessThan(1_000);
});
