// Programs that compile and programs that do not, for the tests of the types with each version of TypeScript.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { project, run } from './support.js';

export const VALID = `
import { allows, catalog, check, compare, createChecker, init, migrate, reach, scopes, ScopewiseError, suggest } from 'scopewise';
import type { CheckRequest, DiagnosticCode, EditionName, OperationLike, OperationName, Report, ScopeLike, ScopeName, ServiceName } from 'scopewise';
import { check as slimCheck } from 'scopewise/slim';
import wasm from 'scopewise/scopewise.wasm';
import * as scopewise from 'scopewise';
import { forExpress, forFastify, forHono, forNext } from 'scopewise/middleware';
import { scopeList } from 'scopewise/schema';
import { ProjectKeyScopes } from './scopes-enum.js';
import shop from './shop.json' with { type: 'json' };

declare const anything: string;
const wanted: ScopeName[] = ['rows.read', 'rows.write'];
const report: Report = check({ scopes: [...wanted, anything, 'user.read'], runsIn: 'ci', expire: new Date(0), now: '2026-01-01', tier: 'project' });
const codes: DiagnosticCode[] = report.errors.map((diagnostic) => diagnostic.code);
if (codes[0] === 'unknown-scope') report.errors[0]?.fix?.edits.map((edit) => (edit.kind === 'replace' ? edit.with : edit.kind));

const verdict = allows({ scopes: wanted, operation: 'tables_db.list_rows', edition: 'server-1.9' });
const grantedBy: ScopeName[] = verdict.grantedBy;
const suggested: ScopeName[] = suggest({ operations: ['tablesDB.listRows', 'GET /v1/users'] }).scopes;
const opened: OperationName[] = reach({ scopes: wanted, edition: 'server-1.9' }).operations;
const lost: OperationName[] = compare({ before: wanted, after: [], edition: anything }).lost;
const edition: EditionName | undefined = migrate({ scopes: wanted, edition: 'server-1.9' }).edition;
const service: ServiceName | undefined = catalog({ tier: 'project', operations: false }).scopes[0]?.service;

const key = scopes(['users.read', 'rows.read']);
const answers: boolean[] = [key.allows('users.list'), key.allows('GET /v1/users'), key.allows(anything)];
scopes([anything]);
scopes(wanted);
scopes([...wanted, 'teams.read', anything]);
scopes([]);
for (const name of ['users', 'teams'] as const) scopes([\`\${name}.read\`]);
const given: readonly string[] = key.scopes;

// Spellings, and routes as template literals.
key.allows('tables_db.list_rows');
key.allows('TablesDB.listRows()');
key.allows('$tablesDB->listRows()');
key.allows('tables_db::list_rows');
key.allows(\`GET /v1/users/\${anything}\`);
const method = 'DELETE';
key.allows(\`\${method} /v1/users/\${anything}\`);
const open: string[] = ['users.list', 'users.create'].filter(key.allows);
const because: string = key.explain('users.create').help;

// Enums of the SDKs.
scopes([ProjectKeyScopes.UsersRead, 'rows.read']);
check({ scopes: [ProjectKeyScopes.UsersRead], grantor: Object.values(ProjectKeyScopes) });
const enumerated: ProjectKeyScopes[] = [ProjectKeyScopes.UsersRead];
scopes(enumerated).allows('users.list');

// Wrappers.
const can = (operation: OperationName) => key.allows(operation);
const canAny = <O extends OperationName>(...operations: O[]) => operations.some((operation) => key.allows(operation));
const canText = (operation: string) => key.allows(operation);
const canLike = <const O extends string>(operation: OperationLike<O>) => key.allows(operation as string);
const grant = <const S extends ScopeName>(...list: S[]) => scopes(list);
const grantLike = <const S extends string>(...list: ScopeLike<S>[]) => scopes(list as string[]);
export const wrapped = [can('users.list'), canAny('users.list', 'users.get'), canText(anything), canLike('users.list'), grant('users.read'), grantLike('users.read')];

// Middleware.
const server = { endpoint: 'http://127.0.0.1:8420/v1', project: 'demo', key: anything };
const scopesOf = async (secret: string) => (secret ? ['users.read'] : null);
forExpress({ server })('users.read');
forFastify({ server, onError: (error: unknown) => error })(['users.read', ProjectKeyScopes.UsersWrite]);
forHono({ local: { scopesOf, checker: scopewise } })({ any: ['users.read', 'teams.read'] });
forHono({ local: { scopesOf, checker: createChecker() } })({ operation: 'users.list' });
forExpress({ local: { scopesOf, checker: createChecker(shop) } })('orders.read');
forExpress<scopewise.Names>({ server })('orders.read');
forExpress({ server })(anything);
forNext({ server })()((request: { method: string; url: string }, context: { params: object }, { keyId, scopes }) => [request, context, keyId, scopes]);

// A schema whose result is what the SDK takes.
const validated = scopeList(check, { among: ProjectKeyScopes, runsIn: 'server' })['~standard'].validate(anything);
const ofSdk: ProjectKeyScopes[] = validated.issues ? [] : validated.value;
const plain = scopeList(check)['~standard'].validate(anything);
const names: ScopeName[] = plain.issues ? [] : plain.value;
export { names, ofSdk };

// A catalog as imported JSON.
const imported = createChecker(shop);
imported.scopes(['orders.read', anything]).allows('orders.list');
const { check: detached, scopes: made } = createChecker();
detached({ scopes: wanted });
made(['users.read']).allows('users.list');
createChecker(catalog());

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
  if (error instanceof ScopewiseError && error.code === 'invalid-catalog') error.errors?.map(({ place, message }) => place + message).concat(error.help, error.toJSON().message);
}
export const loaded: Promise<void> = init(wasm);
export { answers, because, edition, given, open, grantedBy, lost, mine, opened, service, slimCheck, suggested };
{
  using checker = createChecker();
  checker.free();
}
`;

/** Each line is a program that must not compile. */
export const INVALID = [
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
  "reach({ scopes: [], edition: 3 });",
  "scopes(['user.read']);",
  "scopes(['users.read', 'user.read']);",
  "scopes(['users.read']).allows('users.lst');",
  "scopes(['users.read']).allows('FETCH /v1/users');",
  "scopes(['users.read']).allows('tables_db.list_row');",
  "scopes(['users.read']).explain('users.lst');",
  "const key = scopes(['users.read']); const can = (operation: Parameters<typeof key.allows<OperationName>>[0]) => key.allows(operation); can('users.lst');",
  "enum Other { Read = 'user.read' } scopes([Other.Read]);",
  "const { scopes: made } = createChecker(); made(['user.read']);",
  "import { forExpress } from 'scopewise/middleware'; forExpress({});",
  "import { scopeList } from 'scopewise/schema'; scopeList(check, { runsIn: 'desktop' });",
  "import { scopeList } from 'scopewise/schema'; scopeList();",
  "import { forExpress } from 'scopewise/middleware'; forExpress({ server: { endpoint: 'x', project: 'x', key: 'x' } })('user.read');",
  "import { forExpress } from 'scopewise/middleware'; forExpress({ server: { endpoint: 'x', project: 'x', key: 'x' } })({ operation: 'users.lst' });",
  "import { forExpress } from 'scopewise/middleware'; forExpress({ server: { endpoint: 'x', project: 'x', key: 'x' } })({ one: ['users.read'] });",
  "scopes(['users.read']).scopes.push('x');",
  "createChecker({ id: 'x' });",
  "createChecker({ id: 'x', name: 'X', version: '1', maxScopes: 1, editions: [], services: [], scopes: [], operations: [{ id: 'a.b', method: 'GET', path: '/', scopes: [] }] }).scopes([]).allows('a.c');",
  'new ScopewiseError();',
  'init(42);',
];

/** What TypeScript says of a misspelling, which is what a person sees in the editor. Of an argument alone it says nothing. */
export const SAID = [
  ["scopes(['user.read']);", `Did you mean '"users.read"'?`],
  ["scopes(['rows.read', 'teams.reed']);", `Did you mean '"teams.read"'?`],
  ["createChecker().scopes(['user.read']);", `Did you mean '"users.read"'?`],
];

/** Where a person types, as `|`, and what the editor must offer there. */
export const COMPLETED = [
  ["scopes(['|']);", ['users.read', 'rows.write']],
  ["scopes(['users.read', '|']);", ['users.read', 'rows.write']],
  ["scopes(['users.read']).allows('|');", ['users.list', 'tablesDB.listRows']],
  ["scopes(['users.read']).explain('|');", ['users.list', 'tablesDB.listRows']],
  ["createChecker().scopes(['|']);", ['users.read']],
  ["check({ scopes: ['|'] });", ['users.read']],
  ["check({ scopes: [], runsIn: '|' });", ['browser']],
  ["allows({ scopes: [], operation: '|' });", ['users.list']],
];

const ENUM = "export enum ProjectKeyScopes { UsersRead = 'users.read', UsersWrite = 'users.write' }\n";
const SHOP = JSON.stringify({
  $schema: 'x', id: 'shop', name: 'Shop', version: '1', maxScopes: 10, trailingSlash: 'distinct',
  editions: [{ id: 'v1', name: 'Version 1' }],
  services: [{ id: 'orders', name: 'Orders' }],
  scopes: [
    { id: 'orders.read', service: 'orders', description: 'Read orders', tiers: ['project'], editions: ['v1'] },
    { id: 'orders.write', service: 'orders', description: 'Write orders', tiers: ['project'], editions: ['v1'], sensitive: { reach: 'full', reason: 'x', path: ['y'] } },
  ],
  operations: [{ id: 'orders.list', method: 'GET', path: '/orders', scopes: ['orders.read', ['orders.write']], open: 'any-key' }],
});

export const HEAD = `import { allows, check, createChecker, init, migrate, scopes, ScopewiseError, suggest } from 'scopewise';
import type { EditionName, OperationName, ScopeName, ServiceName } from 'scopewise'; export {};\n`;

const OPTIONS = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, target: 'es2022', lib: ['es2022'], resolveJsonModule: true, types: [] };

/** A project with these files, and what they import. */
export const typed = (files) => project({ 'scopes-enum.ts': ENUM, 'shop.json': SHOP, 'package.json': '{ "private": true, "type": "module" }', ...files });

export async function faults(tsc, folder, files, options) {
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, files }));
  const { stdout } = await run(process.execPath, [tsc, '-p', 'tsconfig.json', '--pretty', 'false'], { cwd: folder }).catch((error) => error);
  return stdout.trim().split('\n').filter(Boolean);
}

/** Compiles everything above with one version of TypeScript. */
export async function assertTypes(tsc, { attributes = true } = {}) {
  // Before 5.3, TypeScript knows no import attributes.
  const valid = attributes ? VALID : VALID.replace(" with { type: 'json' }", '');
  const module = attributes ? { module: 'nodenext' } : { module: 'esnext', moduleResolution: 'bundler' };
  const files = { 'valid.ts': valid, 'clean.ts': `${HEAD}void [allows, check, createChecker, init, migrate, scopes, ScopewiseError, suggest];` };
  for (const [index, line] of INVALID.entries()) files[`invalid${index}.ts`] = HEAD + line;
  for (const [index, [line]] of SAID.entries()) files[`said${index}.ts`] = HEAD + line;
  const folder = await typed(files);
  const found = await faults(tsc, folder, Object.keys(files), module);
  assert.deepEqual(found.filter((fault) => /^(?:valid|clean|shop|node_modules)/.test(fault)), []);
  for (const [index, line] of INVALID.entries()) {
    assert.ok(found.some((fault) => fault.startsWith(`invalid${index}.ts(3,`)), `this compiles: ${line}\n${found.join('\n')}`);
  }
  for (const [index, [line, said]] of SAID.entries()) {
    const of = found.filter((fault) => fault.startsWith(`said${index}.ts(3,`));
    assert.ok(of.some((fault) => fault.includes(said)), `${line}\n${of.join('\n')}`);
  }
}

/** Asks the language service of one version of TypeScript, as an editor does. */
export async function assertCompletions(ts) {
  const folder = await typed();
  const file = join(folder, 'editor.ts');
  let text = '';
  const options = { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.es2022.d.ts'], types: [] };
  let version = 0;
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(version) : '0'),
    getScriptSnapshot: (name) => {
      const found = name === file ? text : ts.sys.readFile(name);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (asked) => ts.getDefaultLibFilePath(asked),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  for (const [line, offered] of COMPLETED) {
    const at = HEAD.length + line.indexOf('|');
    text = HEAD + line.replace('|', '');
    version += 1;
    const names = (service.getCompletionsAtPosition(file, at, {})?.entries ?? []).map(({ name }) => name);
    for (const name of offered) assert.ok(names.includes(name), `${line} offers no ${name}: ${names.slice(0, 5)}`);
  }
}
