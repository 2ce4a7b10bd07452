// What the tests of the element share: a small server with the packed package, pages that a test writes, and what forms submit to it.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';

import { test as base } from '@playwright/test';

import { slowDown } from '../support/slow.js';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const TYPES = { '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

/** Unpacks the tarball that `npm pack` makes. */
async function unpack() {
  const folder = await mkdtemp(join(tmpdir(), 'scopewise-element-'));
  const { stdout } = await run('npm', ['pack', join(root, 'js', 'pkg'), '--pack-destination', folder, '--json', '--loglevel=error']);
  const packed = JSON.parse(stdout);
  const { filename } = Array.isArray(packed) ? packed[0] : Object.values(packed)[0];
  await run('tar', ['-xzf', filename], { cwd: folder });
  return folder;
}

/** A server: `/package/…` is the package, `/page/N` are pages of tests, `POST /form` records what a form submits. */
class Site {
  #pages = [];
  /** Bodies of forms, as the server received them. */
  forms = [];

  constructor(folder) {
    this.server = createServer(async (request, response) => {
      try {
        await this.#answer(folder, request, response);
      } catch {
        response.writeHead(404).end();
      }
    });
  }

  async #answer(folder, request, response) {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (request.method === 'POST') {
      let body = '';
      for await (const part of request) body += part;
      this.forms.push([...new URLSearchParams(body)]);
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>received</title><p>received</p>');
    } else if (pathname.startsWith('/page/')) {
      const { type, headers, text } = this.#pages[Number(pathname.slice('/page/'.length))];
      response.writeHead(200, { 'content-type': type, ...headers }).end(text);
    } else if (pathname.startsWith('/package/')) {
      const path = resolve(folder, `.${pathname}`);
      if (!path.startsWith(folder + sep)) throw new Error('outside');
      const bytes = await readFile(path);
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' }).end(bytes);
    } else {
      response.writeHead(404).end();
    }
  }

  async start() {
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
  }

  /** The URL of a document. */
  serve(text, { type = 'text/html; charset=utf-8', headers = {} } = {}) {
    return `${this.origin}/page/${this.#pages.push({ type, headers, text }) - 1}`;
  }

  /** The URL of a page with this body, which loads the element as a page without a bundler does. */
  page(body, { headers, script = '/package/scope-picker.js', lang = 'en' } = {}) {
    const load = script ? `<script type="module" src="${script}"></script>` : '';
    return this.serve(`<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Test</title>${load}<main>${body}</main>`, { headers });
  }
}

export const test = base.extend({
  context: async ({ context, browserName }, use) => {
    await slowDown(context, browserName);
    await use(context);
  },
  packageFolder: [
    async ({}, use) => {
      const folder = await unpack();
      await use(folder);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  site: async ({ packageFolder }, use) => {
    const site = new Site(packageFolder);
    await site.start();
    await use(site);
    site.server.closeAllConnections();
    site.server.close();
  },
  /** Opens a page with this body, and waits until its pickers are ready. */
  open: async ({ page, site }, use) => {
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await use(async (body, options) => {
      await page.goto(site.page(body, options));
      await ready(page);
    });
    base.expect(errors, 'errors on the page').toEqual([]);
  },
});

/** Waits until each picker of a page is ready. */
export async function ready(page) {
  await until(page, () => {
    const pickers = [...document.querySelectorAll('scope-picker')];
    return customElements.get('scope-picker') !== undefined && pickers.every((picker) => picker.matches(':state(ready)'));
  });
}

/** Waits until a function of the page returns true. In Firefox, `waitForFunction` needs a policy that allows eval. */
export async function until(page, isDone) {
  await base.expect.poll(() => page.evaluate(isDone), { intervals: [20, 50, 100] }).toBe(true);
}

/** A content security policy that lets Playwright into the page: in Firefox it needs eval. */
export const watchable = (policy, browserName) => (browserName === 'firefox' ? policy.replace("'wasm-unsafe-eval'", "'unsafe-eval'") : policy);

/** Skips a test that needs what only Playwright's protocol for Chromium can do. */
export function needsChromium(browserName, what) {
  test.skip(browserName !== 'chromium', `only in Chromium: ${what}`);
}

/** A catalog with two scopes. */
export const catalog = (more = {}) => ({
  id: 'demo',
  name: 'Demo',
  version: '1',
  maxScopes: 10,
  editions: [{ id: 'one', name: 'One' }],
  services: [{ id: 'orders', name: 'Orders' }],
  scopes: [
    { id: 'orders.read', service: 'orders', description: 'Read orders.', tiers: ['project'], editions: ['one'] },
    { id: 'orders.write', service: 'orders', description: 'Change orders.', tiers: ['project'], editions: ['one'] },
  ],
  operations: [],
  ...more,
});

/** Finds a scope with the search, and ticks it or not. */
export async function choose(picker, scope, chosen = true) {
  await picker.getByRole('searchbox').first().fill(scope);
  await picker.getByRole('checkbox', { name: scope, exact: true }).setChecked(chosen);
  await picker.getByRole('searchbox').first().fill('');
}

/** The roles and names of what assistive technology sees. */
export async function accessibilityTree(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.filter((node) => !node.ignored).map((node) => ({ role: node.role?.value, name: node.name?.value }));
}
