// What the measurements of the picker share, as element and in the console: a browser that is slowed down, what a person does, and the time until it is
// painted.

import { chromium } from '@playwright/test';

/** How much the processor is slowed down. */
export const SLOWER = 4;

export const launch = () =>
  chromium.launch({ executablePath: process.env.SCOPEWISE_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

// A slowed browser lets its thread wait busily, so that processor time is also four times as long. With BENCH_CPU the processor stays as fast as it is, and
// processor time is multiplied: that is steadier on a machine that does other things too.
const FACTOR = process.env.BENCH_CPU ? SLOWER : 1;

/** Slows a page down, and returns the session that can read its timers. */
export async function slowed(page) {
  const devtools = await page.context().newCDPSession(page);
  if (!process.env.BENCH_CPU) await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return devtools;
}

/**
 * Notes for the next key press how long it takes until the frame that shows it, and until the one that shows what the list answers. Runs in the page.
 *
 * The time begins with the press of a letter, or where the space bar is let go, which ticks a box. The frame is asked for before the picker hears of the
 * event, so that nothing that the picker leaves for later is part of the time. The event `change` would not do: it does not leave the element's shadow root,
 * and the element's own comes after its work.
 */
function watch(selector) {
  const list = (document.querySelector('scope-picker')?.shadowRoot ?? document).querySelector(selector);
  window.measured = {};
  let begin;
  const shown = (name) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => (window.measured[name] = performance.now() - begin);
    after.port2.postMessage(0);
  });
  const once = { capture: true, once: true };
  const painted = () => {
    shown('paint');
    const observer = new MutationObserver(() => {
      observer.disconnect();
      shown('answer');
    });
    observer.observe(list, { childList: true, subtree: true, attributes: true, characterData: true });
  };
  addEventListener('keydown', (event) => {
    begin = event.timeStamp;
    if (event.key !== ' ') return addEventListener('input', painted, once);
    addEventListener('keyup', (event) => (begin = event.timeStamp), once);
    addEventListener('click', painted, once);
  }, once);
}

export async function ticks(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** How many milliseconds of processor time are between two readings. */
export const taskBetween = (before, after) => (after.TaskDuration - before.TaskDuration) * 1000 * FACTOR;

/** Waits until the page has nothing to do any more: a person takes longer from one act to the next than a script. */
const idle = (page) => page.evaluate(() => {
  const frame = () => new Promise(requestAnimationFrame);
  return frame().then(frame).then(() => new Promise((done) => requestIdleCallback(done)));
});

/** The figures of one key press: the times of `watch`, and processor time of the page's thread for it and all that follows, which does not depend on what else the machine does. */
async function pressed(page, devtools, key) {
  await idle(page);
  await page.evaluate(watch, '.picker-list');
  const before = await ticks(devtools);
  await page.keyboard.press(key);
  await page.waitForFunction(() => window.measured.paint && window.measured.answer);
  await idle(page);
  const after = await ticks(devtools);
  const spent = (name) => (after[name] - before[name]) * 1000 * FACTOR;
  const times = await page.evaluate(() => window.measured);
  return { ...times, task: spent('TaskDuration'), script: spent('ScriptDuration'), style: spent('RecalcStyleDuration'), layout: spent('LayoutDuration') };
}

/** The boxes that are ticked. */
const BOXES = ['svc0.zones.read', 'svc0.zones.write', 'svc0.records.read', 'svc0.records.write'];

/** Types into the search and deletes it, then ticks boxes. */
export async function used(page, devtools, note) {
  // What the page prepares while nothing else is to be done.
  await page.waitForTimeout(4000);
  await page.getByRole('searchbox', { name: 'Search scopes' }).focus();
  note('first key press', await pressed(page, devtools, 't'));
  for (const key of 'okens') note('later key press', await pressed(page, devtools, key));
  for (const _ of 'tokens') note('key press that deletes', await pressed(page, devtools, 'Backspace'));
  await page.getByRole('button', { name: /^Expand all/ }).click();
  await page.waitForTimeout(1500);
  for (const name of BOXES) {
    await page.getByRole('checkbox', { name, exact: true }).focus();
    note('tick', await pressed(page, devtools, 'Space'));
  }
}

const PLAIN = `<input type="search" aria-label="Search scopes"><button>Expand all</button><div class="picker-list">-</div>
  ${BOXES.map((name) => `<label><input type="checkbox">${name}</label>`).join('')}
  <script>
    const list = document.querySelector('.picker-list');
    addEventListener('input', () => setTimeout(() => (list.textContent += '-'), 20));
  </script>`;

/**
 * The same on a page that has hardly anything but the fields, and does nothing at once: what the browser, the machine and this way of measuring take.
 */
export async function usedPlain(browser, note) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const devtools = await slowed(page);
  await page.setContent(PLAIN);
  await used(page, devtools, (what, figure) => note(`${what}, plain page`, figure));
  await page.close();
}

const PARTS = ['paint', 'answer', 'task', 'script', 'style', 'layout'];

/** What is to be reached, in milliseconds until the paint. */
export const WANTED = { 'first key press': 50, 'later key press': 16, tick: 16 };

/** Prints medians of figures by their names. */
export function print(title, rows, wanted = WANTED) {
  const median = (figures, part) => {
    const sorted = figures.map((figure) => figure[part]).filter((value) => value !== undefined).sort((a, b) => a - b);
    return sorted.length ? `${sorted[Math.floor(sorted.length / 2)].toFixed(1)} ms` : '';
  };
  console.log(`\n${title}, processor ${SLOWER} times slower; medians`);
  console.log(''.padEnd(36) + [...PARTS, 'paint wanted'].map((part) => part.padStart(13)).join(''));
  for (const [what, figures] of rows) {
    const limit = wanted[what] ? `<= ${wanted[what]} ms` : '';
    console.log(what.padEnd(36) + [...PARTS.map((part) => median(figures, part)), limit].map((text) => text.padStart(13)).join(''));
  }
}

/** Collects figures by their names. */
export function notes() {
  const rows = new Map();
  return [rows, (what, figure) => rows.set(what, [...(rows.get(what) ?? []), figure])];
}
