// The hosts beyond those of `make test`, each of one version, from the packed package: `make test-hosts`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { rspack } from '@rspack/core';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import webpack from 'webpack';

import { IMPORT, LEARNED, PROGRAM, browse, learnedBy, project, run, serve } from '../support.js';
import { assertCompletions, assertTypes } from '../types.js';

const modules = join(import.meta.dirname, 'node_modules');
const bin = (...path) => join(modules, ...path);
const require = createRequire(import.meta.url);

const PRINT = 'console.log(JSON.stringify(answers));';
const REQUIRE = IMPORT.replace('import', 'const').replace('from', '= require(').replace(/;$/, ');');
const SLIM = "import { check, init, scopes, ScopewiseError } from 'scopewise/slim';";
const SOURCE = `import source wasm from 'scopewise/scopewise.wasm'; ${SLIM} await init(wasm); ${PROGRAM} ${PRINT}`;
const INSTANCE = `import * as wasm from 'scopewise/scopewise.wasm'; ${SLIM} await init(wasm); ${PROGRAM} ${PRINT}`;
const ADDRESS = `${SLIM} await init(import.meta.resolve('scopewise/scopewise.wasm')); ${PROGRAM} ${PRINT}`;
const PROGRAMS = { 'as an ES module': ['main.mjs', IMPORT + PROGRAM + PRINT], 'as CommonJS': ['main.cjs', REQUIRE + PROGRAM + PRINT] };

async function printed(folder, command, ...args) {
  const { stdout } = await run(command, args, { cwd: folder, timeout: 60_000, env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

for (const [host, command, ...args] of [
  ['Node 22', bin('node22', 'bin', 'node')],
  ['Node 24', bin('node24', 'bin', 'node')],
  ['Node 26', bin('node26', 'bin', 'node')],
  ['Deno', bin('deno', 'deno'), 'run', '--quiet', '--cached-only', '--allow-read'],
  ['Bun', bin('.bin', 'bun'), 'run'],
]) {
  const loads = { ...PROGRAMS, 'with the address of the file': ['address.mjs', ADDRESS] };
  if (host !== 'Bun') loads['with the instance import of the file'] = ['instance.mjs', INSTANCE];
  // Node 22 does not know this syntax.
  if (host !== 'Bun' && host !== 'Node 22') loads['with the source import of the file'] = ['source.mjs', SOURCE];
  for (const [how, [file, program]] of Object.entries(loads)) {
    test(`${host} loads the package ${how}`, async () => {
      assert.deepEqual(await printed(await project({ [file]: program }), command, ...args, file), LEARNED);
    });
  }
}

test('Bun loads the slim build with the import of the file', async () => {
  const program = `import file from 'scopewise/scopewise.wasm'; ${SLIM} await init(await Bun.file(file).bytes()); ${PROGRAM} ${PRINT}`;
  assert.deepEqual(await printed(await project({ 'file.mjs': program }), bin('.bin', 'bun'), 'run', 'file.mjs'), LEARNED);
});

test('Jest with jsdom, which has no TextDecoder, runs the package', async () => {
  const program = `${REQUIRE} test('it works', () => { expect(typeof TextDecoder).toBe('undefined'); ${PROGRAM} expect(answers).toEqual(${JSON.stringify(LEARNED)}); });`;
  const folder = await project({ 'main.test.js': program, 'jest.config.json': JSON.stringify({ testEnvironment: bin('jest-environment-jsdom'), rootDir: '.' }) });
  const { stderr } = await run(process.execPath, [bin('jest', 'bin', 'jest.js'), '--ci', '--no-cache', '--watchman=false'], { cwd: folder });
  assert.match(stderr, /Tests: +1 passed/);
});

async function bundledBy(make, folder, more = {}) {
  const output = { path: join(folder, 'dist'), filename: 'main.js', publicPath: '/' };
  const compiler = make({ mode: 'production', context: folder, entry: './main.js', output, performance: false, ...more });
  const stats = await new Promise((settle, reject) => compiler.run((error, stats) => (error ? reject(error) : settle(stats))));
  await new Promise((settle) => compiler.close(settle));
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual([errors, warnings], [[], []]);
}

const PUBLISH = 'globalThis.answers = answers;';
const HTML = '<!doctype html><meta charset="utf-8"><title>scopewise</title><script src="main.js"></script>';
for (const [how, program] of [
  ['the package', IMPORT + PROGRAM + PUBLISH],
  ['the slim build with the address of the file', `${SLIM} init(new URL('scopewise/scopewise.wasm', import.meta.url)).then(() => { ${PROGRAM} ${PUBLISH} });`],
]) {
  test(`Rspack builds ${how}`, async () => {
    const folder = await project({ 'main.js': program, 'dist/index.html': HTML });
    await bundledBy(rspack, folder);
    assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
  });
}

const IMPORTED = {
  instance: `import * as wasm from 'scopewise/scopewise.wasm'; ${SLIM} await init(wasm); ${PROGRAM} ${PUBLISH}`,
  source: `import source wasm from 'scopewise/scopewise.wasm'; ${SLIM} await init(wasm); ${PROGRAM} ${PUBLISH}`,
};
const EXPERIMENTS = { instance: { asyncWebAssembly: true }, source: { asyncWebAssembly: true, sourceImport: true } };
for (const [name, make] of Object.entries({ webpack, Rspack: rspack })) {
  for (const [how, program] of Object.entries(IMPORTED)) {
    test(`${name} builds the slim build with the ${how} import of the file`, async () => {
      const folder = await project({ 'main.js': program, 'dist/index.html': HTML });
      await bundledBy(make, folder, { experiments: EXPERIMENTS[how] });
      assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
    });
  }
}

test('Vite builds the slim build with the instance import of the file', async () => {
  const folder = await project({ 'main.js': IMPORTED.instance, 'index.html': HTML.replace('<script src="main.js">', '<script type="module" src="/main.js">') });
  await vite({ root: folder, configFile: false, logLevel: 'error', build: { outDir: 'dist', target: 'esnext' } });
  assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
});

const stopping = [];
after(() => Promise.all(stopping.map((stop) => stop())));

/** Starts a program on a port that it chooses, and waits until it prints the port. */
async function started(folder, command, args, printsPort) {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } });
  const ended = once(child, 'exit');
  stopping.push(() => (child.exitCode === null && child.kill('SIGKILL'), ended));
  let output = '';
  return new Promise((ready, reject) => {
    const read = (chunk) => {
      output += chunk;
      const port = printsPort.exec(output)?.[1];
      if (port) ready(port);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then(() => reject(new Error(output)));
  });
}

test('workerd, which compiles nothing at run time, runs the plain import', async () => {
  const folder = await project({
    'main.js': `${IMPORT} export default { async fetch() { ${PROGRAM} return Response.json(answers); } };`,
    'config.capnp': `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)], sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]);
const worker :Workerd.Worker = (compatibilityDate = "2026-01-01", modules = [
  (name = "worker.js", esModule = embed "worker.js"), (name = "scopewise.wasm", wasm = embed "node_modules/scopewise/scopewise.wasm")]);`,
  });
  await esbuild({
    entryPoints: [join(folder, 'main.js')], bundle: true, format: 'esm', conditions: ['workerd'], outfile: join(folder, 'worker.js'), absWorkingDir: folder,
    plugins: [{ name: 'wasm', setup: ({ onResolve }) => onResolve({ filter: /\.wasm$/ }, () => ({ path: './scopewise.wasm', external: true })) }],
  });
  const port = await started(folder, bin('.bin', 'workerd'), ['serve', '--control-fd=1', 'config.capnp'], /"port":(\d+)/);
  assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}/`)).json(), LEARNED);
});

/** A project with these files, which can import Next. */
async function nextProject(files) {
  const folder = await project({
    'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;',
    'app/page.js': 'export default () => null;',
    // The packages are outside of the project: their links lead there.
    'next.config.mjs': "export default { turbopack: { root: '/' } };",
    ...files,
  });
  for (const name of ['next', 'react', 'react-dom']) await symlink(bin(name), join(folder, 'node_modules', name));
  return folder;
}

/** Builds a project with Next, starts it, and returns its address. */
async function nextStarted(folder, bundler) {
  const next = bin('next', 'dist', 'bin', 'next');
  await run(process.execPath, [next, 'build', bundler], { cwd: folder, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }, timeout: 300_000 });
  const port = await started(folder, process.execPath, [next, 'start', '--hostname', '127.0.0.1', '--port', '0'], /127\.0\.0\.1:(\d+)[^]*Ready/);
  return `http://127.0.0.1:${port}`;
}

test('Turbopack builds the package, and the slim build with the instance import of the file', async () => {
  const route = (head, then = '') => `${head} export const dynamic = 'force-dynamic'; export const GET = async () => { ${then} ${PROGRAM} return Response.json(answers); };`;
  const folder = await nextProject({
    'app/plain/route.js': route(IMPORT),
    'app/instance/route.js': route(`import * as wasm from 'scopewise/scopewise.wasm'; ${SLIM}`, 'await init(wasm);'),
  });
  const address = await nextStarted(folder, '--turbopack');
  for (const path of ['plain', 'instance']) assert.deepEqual(await (await fetch(`${address}/${path}`)).json(), LEARNED, path);
});

test('Next runs the package and its middleware, on Node and at the edge', async () => {
  const guard = `import * as scopewise from 'scopewise'; import { forNext } from 'scopewise/middleware';
    const requireScopes = forNext({ local: { scopesOf: (key) => (key === 'reader' ? ['users.read'] : null), checker: scopewise } });`;
  const route = (runtime) => `${guard} ${IMPORT} export const runtime = '${runtime}'; export const dynamic = 'force-dynamic';
    export const GET = requireScopes('users.read')((request, context, key) => { ${PROGRAM} return Response.json({ answers, key }); });`;
  const address = await nextStarted(await nextProject({ 'app/node/route.js': route('nodejs'), 'app/edge/route.js': route('edge') }), '--webpack');
  for (const path of ['node', 'edge']) {
    assert.equal((await fetch(`${address}/${path}`)).status, 401, path);
    const response = await fetch(`${address}/${path}`, { headers: { authorization: 'Bearer reader' } });
    assert.deepEqual(await response.json(), { answers: LEARNED, key: { valid: true, scopes: ['users.read'] } }, path);
  }
});

for (const version of ['5.9', '6.0']) {
  test(`TypeScript ${version} refuses misspellings, says what is meant, and completes`, async () => {
    await assertTypes(bin(`typescript${version.replace('.', '')}`, 'bin', 'tsc'));
    await assertCompletions(require(`typescript${version.replace('.', '')}`));
  });
}
