// What the two measurements of the picker share: a browser that is slowed down, and the time from an event to the paint.

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

/** Notes for each event of this name how long the page works for it: its handlers and what they start, then the next frame with its paint. */
export function watch(name) {
  window.measured = [];
  window.addEventListener(name, (event) => {
    const begin = event.timeStamp;
    const handlers = new MessageChannel();
    handlers.port1.onmessage = () => {
      const handled = performance.now();
      requestAnimationFrame(() => {
        const started = performance.now();
        const painted = new MessageChannel();
        painted.port1.onmessage = () => {
          const now = performance.now();
          window.measured.push({ work: handled - begin + (now - started), paint: now - begin });
        };
        painted.port2.postMessage(0);
      });
    };
    handlers.port2.postMessage(0);
  }, true);
}

export async function ticks(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** How many milliseconds of processor time are between two readings. */
export const taskBetween = (before, after) => (after.TaskDuration - before.TaskDuration) * 1000 * FACTOR;

/** The figures of one act that causes the watched event once. The processor time of the page's thread does not depend on what else the machine does. */
export async function measured(page, devtools, act) {
  await page.evaluate(() => (window.measured = []));
  const before = await ticks(devtools);
  await act();
  let figure;
  while (!figure) figure = await page.evaluate(() => window.measured[0]);
  const after = await ticks(devtools);
  const spent = (name) => (after[name] - before[name]) * 1000 * FACTOR;
  return { ...figure, script: spent('ScriptDuration'), style: spent('RecalcStyleDuration'), layout: spent('LayoutDuration'), task: spent('TaskDuration') };
}

/** Types into the search and deletes it, then ticks boxes. */
export async function used(page, devtools, note) {
  const search = page.getByRole('searchbox', { name: 'Search scopes' });
  await page.evaluate(watch, 'input');
  await search.focus();
  note('first key press', await measured(page, devtools, () => page.keyboard.press('t')));
  for (const key of 'okens') note('later key press', await measured(page, devtools, () => page.keyboard.press(key)));
  for (const _ of 'tokens') note('key press that deletes', await measured(page, devtools, () => page.keyboard.press('Backspace')));
  const fold = page.getByRole('button', { name: /^Expand all/ });
  if (await fold.count()) await fold.click();
  await page.waitForTimeout(1500);
  await page.evaluate(watch, 'change');
  for (const name of ['svc0.zones.read', 'svc0.zones.write', 'svc0.records.read', 'svc0.records.write']) {
    const box = page.getByRole('checkbox', { name, exact: true });
    await box.focus();
    note('tick', await measured(page, devtools, () => page.keyboard.press('Space')));
  }
}

const PARTS = ['work', 'paint', 'task', 'script', 'style', 'layout'];

/** Prints medians of figures by their names. */
export function print(title, rows) {
  const median = (figures, part) => {
    const sorted = figures.map((figure) => figure[part]).filter((value) => value !== undefined).sort((a, b) => a - b);
    return (sorted.length ? `${sorted[Math.floor(sorted.length / 2)].toFixed(1)} ms` : '').padStart(11);
  };
  console.log(`\n${title}, processor ${SLOWER} times slower; medians`);
  console.log(''.padEnd(24) + PARTS.map((part) => part.padStart(11)).join(''));
  for (const [what, figures] of rows) console.log(what.padEnd(24) + PARTS.map((part) => median(figures, part)).join(''));
}

/** Collects figures by their names. */
export function notes() {
  const rows = new Map();
  return [rows, (what, figure) => rows.set(what, [...(rows.get(what) ?? []), figure])];
}
