// Measures the picker of the console: how long a key press in the search and a tick take to paint, with a catalog of 1,000 scopes and a
// processor that is slowed down four times. The processor time of the page's thread is also printed, times four: it does not depend on what else the
// machine does.
//
//   node bench/picker/index.js [RUNS]

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from '@playwright/test';

import { makeDatabase, startServer } from '../../tests/support/server.js';
import { largeCatalog } from './catalog.js';

const SLOWER = 4;
const RUNS = Number(process.argv[2] ?? 3);
const PASSWORD = 'correct horse battery';
const CREATE = '/projects/shop/overview/integration/api-keys/create';

/** Notes for each event of this name how long the page works for it: its handlers and what they start, then the next frame with its paint. */
function watch(name) {
  window.measured = [];
  window.addEventListener(name, (event) => {
    const begin = event.timeStamp;
    const handlers = new MessageChannel();
    handlers.port1.onmessage = () => {
      const handled = performance.now();
      requestAnimationFrame((frame) => {
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

async function measured(page, devtools, act) {
  await page.evaluate(() => (window.measured = []));
  const before = await ticks(devtools);
  await act();
  let figure;
  while (!figure) figure = await page.evaluate(() => window.measured[0]);
  const after = await ticks(devtools);
  const spent = (name) => (after[name] - before[name]) * 1000 * SLOWER;
  return { ...figure, script: spent('ScriptDuration'), style: spent('RecalcStyleDuration'), layout: spent('LayoutDuration'), task: spent('TaskDuration') };
}

async function ticks(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

const database = await makeDatabase();
const file = join(database.folder, 'catalog.json');
await writeFile(file, JSON.stringify(largeCatalog()));
database.environment.SCOPEWISE_CATALOG = file;
database.environment.SCOPEWISE_ADMIN_PASSWORD = PASSWORD;
await database.command('admin', 'create', '--email', 'ada@example.com', '--name', 'Ada');
await database.command('project', 'create', '--id', 'shop', '--name', 'Shop');
const server = await startServer(database);
const browser = await chromium.launch({
  executablePath: process.env.SCOPEWISE_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
});
const rows = new Map();
const note = (what, figure) => rows.set(what, [...(rows.get(what) ?? []), figure]);
try {
  for (let run = 0; run < RUNS; run += 1) {
    const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
    const devtools = await page.context().newCDPSession(page);
    if (!process.env.BENCH_CPU) await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const opened = performance.now();
    await page.goto(CREATE);
    const search = page.getByRole('searchbox', { name: 'Search scopes' });
    await search.waitFor();
    note('page opened', { work: performance.now() - opened, paint: performance.now() - opened });
    await page.waitForTimeout(4000);
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
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
  await database.remove();
}
const median = (figures, part) => {
  const sorted = figures.map((figure) => figure[part] ?? 0).sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)].toFixed(1)} ms`.padStart(11);
};
const PARTS = ['work', 'paint', 'task', 'script', 'style', 'layout'];
console.log(`the console's picker, 1,000 scopes, processor ${SLOWER} times slower; medians`);
console.log(''.padEnd(24) + PARTS.map((part) => part.padStart(11)).join(''));
for (const [what, figures] of rows) console.log(what.padEnd(24) + PARTS.map((part) => median(figures, part)).join(''));
