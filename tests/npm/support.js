// What the tests of the npm package share: the packed package, projects that have installed it, and Chromium.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';

import { chromium } from 'playwright-core';

export const run = promisify(execFile);
export const root = resolve(import.meta.dirname, '../..');
const built = join(root, 'js', 'pkg');

const temporary = [];
after(() => Promise.all(temporary.map((folder) => rm(folder, { recursive: true, force: true }))));

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'scopewise-npm-'));
  temporary.push(folder);
  return folder;
}

let packing;
/** The path of the tarball that `npm pack` makes of the built package. */
export function packed() {
  packing ??= (async () => {
    assert.ok(existsSync(join(built, 'scopewise.wasm')), 'js/pkg is missing: run scripts/build-js first');
    const folder = await temporaryFolder();
    const { stdout } = await run('npm', ['pack', built, '--pack-destination', folder, '--json', '--loglevel=error']);
    const packed = JSON.parse(stdout);
    return join(folder, (Array.isArray(packed) ? packed[0] : Object.values(packed)[0]).filename);
  })();
  return packing;
}

let installing;
/** A project that has installed the tarball, and holds these files besides. `bench` and tests may write into it. */
export async function project(files = {}) {
  installing ??= (async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    const quiet = ['--offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', ...quiet, await packed()], { cwd: folder });
    return folder;
  })();
  const folder = await temporaryFolder();
  await cp(await installing, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Runs a file of a project in Node, and returns what it printed. */
export async function node(folder, file, ...options) {
  const { stdout } = await run(process.execPath, [...options, join(folder, file)], { cwd: folder });
  return stdout.trim();
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

/** Serves a folder, with more headers where they are given; ends with the tests. */
export async function serve(folder, headers = {}) {
  const server = createServer(async (request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/\/$/, '/index.html'));
    try {
      assert.ok(path.startsWith(folder + sep));
      const bytes = await readFile(path);
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...headers }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

let launching;
/** A page of Chromium; what it prints and what goes wrong in it is kept in `page.messages`. */
export async function browse(url) {
  launching ??= chromium.launch({
    executablePath: process.env.SCOPEWISE_CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc',
    ],
  });
  const browser = await launching;
  const page = await browser.newPage();
  page.messages = [];
  page.on('console', (message) => page.messages.push(message.text()));
  page.on('pageerror', (error) => page.messages.push(String(error)));
  await page.goto(url);
  return page;
}
after(async () => (await launching)?.close());

/** What a program of each host does: it leaves what it learned in `globalThis.answers`. */
export const PROGRAM = `
const answers = {
  errors: check({ scopes: ['user.read'], expire: null }).errors.map(({ code, help }) => [code, help]),
  allowed: scopes(['users.read']).allows('users.list'),
  code: (() => { try { check({}); } catch (error) { return error instanceof ScopewiseError && error.code; } })(),
};
`;

/** And what it must have learned. */
export const LEARNED = {
  errors: [['unknown-scope', 'did you mean `users.read`?']],
  allowed: true,
  code: 'invalid-request',
};

export const IMPORT = "import { check, scopes, ScopewiseError } from 'scopewise';";

/** The page's answer, once it is there. */
export async function learnedBy(page) {
  try {
    await page.waitForFunction(() => globalThis.answers, undefined, { timeout: 20_000 });
  } catch (error) {
    throw new Error(`the page only printed: ${page.messages.join(' | ')}`, { cause: error });
  }
  return page.evaluate(() => globalThis.answers);
}
