// A page with <scope-picker> in a form, and the server that receives the form. It needs nothing but Node.js and the built package.
//
//   node examples/picker/server.mjs [port]

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { check } from '../../js/pkg/index.js';

const here = import.meta.dirname;
const built = join(here, '..', '..', 'js', 'pkg');
const FILES = {
  '/': [join(here, 'index.html'), 'text/html; charset=utf-8'],
  '/page.css': [join(here, 'page.css'), 'text/css'],
  '/scope-picker.js': [join(built, 'scope-picker.js'), 'text/javascript'],
  '/picker.wasm': [join(built, 'picker.wasm'), 'application/wasm'],
};
// The policy that a careful page has: no inline script, no inline style.
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";
const MOST_BYTES = 100_000;

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
  if (request.method === 'GET' && FILES[pathname]) {
    const [path, type] = FILES[pathname];
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(await readFile(path));
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
