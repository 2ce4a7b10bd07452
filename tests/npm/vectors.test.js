// One verdict: the package returns the same bytes as the native model for every vector and for 20,000 random requests.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { browse, learnedBy, project, root, run, serve } from './support.js';

const SEED = 0x5c09e;
const REQUESTS = 20_000;

/** Calls the installed package; a request in text form goes to the WebAssembly unchanged. */
const ASK = `
import * as scopewise from '/node_modules/scopewise/index.js';
import { call as through, model as modelOf } from '/node_modules/scopewise/glue.js';

import { catalogs } from './catalogs.js';

scopewise.check({ scopes: [] });
const asked = { undefined: { functions: scopewise, model: modelOf() } };
for (const [name, own] of Object.entries(catalogs)) {
  asked[name] = { functions: scopewise.createChecker(own), model: modelOf(JSON.stringify(own)) };
}
export function ask({ call, catalog, request, text }) {
  const { functions, model } = asked[catalog];
  if (text !== undefined || !(call in functions)) return through('model_answer', model.self, call, text ?? JSON.stringify(request));
  try {
    return JSON.stringify(functions[call](request));
  } catch ({ code, message, help }) {
    return JSON.stringify({ error: { code, message, help } });
  }
}
`;

/** The catalogs that vectors name. */
const catalogs = {};
for (const file of await readdir(join(root, 'tests', 'vectors', 'catalogs'))) {
  catalogs[basename(file, '.json')] = JSON.parse(await readFile(join(root, 'tests', 'vectors', 'catalogs', file), 'utf8'));
}

const folder = await project({
  'catalogs.js': `export const catalogs = ${JSON.stringify(catalogs)};`,
  'ask.js': ASK,
  'ask-in-node.mjs': ASK.replaceAll("'/node_modules", "'./node_modules"),
  'index.html': `<!doctype html><meta charset="utf-8"><title>vectors</title><script type="module">
    import { ask } from './ask.js';
    globalThis.ask = ask;
    globalThis.answers = true;</script>`,
});
const { ask } = await import(pathToFileURL(join(folder, 'ask-in-node.mjs')));

async function page() {
  const page = await browse(await serve(folder));
  await learnedBy(page);
  return page;
}

const vectors = [];
for (const file of (await readdir(join(root, 'tests', 'vectors'))).sort()) {
  if (!file.endsWith('.json')) continue;
  const cases = JSON.parse(await readFile(join(root, 'tests', 'vectors', file), 'utf8'));
  vectors.push(...cases.map((vector) => ({ file, ...vector })));
}

/** Fails with the place where two answers differ, not with both complete answers. */
function assertSame(actual, expected, what) {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at++;
  const around = (text) => text.slice(Math.max(0, at - 80), at + 80);
  assert.fail(`${what}\n  gives    …${around(actual)}…\n  not      …${around(expected)}…`);
}

function assertAnswers(answers) {
  for (const [index, { file, name, answer }] of vectors.entries()) assertSame(answers[index], JSON.stringify(answer), `${file}: ${name}`);
}

test('there are at least 400 vectors, with every call', () => {
  assert.ok(vectors.length >= 400, String(vectors.length));
  for (const call of ['check', 'allows', 'suggest', 'reach', 'compare', 'migrate', 'catalog']) {
    assert.ok(vectors.some((vector) => vector.call === call), call);
  }
});

test('every vector gets its answer in Node', () => {
  assertAnswers(vectors.map(ask));
});

test('every vector gets its answer in Chromium', async () => {
  assertAnswers(await (await page()).evaluate((cases) => cases.map(globalThis.ask), vectors));
});

// ---- Random requests

/** Mulberry32: the same numbers in every run. */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomRequests(catalog) {
  const random = generator(SEED);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (list) => list[below(list.length)];
  const chance = (share) => random() < share;
  const letters = [...'abcrst.:-_/ *"\\\0\n\u202eéа😀'];
  const noise = () => Array.from({ length: below(12) }, () => pick(letters)).join('');
  const swapped = (text) => {
    const at = below(text.length);
    return pick([
      text.slice(0, at) + text.slice(at + 1),
      text.slice(0, at) + pick(letters) + text.slice(at),
      text.toUpperCase(),
      text.replace('.', pick([':', '/', '..', ''])),
      `${text} `,
    ]);
  };
  const scope = () => (chance(0.8) ? pick(catalog.scopes).id : chance(0.7) ? swapped(pick(catalog.scopes).id) : noise());
  const operation = () => {
    const { id, method, path } = pick(catalog.operations);
    const spelled = pick([
      id, id, id, `${method} ${path}`, `${method} ${path.replaceAll(/:\w+/g, 'x1')}`, id.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      `${id.replace('.', '->')}()`, id.toLowerCase(),
    ]);
    return chance(0.9) ? spelled : chance(0.7) ? swapped(spelled) : noise();
  };
  const list = (one, most = 12) => Array.from({ length: chance(0.02) ? 201 : below(most) }, one);
  const edition = () => (chance(0.95) ? pick(catalog.editions).id : noise());
  const tier = () => pick(['project', 'organization', 'account', 'implicit']);
  const date = () => pick([null, '', '2026-01-01', '2020-02-30', '2030-01-01T00:00:00.000+00:00', '2026-01-10 12:00', noise()]);
  const maybe = (object, share, name, value) => {
    if (chance(share)) object[name] = value();
  };
  const requests = {
    check() {
      const request = { scopes: list(scope) };
      maybe(request, 0.5, 'runsIn', () => pick(['server', 'function', 'ssr', 'ci', 'cli', 'browser', 'mobile']));
      maybe(request, 0.5, 'expire', date);
      maybe(request, 0.5, 'now', () => pick(['2026-01-01', '2026-01-05T10:00:00Z']));
      maybe(request, 0.4, 'operations', () => list(operation));
      maybe(request, 0.3, 'grantor', () => list(scope));
      maybe(request, 0.3, 'beyondGrantor', () => pick(['report', 'reject']));
      maybe(request, 0.3, 'previous', () => list(scope));
      maybe(request, 0.3, 'edition', edition);
      maybe(request, 0.3, 'beyondEdition', () => pick(['report', 'reject']));
      maybe(request, 0.3, 'tier', tier);
      return request;
    },
    allows: () => ({ scopes: list(scope), operation: operation() }),
    suggest() {
      const request = { operations: list(operation, 20) };
      maybe(request, 0.3, 'scopes', () => list(scope));
      maybe(request, 0.3, 'edition', edition);
      maybe(request, 0.3, 'tier', tier);
      return request;
    },
    reach: () => ({ scopes: list(scope) }),
    compare: () => ({ before: list(scope), after: list(scope) }),
    migrate() {
      const request = { scopes: list(scope) };
      maybe(request, 0.6, 'edition', edition);
      maybe(request, 0.3, 'tier', tier);
      return request;
    },
  };
  const wrongType = (request) => {
    const broken = { ...request };
    if (chance(0.5)) broken[pick(Object.keys(broken))] = pick([null, 1, true, 'x', {}, [1]]);
    else broken[noise()] = 1;
    return broken;
  };
  return Array.from({ length: REQUESTS }, () => {
    const call = pick(['check', 'check', 'check', ...Object.keys(requests)]);
    const request = requests[call]();
    return { call, request: chance(0.03) ? wrongType(request) : request };
  });
}

/** The native model's answers. */
async function native(requests) {
  const build = ['--quiet', '--locked', '--release', '--no-default-features', '--example', 'model'];
  await run('cargo', ['build', ...build], { cwd: root });
  const model = spawn('cargo', ['run', ...build, '--', 'answer'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const written = [];
  model.stdout.on('data', (chunk) => written.push(chunk));
  model.stdin.end(requests.map(({ call, request }) => `${call}\t${JSON.stringify(request)}\n`).join(''));
  const [code] = await once(model, 'close');
  assert.equal(code, 0);
  return Buffer.concat(written).toString('utf8').trimEnd().split('\n');
}

test(`${REQUESTS} random requests get the same bytes from the native model, in Node and in Chromium`, async () => {
  const { catalog } = await import(pathToFileURL(join(folder, 'node_modules', 'scopewise', 'index.js')));
  const requests = randomRequests(catalog());
  const expected = await native(requests);
  assert.equal(expected.length, REQUESTS);
  const inChromium = await (await page()).evaluate((asked) => asked.map(globalThis.ask), requests);
  let [valid, refused] = [0, 0];
  for (const [index, asked] of requests.entries()) {
    const what = `request ${index} of seed ${SEED}: ${JSON.stringify(asked)}`;
    assertSame(ask(asked), expected[index], `in Node, ${what}`);
    assertSame(inChromium[index], expected[index], `in Chromium, ${what}`);
    valid += expected[index].startsWith('{"valid":true');
    refused += expected[index].startsWith('{"error":');
  }
  // Both kinds are frequent enough for a meaningful comparison.
  assert.ok(valid > 500 && refused > 200, `${valid} valid, ${refused} refused`);
});
