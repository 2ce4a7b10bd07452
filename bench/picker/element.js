// Measures <scope-picker> as the npm package has it: what each part weighs, the time from its definition until a person can use it, and how long a key press
// and a tick take to paint with a catalog of 1,000 scopes.
//
//   node bench/picker/element.js [RUNS]

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

import { sections, weight } from '../../js/weigh.js';
import { largeCatalog } from './catalog.js';
import { launch, notes, print, slowed, taskBetween, ticks, used, usedPlain, WANTED } from './measure.js';

const RUNS = Number(process.argv[2] ?? 3);
const built = join(import.meta.dirname, '..', '..', 'js', 'pkg');
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

async function printWeights() {
  const read = (name) => readFile(join(built, name));
  const wasm = await read('picker.wasm');
  const parts = sections(wasm);
  const rows = [
    ['WebAssembly', wasm],
    ['  its code', parts.get(10)],
    ['  its data: catalog, messages', parts.get(11)],
    ['  the rest of it', Buffer.concat([...parts].filter(([id]) => id !== 10 && id !== 11).map(([, bytes]) => bytes))],
    ['WebAssembly that is loaded later', await read('picker-later.wasm')],
    ['JavaScript and styles', Buffer.concat([await read('picker.js'), await read('picker-define.js')])],
    ['JavaScript for WebAssembly', await read('picker-glue.js')],
    ['<scopewise-keys>', await read('keys.js')],
  ];
  console.log('the element with the Appwrite catalog'.padEnd(38), 'bytes'.padStart(14), 'brotli'.padStart(15));
  for (const [name, bytes] of rows) console.log(name.padEnd(38), `${bytes.length} bytes`.padStart(14), `${weight(bytes)} brotli`.padStart(15));
}

const PAGE = '<!doctype html><meta charset="utf-8"><title>Measure</title><scope-picker name="scopes" ATTRIBUTES></scope-picker>';
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    if (pathname === '/large.json') return response.writeHead(200, { 'content-type': TYPES['.json'] }).end(JSON.stringify(largeCatalog()));
    if (!pathname.startsWith('/package/')) {
      const page = PAGE.replace('ATTRIBUTES', pathname === '/large' ? 'catalog="/large.json"' : 'value="rows.read"');
      return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    }
    const bytes = await readFile(join(built, pathname.slice('/package/'.length)));
    response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});

/** Defines the element, and returns the time until it is painted, ready to be used. */
async function defined() {
  const picker = document.querySelector('scope-picker');
  const { ScopePicker } = await import('/package/picker.js');
  const ready = new Promise((done) => picker.addEventListener('ready', done, { once: true }));
  const begin = performance.now();
  customElements.define('scope-picker', ScopePicker);
  await ready;
  await new Promise((done) => requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = done;
    painted.port2.postMessage(0);
  }));
  return { paint: performance.now() - begin };
}

/** What the picker shows by now, with its styles. */
function shown() {
  const root = document.querySelector('scope-picker').shadowRoot;
  return { html: root.innerHTML, css: root.adoptedStyleSheets.map((sheet) => [...sheet.cssRules].map((rule) => rule.cssText).join('\n')) };
}

/** Puts the same elements and styles into a page, without a program, and returns the time until they are painted. */
async function put({ html, css }) {
  const begin = performance.now();
  const root = document.querySelector('scope-picker').attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = css.map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  root.innerHTML = html;
  await new Promise((done) => requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = done;
    painted.port2.postMessage(0);
  }));
  return { paint: performance.now() - begin };
}

await printWeights();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launch();
try {
  for (const [title, path] of [['<scope-picker> with the Appwrite catalog', '/'], ['<scope-picker>, 1,000 scopes', '/large']]) {
    const [rows, note] = notes();
    for (let run = 0; run < RUNS; run += 1) {
      const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, reducedMotion: 'reduce' });
      await page.goto(`${origin}${path}`);
      const devtools = await slowed(page);
      const before = await ticks(devtools);
      const figure = await page.evaluate(defined);
      note('defined to interactive', { ...figure, task: taskBetween(before, await ticks(devtools)) });
      const still = await page.evaluate(shown);
      if (path === '/large') await used(page, devtools, note);
      await page.close();
      const plain = await browser.newPage({ viewport: { width: 1000, height: 900 }, reducedMotion: 'reduce' });
      await plain.goto(`${origin}${path}`);
      await slowed(plain);
      note('the same elements alone', await plain.evaluate(put, still));
      await plain.close();
      if (path === '/large') await usedPlain(browser, note);
    }
    print(title, rows, { ...WANTED, 'defined to interactive': 200 });
  }
} finally {
  await browser.close();
  server.close();
}
