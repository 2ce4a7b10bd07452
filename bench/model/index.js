// What the npm package weighs and how quick it is, side by side with its peers, in one run. Never a test: times depend on the machine,
// so that only their ratios say much. `make bench-model` builds what is measured, and runs it.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { LIMIT, weighed } from '../../js/weigh.js';

const root = resolve(import.meta.dirname, '../..');
const built = join(root, 'js', 'pkg');
const peer = createRequire(join(root, 'tests', 'npm', 'package.json'));
const url = (name) => pathToFileURL(join(built, name)).href;
const { catalog, check, scopes, suggest } = await import(url('index.js'));
// Only one of the two entry points may load the WebAssembly: the other one's first call is measured in processes of their own.

const { chromium } = createRequire(join(root, 'package.json'))('playwright-core');
const { createMongoAbility } = peer('@casl/ability');
const casbin = peer('casbin');
const cedar = peer('@cedar-policy/cedar-wasm/nodejs');
const { buildSync } = peer('esbuild');

// ---- Measuring

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** The median of rounds, in microseconds for one call of each; the candidates take turns, so that all see the same machine. */
function race(candidates, rounds = 31) {
  const times = candidates.map(() => []);
  const counts = candidates.map(([, once]) => {
    // As many calls as take about 3 ms, after a warm-up of three times that.
    let count = 1;
    for (let spent = 0; spent < 3; count *= 2) {
      const start = performance.now();
      for (let n = 0; n < count; n++) once(n);
      spent = performance.now() - start;
    }
    for (let n = 0; n < 3 * count; n++) once(n);
    return count;
  });
  for (let round = 0; round < rounds; round++) {
    for (const [at, [, once]] of candidates.entries()) {
      const start = performance.now();
      for (let n = 0; n < counts[at]; n++) once(n);
      times[at].push(((performance.now() - start) * 1000) / counts[at]);
    }
  }
  return times.map(median);
}

const rows = [];
function show(what, figure, unit, limit) {
  const reached = limit == null ? '' : figure <= limit ? `reaches ${limit} ${unit}` : `MISSES ${limit} ${unit}, by a factor of ${(figure / limit).toFixed(1)}`;
  rows.push([what, `${figure < 10 ? figure.toFixed(3) : figure.toFixed(1)} ${unit}`, reached]);
}
function flush(title) {
  const width = Math.max(...rows.map(([what]) => what.length));
  console.log(`\n${title}`);
  for (const [what, figure, reached] of rows.splice(0)) console.log(`  ${what.padEnd(width)}  ${figure.padStart(14)}  ${reached}`);
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0].model}`);

// ---- Size

for (const { name, isLimited, brotli } of weighed()) show(name, brotli / 1000, 'KB brotli', isLimited ? LIMIT / 1000 : undefined);
flush('The package as it is transferred');

// ---- First answer

const first = `const start = performance.now(); check({ scopes: ['users.read'] }); const end = performance.now();`;
function inNode(name, head, then = first, limit = 5) {
  const folder = mkdtempSync(join(tmpdir(), 'scopewise-bench-'));
  writeFileSync(join(folder, 'first.mjs'), `${head} ${then} console.log(end - start);`);
  const times = Array.from({ length: 21 }, () => Number(execFileSync(process.execPath, [join(folder, 'first.mjs')])));
  rmSync(folder, { recursive: true });
  show(name, median(times), 'ms', limit);
}
inNode('Node, scopewise', `import { check } from '${url('index.js')}';`);
inNode(
  'Node, scopewise/slim, first answer after init()',
  `import { readFileSync } from 'node:fs'; import { check, init } from '${url('slim.js')}'; await init(readFileSync('${join(built, 'scopewise.wasm')}'));`,
);

inNode(
  'Node, scopewise/slim, with compiling the bytes',
  `import { readFileSync } from 'node:fs'; import { check, init } from '${url('slim.js')}'; const bytes = readFileSync('${join(built, 'scopewise.wasm')}');`,
  `const start = performance.now(); await init(bytes); check({ scopes: ['users.read'] }); const end = performance.now();`,
);

// As a program has it that is bundled into one file: from the import of the file to the answer.
const bundles = mkdtempSync(join(tmpdir(), 'scopewise-bundles-'));
for (const [name, code, limit] of [
  ['scopewise', `import { check } from '${join(built, 'index.js')}'; check({ scopes: ['users.read'] });`, 8],
  ['scopes and allows', `import { scopes } from '${join(built, 'index.js')}'; scopes(['rows.read']).allows('tablesDB.listRows');`],
  [
    '@casl/ability',
    `import { createMongoAbility } from '@casl/ability'; createMongoAbility([{ action: 'read', subject: 'users' }]).can('read', 'users');`,
  ],
  ['nothing', ''],
]) {
  const bundle = join(bundles, `${name.replace(/\W/g, '')}.mjs`);
  const source = { contents: code, resolveDir: join(root, 'tests', 'npm') };
  buildSync({ stdin: source, outfile: bundle, bundle: true, minify: true, format: 'esm', platform: 'node', logLevel: 'error' });
  const timed = `const start = performance.now(); await import('${pathToFileURL(bundle)}'); const end = performance.now();`;
  inNode(`Node, bundled: import and first answer of ${name}`, '', timed, limit ?? null);
}
rmSync(bundles, { recursive: true });

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const server = createServer((request, response) => {
  if (request.url === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>bench</title>');
  const type = types[extname(request.url)];
  if (!type) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': type }).end(readFileSync(join(built, request.url)));
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const browser = await chromium.launch({
  executablePath: process.env.SCOPEWISE_CHROMIUM || '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync',
  ],
});
async function inChromium(name, measure) {
  const times = [];
  for (let round = 0; round < 15; round++) {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    times.push(await page.evaluate(measure));
    await page.close();
  }
  show(name, median(times), 'ms', 5);
}
await inChromium('Chromium, scopewise', async () => {
  const { check } = await import('/index.js');
  const start = performance.now();
  check({ scopes: ['users.read'] });
  return performance.now() - start;
});
await inChromium('Chromium, scopewise/slim, with compiling the bytes', async () => {
  const { check, init } = await import('/slim.js');
  const bytes = await (await fetch('/scopewise.wasm')).arrayBuffer();
  const start = performance.now();
  await init(bytes);
  check({ scopes: ['users.read'] });
  return performance.now() - start;
});
await browser.close();
server.close();
flush('Compiling, and the first answer');

// ---- Whether an operation is open

const granted = ['users.read', 'users.write', 'rows.read', 'rows.write', 'files.read', 'teams.read', 'functions.read', 'executions.write'];
const key = scopes(granted);
const all = catalog().operations.map(({ id }) => id);
const open = [...new Set(all.filter((id) => key.allows(id)))];
const asked = Array.from({ length: 512 }, (_, n) => (n % 2 ? open[(7 * n) % open.length] : all[(13 * n) % all.length]));
const split = asked.map((id) => [id.slice(0, id.lastIndexOf('.')), id.slice(id.lastIndexOf('.') + 1)]);

const set = new Set(open);
const ability = createMongoAbility(open.map((id) => ({ subject: id.slice(0, id.lastIndexOf('.')), action: id.slice(id.lastIndexOf('.') + 1) })));
const enforcer = await casbin.newEnforcer(
  casbin.newModelFromString(`
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act`),
);
await enforcer.addPolicies(open.map((id) => ['key', id.slice(0, id.lastIndexOf('.')), id.slice(id.lastIndexOf('.') + 1)]));
cedar.preparsePolicySet('grants', {
  staticPolicies: `permit(principal == Key::"key", action in [${open.map((id) => `Action::"${id}"`).join(', ')}], resource);`,
});
const viaCedar = (id) =>
  cedar.statefulIsAuthorized({
    principal: { type: 'Key', id: 'key' },
    action: { type: 'Action', id },
    resource: { type: 'Project', id: 'project' },
    context: {},
    preparsedPolicySetId: 'grants',
    entities: [],
  }).response?.decision === 'allow';

const candidates = [
  ['scopewise, key.allows(operation)', (n) => key.allows(asked[n & 511])],
  ['Set.has(operation), without any model', (n) => set.has(asked[n & 511])],
  ['@casl/ability, ability.can(action, subject)', (n) => ability.can(split[n & 511][1], split[n & 511][0])],
  ['casbin, enforcer.enforceSync(key, subject, action)', (n) => enforcer.enforceSync('key', split[n & 511][0], split[n & 511][1])],
  ['@cedar-policy/cedar-wasm, preparsed', (n) => viaCedar(asked[n & 511])],
];
for (const [name, once] of candidates) {
  for (let n = 0; n < 512; n++) if (once(n) !== set.has(asked[n])) throw new Error(`${name} gives another verdict on ${asked[n]}`);
}
const [ours, ...theirs] = race(candidates);
show(candidates[0][0], ours, 'µs');
for (const [at, time] of theirs.entries()) rows.push([candidates[at + 1][0], `${time.toFixed(3)} µs`, `${(time / ours).toFixed(1)} × ours`]);
rows[0][2] = ours < theirs[1] ? 'faster than CASL' : 'MISSES: slower than CASL';
flush(`Whether ${granted.length} scopes open an operation (${open.length} of ${all.length} are open)`);

// ---- Whole calls

const hundred = catalog({ tier: 'project' }).scopes.slice(0, 100).map(({ id }) => id);
const twoHundred = all.slice(0, 200);
const full = {
  scopes: hundred,
  runsIn: 'server',
  expire: '2026-06-01',
  now: '2026-01-01',
  operations: all.slice(0, 20),
  grantor: hundred,
  previous: hundred.slice(0, 50),
  edition: 'server-1.9',
  tier: 'project',
};
const clean = { scopes: hundred, runsIn: 'server', expire: '2026-06-01', now: '2026-01-01' };
const calls = [
  ['check of 100 scopes', 'check', clean, 50, 10],
  ['check of 100 scopes, every field given', 'check', full],
  ['check of 1 scope', 'check', { scopes: ['users.read'] }],
  ['suggest for 200 operations', 'suggest', { operations: twoHundred }, 2000],
];
const wasm = race(calls.map(([, call, request]) => [call, () => (call === 'check' ? check : suggest)(request)]), 15);
const example = ['--quiet', '--locked', '--release', '--no-default-features', '--example', 'model', '--', 'time'];
const timed = spawnSync('cargo', ['run', ...example], {
  cwd: root,
  encoding: 'utf8',
  input: calls.map(([, call, request]) => `${call}\t${JSON.stringify(request)}\n`).join(''),
});
if (timed.status !== 0) throw new Error(timed.stderr);
const native = timed.stdout.trim().split('\n').map(Number);
for (const [at, [name, , , limit, nativeLimit]] of calls.entries()) {
  show(`${name}, through the package`, wasm[at], 'µs', limit);
  show(`${name}, natively, as JSON`, native[at], 'µs', nativeLimit);
}
flush('Whole calls, requests and answers included');
