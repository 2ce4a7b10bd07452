// A plain import works in every host: the test installs, builds and loads the packed package like a user.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';

import { build as esbuild } from 'esbuild';
import { build as vite, createServer as viteServer } from 'vite';
import webpack from 'webpack';

import { IMPORT, LEARNED, PROGRAM, browse, learnedBy, node, project, serve } from './support.js';

const REQUIRE = IMPORT.replace('import', 'const').replace('from', '= require(').replace(/;$/, ');');
const SLIM = `import { check, init, scopes, ScopewiseError } from 'scopewise/slim';`;
const PUBLISH = 'globalThis.answers = answers;';
const PRINT = 'console.log(JSON.stringify(answers));';
const HTML = (script) => `<!doctype html><meta charset="utf-8"><title>scopewise</title>${script}`;

async function bundledByWebpack(folder) {
  const compiler = webpack({
    mode: 'production',
    context: folder,
    entry: './main.js',
    output: { path: join(folder, 'dist'), filename: 'main.js' },
    performance: false,
  });
  const stats = await new Promise((settle, reject) => compiler.run((error, stats) => (error ? reject(error) : settle(stats))));
  await new Promise((settle) => compiler.close(settle));
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, []);
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).warnings, []);
}

const esbuilt = (folder, options) =>
  esbuild({
    entryPoints: [join(folder, 'main.js')],
    bundle: true,
    minify: true,
    outfile: join(folder, 'dist', 'main.js'),
    absWorkingDir: folder,
    logLevel: 'error',
    ...options,
  });

test('Node imports the package as an ES module', async () => {
  const folder = await project({ 'main.mjs': IMPORT + PROGRAM + PRINT });
  assert.deepEqual(JSON.parse(await node(folder, 'main.mjs')), LEARNED);
});

test('Node requires the package as CommonJS', async () => {
  const folder = await project({ 'main.cjs': REQUIRE + PROGRAM + PRINT });
  assert.deepEqual(JSON.parse(await node(folder, 'main.cjs')), LEARNED);
});

test('Node imports names from the CommonJS build', async () => {
  const folder = await project({ 'main.mjs': IMPORT.replace("'scopewise'", "'./node_modules/scopewise/index.cjs'") + PROGRAM + PRINT });
  assert.deepEqual(JSON.parse(await node(folder, 'main.mjs')), LEARNED);
});

test('Node loads the slim build from the bytes of the exported file, as an ES module and as CommonJS', async () => {
  const load = "init(readFileSync(resolve('scopewise/scopewise.wasm')))";
  const folder = await project({
    'main.mjs': `import { readFileSync } from 'node:fs'; import { createRequire } from 'node:module'; ${SLIM}
      const { resolve } = createRequire(import.meta.url); await ${load}; ${PROGRAM} ${PRINT}`,
    'main.cjs': `const { readFileSync } = require('node:fs'); const { resolve } = require;
      const { check, init, scopes, ScopewiseError } = require('scopewise/slim');
      ${load}.then(() => { ${PROGRAM} ${PRINT} });`,
  });
  assert.deepEqual(JSON.parse(await node(folder, 'main.mjs')), LEARNED);
  assert.deepEqual(JSON.parse(await node(folder, 'main.cjs')), LEARNED);
});

test('Vite builds the package', async () => {
  const folder = await project({ 'main.js': IMPORT + PROGRAM + PUBLISH, 'index.html': HTML('<script type="module" src="/main.js"></script>') });
  await vite({ root: folder, configFile: false, logLevel: 'error', build: { outDir: 'dist', chunkSizeWarningLimit: 2000 } });
  assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
});

test('Vite serves the package in development', async () => {
  const folder = await project({ 'main.js': IMPORT + PROGRAM + PUBLISH, 'index.html': HTML('<script type="module" src="/main.js"></script>') });
  const server = await viteServer({ root: folder, configFile: false, logLevel: 'error', server: { host: '127.0.0.1', port: 0 } });
  try {
    await server.listen();
    assert.deepEqual(await learnedBy(await browse(server.resolvedUrls.local[0])), LEARNED);
  } finally {
    await server.close();
  }
});

test('Vite builds the slim build with the URL of the exported file', async () => {
  const load = "import url from 'scopewise/scopewise.wasm?url'; await init(url);";
  const folder = await project({ 'main.js': SLIM + load + PROGRAM + PUBLISH, 'index.html': HTML('<script type="module" src="/main.js"></script>') });
  await vite({ root: folder, configFile: false, logLevel: 'error', build: { outDir: 'dist' } });
  assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
});

test('webpack builds the package without warnings', async () => {
  const folder = await project({ 'main.js': IMPORT + PROGRAM + PUBLISH, 'dist/index.html': HTML('<script src="main.js"></script>') });
  await bundledByWebpack(folder);
  assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
});

test('webpack builds the slim build with the URL of the exported file', async () => {
  const load = "init(new URL('scopewise/scopewise.wasm', import.meta.url))";
  const folder = await project({
    'main.js': `${SLIM} ${load}.then(() => { ${PROGRAM} ${PUBLISH} });`,
    'dist/index.html': HTML('<script src="main.js"></script>'),
  });
  await bundledByWebpack(folder);
  assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
});

for (const format of ['esm', 'iife']) {
  test(`esbuild bundles the package as ${format}`, async () => {
    const script = format === 'esm' ? '<script type="module" src="main.js"></script>' : '<script src="main.js"></script>';
    const folder = await project({ 'main.js': IMPORT + PROGRAM + PUBLISH, 'dist/index.html': HTML(script) });
    await esbuilt(folder, { format });
    assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
  });
}

test('esbuild bundles the slim build and copies the exported file', async () => {
  const folder = await project({
    'main.js': `import file from 'scopewise/scopewise.wasm'; ${SLIM} await init(new URL(file, import.meta.url)); ${PROGRAM} ${PUBLISH}`,
    'dist/index.html': HTML('<script type="module" src="main.js"></script>'),
  });
  await esbuilt(folder, { format: 'esm', loader: { '.wasm': 'file' } });
  assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
});

test('esbuild bundles the package for Node, and the bundle needs no other file', async () => {
  const folder = await project({ 'main.js': IMPORT + PROGRAM + PRINT });
  const alone = await project();
  await esbuilt(folder, { format: 'cjs', platform: 'node', outfile: join(alone, 'main.cjs') });
  await writeFile(join(alone, 'node_modules', 'scopewise', 'core.js'), 'throw new Error("not for the bundle")');
  assert.deepEqual(JSON.parse(await node(alone, 'main.cjs')), LEARNED);
});

test('a page imports the package without any tool', async () => {
  const script = `<script type="module">${IMPORT.replace("'scopewise'", "'/node_modules/scopewise/index.js'")} ${PROGRAM} ${PUBLISH}</script>`;
  const folder = await project({ 'index.html': HTML(script) });
  assert.deepEqual(await learnedBy(await browse(await serve(folder))), LEARNED);
});

test('a page imports the slim build and streams the exported file', async () => {
  const slim = SLIM.replace("'scopewise/slim'", "'/node_modules/scopewise/slim.js'");
  const load = "await init(fetch('/node_modules/scopewise/scopewise.wasm'));";
  const folder = await project({ 'index.html': HTML(`<script type="module">${slim} ${load} ${PROGRAM} ${PUBLISH}</script>`) });
  assert.deepEqual(await learnedBy(await browse(await serve(folder))), LEARNED);
});

const REGISTER = (options) => `
  navigator.serviceWorker.onmessage = ({ data }) => { globalThis.answers = data; };
  navigator.serviceWorker.register('/worker.js', ${options});
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage('run'));`;
const ANSWER = "self.addEventListener('message', ({ source }) => source.postMessage(answers));";

test('a service worker imports the package', async () => {
  const folder = await project({
    'worker.js': IMPORT.replace("'scopewise'", "'/node_modules/scopewise/index.js'") + PROGRAM + ANSWER,
    'index.html': HTML(`<script type="module">${REGISTER("{ type: 'module' }")}</script>`),
  });
  assert.deepEqual(await learnedBy(await browse(await serve(folder))), LEARNED);
});

test('a service worker in one classic script contains the package', async () => {
  const folder = await project({ 'main.js': IMPORT + PROGRAM + ANSWER, 'dist/index.html': HTML(`<script type="module">${REGISTER('{}')}</script>`) });
  await esbuilt(folder, { format: 'iife', outfile: join(folder, 'dist', 'worker.js') });
  assert.deepEqual(await learnedBy(await browse(await serve(join(folder, 'dist')))), LEARNED);
});

test('a host that does not compile at run time accepts a compiled module', async () => {
  const folder = await project({ 'main.js': `${SLIM} export { init }; export function run() { ${PROGRAM} return answers; }` });
  await esbuilt(folder, { format: 'iife', globalName: 'program' });
  const { URL, Response, TextDecoder, TextEncoder } = globalThis;
  const host = vm.createContext({ URL, Response, TextDecoder, TextEncoder }, { codeGeneration: { wasm: false } });
  vm.runInContext(await readFile(join(folder, 'dist', 'main.js'), 'utf8'), host);
  host.bytes = await readFile(join(folder, 'node_modules', 'scopewise', 'scopewise.wasm'));

  const refusal = await vm.runInContext('program.init(bytes).catch(({ name, code, help }) => ({ name, code, help }))', host);
  assert.equal(refusal.name, 'ScopewiseError');
  assert.equal(refusal.code, 'wasm-refused');
  assert.match(refusal.help, /init\(module\)/);

  host.module = new WebAssembly.Module(host.bytes);
  assert.deepEqual(JSON.parse(await vm.runInContext('program.init(module).then(() => JSON.stringify(program.run()))', host)), LEARNED);
});

test('a content security policy that forbids WebAssembly gives an error with a fix', async () => {
  const program = `
    import { check, init } from '/node_modules/scopewise/index.js';
    const answers = [];
    try { check({ scopes: [] }); } catch ({ name, code, help }) { answers.push({ name, code, help }); }
    await init().catch(({ name, code, help }) => answers.push({ name, code, help }));
    ${PUBLISH}`;
  const folder = await project({ 'main.js': program, 'index.html': HTML('<script type="module" src="main.js"></script>') });
  const policy = (scripts) => ({ 'content-security-policy': `default-src 'none'; connect-src 'self'; script-src ${scripts}` });
  const refused = await learnedBy(await browse(await serve(folder, policy("'self'"))));
  assert.equal(refused.length, 2);
  for (const { name, code, help } of refused) {
    assert.equal(name, 'ScopewiseError');
    assert.equal(code, 'wasm-refused');
    assert.match(help, /'wasm-unsafe-eval'/);
  }
  assert.deepEqual(await learnedBy(await browse(await serve(folder, policy("'self' 'wasm-unsafe-eval'")))), []);
});

// What is not used costs nothing, of either entry point and of every bundler; and what is used alone brings nothing else along.
const UNUSED = "import { check, ScopewiseError } from 'ENTRY'; import 'ENTRY'; console.log('x');";
const bundlers = {
  esbuild: (folder) => esbuilt(folder, { format: 'esm' }),
  webpack: (folder) => bundledByWebpack(folder),
  Vite: (folder) =>
    vite({ root: folder, configFile: false, logLevel: 'error', build: { outDir: 'dist', rollupOptions: { input: join(folder, 'main.js'), output: { entryFileNames: 'main.js' } } } }),
};
for (const [name, bundle] of Object.entries(bundlers)) {
  test(`${name} leaves out an unused import`, async () => {
    for (const entry of ['scopewise', 'scopewise/slim']) {
      const folder = await project({ 'main.js': UNUSED.replaceAll('ENTRY', entry) });
      await bundle(folder);
      assert.match((await readFile(join(folder, 'dist', 'main.js'), 'utf8')).trim(), /^(?:\(\(\)=>\{"use strict";)?console\.log\(["'`]x["'`]\)(?:;|\}\)\(\);)$/, entry);
    }
  });

  test(`${name} leaves out the WebAssembly where a program only knows the error`, async () => {
    const folder = await project({ 'main.js': "import { ScopewiseError } from 'scopewise'; console.log(new Error() instanceof ScopewiseError);" });
    await bundle(folder);
    const { length } = await readFile(join(folder, 'dist', 'main.js'), 'utf8');
    assert.ok(length < 10_000, String(length));
  });
}

test('importing the package does no work', async () => {
  const program = `
    const forbidden = (name) => new Proxy(class {}, { get: () => { throw new Error(name); }, construct: () => { throw new Error(name); } });
    for (const name of ['WebAssembly', 'TextDecoder', 'TextEncoder', 'Buffer']) Object.defineProperty(globalThis, name, { value: forbidden(name), configurable: true });
    const { check } = await import('scopewise');
    require('scopewise');
    console.log(typeof check);`;
  const folder = await project({ 'main.mjs': `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); ${program}` });
  assert.equal(await node(folder, 'main.mjs'), 'function');
});
