import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { largeCatalog } from './catalog.js';
import { launch } from './measure.js';
const built = process.env.PKG; const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };
const PAGE = '<!doctype html><meta charset="utf-8"><title>Measure</title><scope-picker name="scopes" ATTRIBUTES></scope-picker>';
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    if (pathname === '/large.json') return response.writeHead(200, { 'content-type': TYPES['.json'] }).end(JSON.stringify(largeCatalog()));
    if (!pathname.startsWith('/package/')) return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE.replace('ATTRIBUTES', pathname === '/large' ? 'catalog="/large.json"' : 'value="rows.read"'));
    const bytes = await readFile(join(built, pathname.slice('/package/'.length)));
    response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' }).end(bytes);
  } catch { response.writeHead(404).end(); }
});
async function defined() {
  const picker = document.querySelector('scope-picker');
  const { ScopePicker } = await import('/package/picker.js');
  const ready = new Promise((done) => picker.addEventListener('ready', done, { once: true }));
  const begin = performance.now();
  customElements.define('scope-picker', ScopePicker);
  await ready;
  const r = performance.now() - begin;
  await new Promise((done) => requestAnimationFrame(() => { const p = new MessageChannel(); p.port1.onmessage = done; p.port2.postMessage(0); }));
  return [r, performance.now() - begin, performance.getEntriesByType('resource').map((e) => [e.name.split('/').pop(), Math.round(e.startTime - begin), Math.round(e.responseEnd - begin)])];
}
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const browser = await launch();
for (let run = 0; run < 4; run++) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, reducedMotion: 'reduce' });
  await page.goto(`http://127.0.0.1:${server.address().port}/${process.argv[2] ?? ''}`);
  const dev = await page.context().newCDPSession(page);
  await dev.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  if (process.env.PROF) { await dev.send('Profiler.enable'); await dev.send('Profiler.setSamplingInterval', { interval: 200 }); await dev.send('Profiler.start'); }
  console.log(JSON.stringify(await page.evaluate(defined)));
  if (process.env.PROF) { const { profile } = await dev.send('Profiler.stop'); await writeFile(`/tmp/prof/el-${run}.cpuprofile`, JSON.stringify(profile)); }
  await page.close();
}
await browser.close(); server.close();
