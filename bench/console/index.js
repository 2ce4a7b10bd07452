// Measures the console in Chromium: what a first visit downloads, when it paints and answers, key presses and ticks with 1,000 scopes, and
// the list with 300 and 100,000 keys. The processor is slowed down four times; the network is a fast 4G one where the page is loaded.
//
//   node bench/console/index.js [RUNS]
//
// BENCH_PARTS=visit,picker,list measures some parts only, BENCH_KEYS=300 one size of the list; BENCH_PROFILE=FOLDER writes what the
// processor did there, for the performance panel of Chromium.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from '@playwright/test';

import { makeDatabase, startServer } from '../../tests/support/server.js';
import { largeCatalog } from '../picker/catalog.js';
import { slowed, used, usedPlain, WANTED as WANTED_OF_PICKER } from '../picker/measure.js';

const SLOWER = 4;
const RUNS = Number(process.argv[2] ?? 3);
/** Which parts are measured: visit, picker, list; all if it is empty. */
const PARTS = process.env.BENCH_PARTS?.split(',');
const KEYS = PARTS && !PARTS.includes('list') ? [] : (process.env.BENCH_KEYS ?? '300,100000').split(',').map(Number);
/** As the browser's own "Fast 4G": bytes per second, and milliseconds of latency. */
const NETWORK = { offline: false, latency: 60, downloadThroughput: 9e6 / 8, uploadThroughput: 1.5e6 / 8 };
const ACCOUNT = { email: 'ada@example.com', password: 'correct horse battery' };
const LIST = '/projects/shop/overview/integration/api-keys';
/** What is to be reached; the rest is printed only. */
const WANTED = {
  'first load, KB': 240, 'first load, files': 8, 'first useful paint': 800, 'scope search answers': 1800, 'long tasks, blocked': 250,
  ...WANTED_OF_PICKER,
  ...Object.fromEntries(KEYS.flatMap((count) => ['open', 'search', 'sort'].map((what) => [`${count} keys, ${what}`, 300]))),
  ...Object.fromEntries(KEYS.map((count) => [`${count} keys, longest frame of scrolling`, 50])),
};

const browser = await chromium.launch({
  executablePath: process.env.SCOPEWISE_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
});
const figures = new Map();
const note = (what, figure) => figures.set(what, [...(figures.get(what) ?? []), figure]);

/** A server with so many keys, and a browser that is signed in. */
async function withServer({ catalog, keys = 0 }, act) {
  const database = await makeDatabase();
  if (catalog) {
    database.environment.SCOPEWISE_CATALOG = join(database.folder, 'catalog.json');
    await writeFile(database.environment.SCOPEWISE_CATALOG, JSON.stringify(catalog));
  }
  database.environment.SCOPEWISE_ADMIN_PASSWORD = ACCOUNT.password;
  await database.command('admin', 'create', '--email', ACCOUNT.email, '--name', 'Ada');
  await database.command('project', 'create', '--id', 'shop', '--name', 'Shop');
  for (let from = 0; from < keys; from += 20_000) {
    const file = join(database.folder, 'keys.jsonl');
    const key = (number) => JSON.stringify({
      id: `key-${number}`, name: `Worker ${number}`, scopes: ['rows.read', 'files.write', 'users.read'].slice(0, 1 + (number % 3)), expire: null,
      secretSha256: createHash('sha256').update(String(number)).digest('hex'),
    });
    await writeFile(file, Array.from({ length: Math.min(20_000, keys - from) }, (_, index) => key(from + index)).join('\n'));
    await database.command('key', 'import', '--project', 'shop', '--format', 'json', file);
  }
  const server = await startServer(database);
  try {
    const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill(ACCOUNT.email);
    await page.getByLabel('Password').fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
    const state = await context.storageState();
    await context.close();
    for (let run = 0; run < RUNS; run += 1) {
      // A new context has an empty cache.
      const fresh = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', storageState: state });
      await act(await fresh.newPage());
      await fresh.close();
    }
  } finally {
    await server.stop();
    await database.remove();
  }
}

async function slow(page, network) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  if (network) await devtools.send('Network.emulateNetworkConditions', NETWORK);
  return devtools;
}

/** Notes tasks of more than 50 ms; what each takes beyond that blocks the page. */
function watchTasks() {
  window.blocked = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.blocked += entry.duration - 50))).observe({ type: 'longtask', buffered: true });
}

/** The list of keys, with an empty cache: everything until it is shown, and what is fetched after that for later pages. */
async function firstLoad(page) {
  const devtools = await slow(page, true);
  const addresses = new Map();
  const [first, later, api] = [[], [], []];
  devtools.on('Network.responseReceived', ({ requestId, response }) => addresses.set(requestId, response.url));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const { pathname } = new URL(addresses.get(requestId) ?? 'about:blank');
    (pathname.includes('later') ? later : pathname.startsWith('/v1/') ? api : first).push(encodedDataLength);
  });
  const sum = (sizes) => sizes.reduce((all, size) => all + size, 0) / 1000;
  const began = performance.now();
  await page.goto(LIST, { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'No API keys yet' }).waitFor();
  note('first load, list is shown', performance.now() - began);
  while (later.length === 0) await page.waitForTimeout(100);
  note('first load, KB', sum(first) + sum(api));
  note('first load, files', first.filter((size) => size > 0).length);
  note('first load, requests to the API', api.length);
  note('later pages, KB', sum(later));
}

async function firstVisit(page) {
  await slow(page, true);
  await page.addInitScript(watchTasks);
  const began = performance.now();
  await page.goto(`${LIST}/create`, { waitUntil: 'commit' });
  const search = page.getByRole('searchbox', { name: 'Search scopes' });
  await search.waitFor();
  await search.fill('list rows');
  await page.getByRole('checkbox', { name: 'rows.read', exact: true }).waitFor();
  note('scope search answers', performance.now() - began);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  note('first useful paint', paint);
  note('long tasks, blocked', await page.evaluate(() => window.blocked));
}

async function keyPresses(page) {
  const devtools = await slowed(page);
  await page.goto(`${LIST}/create`);
  await page.getByRole('searchbox', { name: 'Search scopes' }).waitFor();
  await used(page, devtools, (what, { paint, answer }) => {
    note(what, paint);
    note(`${what}, the list answers`, answer);
  });
  // A page that is slowed down takes a core, also where it does nothing.
  await page.close();
  await usedPlain(browser, (what, { paint }) => note(what, paint));
}

/** Notes the time from an event to the first frame that shows `text` in the first row; an empty text is any. Runs in the page. */
function awaitRow([name, text]) {
  window.shown = new Promise((settle) => {
    addEventListener(name, (event) => {
      const look = () => {
        const first = document.querySelector('.table.keys .keys-hint')?.closest('tr').querySelector('a').textContent;
        if (first === undefined || (text && first !== text)) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          const after = new MessageChannel();
          after.port1.onmessage = () => settle(performance.now() - event.timeStamp);
          after.port2.postMessage(0);
        });
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    }, { capture: true, once: true });
  });
}

/** Scrolls through the list, and returns the longest time between two frames. Runs in the page. */
async function scrollThrough() {
  const frame = () => new Promise(requestAnimationFrame);
  let [longest, before] = [0, await frame()];
  for (let step = 0; step < 120; step += 1) {
    scrollBy(0, 150);
    const now = await frame();
    longest = Math.max(longest, now - before);
    before = now;
  }
  return longest;
}

/** The page as it is, with the rows in view again and again, but without a program. Runs in the page. */
function stillPage() {
  const page = document.documentElement.cloneNode(true);
  page.querySelectorAll('script').forEach((script) => script.remove());
  const rows = [...page.querySelectorAll('.key-rows tbody tr')].filter((row) => row.querySelector('.keys-hint'));
  page.querySelector('.key-rows tbody').replaceChildren(...Array.from({ length: 300 }, (_, number) => rows[number % rows.length].cloneNode(true)));
  return `<!doctype html>${page.outerHTML}`;
}

/** What scrolling through the same rows takes the browser alone. */
async function stillRows(page, count) {
  const body = await page.evaluate(stillPage);
  const context = page.context();
  await page.close();
  const still = await context.newPage();
  await slow(still, false);
  await still.route('**/still', (route) => route.fulfill({ contentType: 'text/html', body }));
  await still.goto('/still');
  await still.waitForTimeout(1000);
  note(`${count} keys, longest frame, without a program`, await still.evaluate(scrollThrough));
  await still.close();
}

/** What one request of the list took, from the first byte sent to the last received. */
const waited = (page) => page.evaluate(() => {
  const found = performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/key-search'));
  performance.clearResourceTimings();
  return Math.max(...found.map((entry) => entry.responseEnd - entry.startTime));
});

async function list(page, count) {
  const devtools = await slow(page, false);
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  // What the page prepares while nothing else is to be done.
  await page.waitForTimeout(2000);
  const search = page.getByRole('searchbox', { name: 'Search keys' });
  const timed = async (what, name, text, act) => {
    await page.evaluate(awaitRow, [name, text]);
    await act();
    note(`${count} keys, ${what}`, await page.evaluate(() => window.shown));
    note(`${count} keys, ${what}: its request`, await waited(page));
  };
  const profiled = process.env.BENCH_PROFILE;
  if (profiled) {
    await devtools.send('Profiler.enable');
    await devtools.send('Profiler.start');
  }
  await timed('open', 'click', '', () => page.locator('main a', { hasText: 'Shop' }).first().click());
  const wanted = `Worker ${count - 7}`;
  await page.waitForTimeout(1000);
  await timed('search', 'input', wanted, () => search.fill(wanted));
  await search.fill('');
  await page.waitForTimeout(1000);
  await waited(page);
  await timed('sort', 'click', 'Worker 0', () => page.getByRole('button', { name: 'Name', exact: true }).click());
  await page.waitForTimeout(1000);
  note(`${count} keys, longest frame of scrolling`, await page.evaluate(scrollThrough));
  if (profiled) {
    const { profile } = await devtools.send('Profiler.stop');
    await writeFile(join(profiled, `list-${count}.cpuprofile`), JSON.stringify(profile));
  }
  await stillRows(page, count);
}

try {
  if (!PARTS || PARTS.includes('visit')) {
    await withServer({}, firstLoad);
    await withServer({}, firstVisit);
  }
  if (!PARTS || PARTS.includes('picker')) await withServer({ catalog: largeCatalog() }, keyPresses);
  for (const count of KEYS) await withServer({ keys: count }, (page) => list(page, count));
} finally {
  await browser.close();
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(`the console, processor ${SLOWER} times slower, first visit over fast 4G; medians of ${RUNS} runs, times in ms`);
console.log(''.padEnd(44) + 'reached'.padStart(10) + 'wanted'.padStart(10));
for (const [what, values] of figures) console.log(what.padEnd(44) + median(values).toFixed(0).padStart(10) + String(WANTED[what] ?? '').padStart(10));
