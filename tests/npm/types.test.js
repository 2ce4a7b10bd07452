// The types: valid programs compile and invalid ones do not, with every module resolution, without the DOM and without Node's types.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { project, run } from './support.js';

const VALID = `
import { allows, catalog, check, compare, createChecker, init, migrate, reach, scopes, ScopewiseError, suggest } from 'scopewise';
import type { CheckRequest, DiagnosticCode, EditionName, OperationName, Report, ScopeName, ServiceName } from 'scopewise';
import { check as slimCheck } from 'scopewise/slim';
import wasm from 'scopewise/scopewise.wasm';

declare const anything: string;
const wanted: ScopeName[] = ['rows.read', 'rows.write'];
const report: Report = check({ scopes: [...wanted, anything, 'user.read'], runsIn: 'ci', expire: new Date(0), now: '2026-01-01', tier: 'project' });
const codes: DiagnosticCode[] = report.errors.map((finding) => finding.code);
if (codes[0] === 'unknown-scope') report.errors[0]?.fix?.edits.map((edit) => (edit.kind === 'replace' ? edit.with : edit.kind));

const verdict = allows({ scopes: wanted, operation: 'tables_db.list_rows' });
const grantedBy: ScopeName[] = verdict.grantedBy;
const suggested: ScopeName[] = suggest({ operations: ['tablesDB.listRows', 'GET /v1/users'] }).scopes;
const opened: OperationName[] = reach({ scopes: wanted }).operations;
const lost: OperationName[] = compare({ before: wanted, after: [] }).lost;
const edition: EditionName | undefined = migrate({ scopes: wanted, edition: 'server-1.9' }).edition;
const service: ServiceName | undefined = catalog({ tier: 'project', operations: false }).scopes[0]?.service;

const key = scopes(['users.read', 'rows.read']);
const answers: boolean[] = [key.allows('users.list'), key.allows('GET /v1/users'), key.allows(anything)];
scopes([anything]);
scopes(wanted);

const own = createChecker({
  id: 'shop', name: 'Shop', version: '1', maxScopes: 10,
  editions: [{ id: 'v1', name: 'Version 1' }],
  services: [{ id: 'orders', name: 'Orders' }],
  scopes: [{ id: 'orders.read', service: 'orders', description: 'Read orders', tiers: ['project'], editions: ['v1'] }],
  operations: [{ id: 'orders.list', method: 'GET', path: '/orders', scopes: ['orders.read'] }],
});
const mine: 'orders.list'[] = own.reach({ scopes: ['orders.read'] }).operations;
own.scopes(['orders.read']).allows('orders.list');
const parsed = createChecker('{}');
parsed.scopes(['whatever']).allows('what.ever');
const again: CheckRequest = { scopes: ['rows.read'], expire: null };
try {
  createChecker().check(again);
} catch (error) {
  if (error instanceof ScopewiseError && error.code === 'invalid-catalog') error.errors?.map(({ place, message }) => place + message + error.help);
}
export const loaded: Promise<void> = init(wasm);
export { answers, edition, grantedBy, lost, mine, opened, service, slimCheck, suggested };
{
  using checker = createChecker();
  checker.free();
}
`;

/** Each line is a program that must not compile. */
const INVALID = [
  "const name: ScopeName = 'user.read';",
  "const name: OperationName = 'users.lst';",
  "const name: EditionName = 'docs-2024';",
  "const name: ServiceName = 'auths';",
  "check({ scopes: 'rows.read' });",
  'check({});',
  "check({ scopes: [], runsIn: 'desktop' });",
  "check({ scopes: [], tier: 'team' });",
  'check({ scopes: [], expires: null });',
  'check({ scopes: [1] });',
  "check({ scopes: [] }).errors[0]?.code === 'no-such-code';",
  'check({ scopes: [] }).ok;',
  "allows({ scopes: ['rows.read'] });",
  'suggest({});',
  "migrate({ scopes: [], edition: 3 });",
  "scopes(['user.read']);",
  "scopes(['users.read', 'user.read']);",
  "scopes(['users.read']).allows('users.lst');",
  "scopes(['users.read']).allows('FETCH /v1/users');",
  "createChecker({ id: 'x' });",
  "createChecker({ id: 'x', name: 'X', version: '1', maxScopes: 1, editions: [], services: [], scopes: [], operations: [{ id: 'a.b', method: 'GET', path: '/', scopes: [] }] }).scopes([]).allows('a.c');",
  'new ScopewiseError();',
  'init(42);',
];

const OPTIONS = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2022', '--types', ''];
const tsc = join(import.meta.dirname, 'node_modules', '.bin', 'tsc');

async function faults(folder, files, ...options) {
  const { stdout } = await run(tsc, [...OPTIONS, ...options, ...files], { cwd: folder }).catch((error) => error);
  return stdout.trim().split('\n').filter(Boolean);
}

test('valid programs compile, as an ES module, as CommonJS and for a bundler', async () => {
  const folder = await project({ 'valid.mts': VALID, 'valid.cts': VALID, 'valid.ts': VALID });
  assert.deepEqual(await faults(folder, ['valid.mts', 'valid.cts'], '--module', 'nodenext'), []);
  assert.deepEqual(await faults(folder, ['valid.ts'], '--module', 'esnext', '--moduleResolution', 'bundler'), []);
});

test('valid programs compile with the DOM, and accept its Response', async () => {
  const folder = await project({ 'valid.mts': `${VALID} init(fetch('/x.wasm')); init(new URL('https://x')); init(new Uint8Array());` });
  assert.deepEqual(await faults(folder, ['valid.mts'], '--module', 'nodenext', '--lib', 'es2022,dom,esnext.disposable'), []);
});

test('invalid programs do not compile', async () => {
  const head = `import { allows, check, createChecker, init, migrate, scopes, ScopewiseError, suggest } from 'scopewise';
import type { EditionName, OperationName, ScopeName, ServiceName } from 'scopewise'; export {};\n`;
  const files = Object.fromEntries(INVALID.map((line, index) => [`invalid${index}.mts`, head + line]));
  const folder = await project(files);
  const told = await faults(folder, Object.keys(files), '--module', 'nodenext');
  for (const [index, line] of INVALID.entries()) {
    assert.ok(told.some((fault) => fault.startsWith(`invalid${index}.mts(3,`)), `this compiles: ${line}\n${told.join('\n')}`);
  }
});
