// Pages with <scope-picker> in a form, and the server that receives the form. It needs nothing but Node.js and the built package; the pages in
// React, Vue and Svelte are here once build.mjs has built them.
//
//   node examples/picker/server.mjs [port]

import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';

import { check } from '../../js/pkg/index.js';

const here = import.meta.dirname;
const built = join(here, '..', '..', 'js', 'pkg');
const FILES = {
  '/page.css': join(here, 'page.css'),
  '/scope-picker.js': join(built, 'scope-picker.js'),
  '/picker.wasm': join(built, 'picker.wasm'),
  '/picker-later.wasm': join(built, 'picker-later.wasm'),
  '/html/': join(here, 'html', 'index.html'),
  '/strict/': join(here, 'strict', 'index.html'),
};
const FRAMEWORKS = { react: 'React', vue: 'Vue', svelte: 'Svelte' };
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.wasm': 'application/wasm' };
// The policy that a careful page has: no inline script, no inline style.
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";
const MOST_BYTES = 100_000;

/** A stricter one: a script runs only with the nonce of this answer, or if such a script imports it. */
const strictPolicy = (nonce) => POLICY.replace("script-src 'self'", `script-src 'nonce-${nonce}' 'strict-dynamic'`);

const isBuilt = (name) => existsSync(join(here, 'dist', name, 'index.html'));

function home() {
  const pages = [['html', 'HTML only'], ['strict', 'A strict content security policy'], ...Object.entries(FRAMEWORKS)];
  const item = ([name, title]) =>
    name in FRAMEWORKS && !isBuilt(name) ? `<li>${title}: run <code>node examples/picker/build.mjs</code> first` : `<li><a href="/${name}/">${title}</a>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>scope-picker</title>
<link rel="stylesheet" href="/page.css"><main><h1>Pages with scope-picker</h1><ul>${pages.map(item).join('\n')}</ul></main></html>\n`;
}

/** The file of a path; `undefined` if there is none. */
function fileOf(pathname) {
  if (Object.hasOwn(FILES, pathname)) return FILES[pathname];
  const [, name] = pathname.split('/');
  if (!Object.hasOwn(FRAMEWORKS, name)) return undefined;
  const folder = join(here, 'dist', name);
  const path = join(folder, pathname.slice(name.length + 2) || 'index.html');
  return path.startsWith(folder + sep) && statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
}

/** The body of a request; `undefined` if it is too long. */
async function bodyOf(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = request.method === 'GET' ? fileOf(pathname) : undefined;
  if (file) {
    const nonce = randomBytes(16).toString('base64');
    const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY };
    let content = await readFile(file);
    if (pathname === '/strict/') {
      headers['content-security-policy'] = strictPolicy(nonce);
      content = String(content).replaceAll('@NONCE@', nonce);
    }
    response.writeHead(200, headers).end(content);
  } else if (request.method === 'GET' && pathname === '/') {
    response.writeHead(200, { 'content-type': TYPES['.html'], 'content-security-policy': POLICY }).end(home());
  } else if (request.method === 'POST' && pathname === '/keys') {
    const body = await bodyOf(request);
    if (body === undefined) return response.writeHead(413, { connection: 'close' }).end('The form is too long.\n');
    const form = new URLSearchParams(body);
    // Anyone can send a form, so the server checks again, with the same rules.
    const scopes = form.getAll('scopes').slice(0, 1000);
    const report = check({ scopes, runsIn: 'server' });
    const judged = { name: form.get('name'), scopes, valid: report.valid, errors: report.errors.map(({ message, help }) => `${message}: ${help}`) };
    const status = report.valid && scopes.length > 0 ? 200 : 400;
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(judged, null, 2)}\n`);
  } else {
    response.writeHead(404).end('Not found.\n');
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error.message);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
server.listen(Number(process.argv[2] ?? 8430), '127.0.0.1', () => {
  console.log(`Open http://127.0.0.1:${server.address().port} and choose scopes. Ctrl-C stops the server.`);
});
