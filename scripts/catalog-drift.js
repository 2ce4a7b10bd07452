// Compares unpacked server SDKs with the built-in catalog; scripts/catalog-drift fetches them and calls this.
//
//   node scripts/catalog-drift.js FOLDER [--json] [--catalog FILE]
//
// FOLDER holds what npm's node-appwrite unpacks to in npm/, and what PyPI's appwrite unpacks to in pypi/; one of them is enough.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = {
  'new': 'is in no catalog entry',
  renamed: 'has another name in the catalog',
  moved: 'has another route in the catalog',
  gone: 'is in no SDK any more',
};

/** The letters and digits of a name: what all its spellings share. */
const squashed = (name) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();
/** A route without the names of its parameters. */
const route = ({ method, path }) => `${method} ${path.replace(/(:[^/]+|\{[^}]+\})/g, ':').replace(/\/$/, '')}`;
/** The items of a list by a key. */
function grouped(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
const files = (folder, ending) => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)).sort() : []);

/** The methods of a source: a name begins one, and its path and HTTP method follow. */
function methods(source, service, begins, path, call) {
  const found = [];
  let name;
  let at;
  for (const line of source.split('\n')) {
    const begun = begins.exec(line)?.[1];
    if (begun) [name, at] = [begun, undefined];
    at = path.exec(line)?.[1] ?? at;
    // Python uploads files in chunks, and names no HTTP method there.
    const method = line.includes('.chunked_upload(') ? 'post' : call.exec(line)?.[1];
    if (name && at !== undefined && method) {
      found.push({ id: `${service}.${name}`, method: method.toUpperCase(), path: `/v1${at}` });
      at = undefined;
    }
  }
  return found;
}

/** Everything that quotes name of the form `resource.action`. */
const quoted = (source) => [...source.matchAll(/= ["']([a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+)["']/g)].map(([, scope]) => scope);

function node(folder) {
  const [services, enums] = ['services', 'enums'].map((name) => join(folder, 'npm', 'package', 'dist', name));
  const operations = files(services, '.js').flatMap((name) => {
    const source = readFileSync(join(services, name), 'utf8');
    const service = /^class (\w+)/m.exec(source)?.[1] ?? name.replace('.js', '');
    return methods(source, service, /^ {2}(?:async )?(\w+)\((?!client\b)/, /apiPath = ["'`]([^"'`]*)["'`]/, /^\s*["'](get|post|put|patch|delete)["'],/);
  });
  const scopes = files(enums, 'scopes.js').flatMap((name) => quoted(readFileSync(join(enums, name), 'utf8')));
  return { operations, scopes };
}

function python(folder) {
  const [services, enums] = ['services', 'enums'].map((name) => join(folder, 'pypi', 'appwrite', name));
  const operations = files(services, '.py').flatMap((name) => {
    const source = readFileSync(join(services, name), 'utf8');
    const service = /^class (\w+)/m.exec(source)?.[1] ?? name.replace('.py', '');
    return methods(source, service, /^ {4}(?:async )?def ([a-z]\w*)\(/, /api_path = ["']([^"']*)["']/, /^\s*["'](get|post|put|patch|delete)["'],/);
  });
  const scopes = files(enums, 'scopes.py').flatMap((name) => quoted(readFileSync(join(enums, name), 'utf8')));
  return { operations, scopes };
}

/** What differs between the SDKs and the catalog. */
function compared(catalog, sdks) {
  const ids = grouped(catalog.operations, ({ id }) => squashed(id));
  const routes = grouped(catalog.operations, route);
  const found = { operations: [], scopes: [] };
  const seen = new Set();
  for (const operation of sdks.flatMap((sdk) => sdk.operations)) {
    const [name, way] = [squashed(operation.id), route(operation)];
    if (seen.has(`${name} ${way}`)) continue;
    seen.add(`${name} ${way}`);
    const [named, there] = [ids.get(name), routes.get(way)];
    if (named?.some((known) => route(known) === way)) continue;
    const entry = named?.[0] ?? there?.[0];
    const kind = named ? 'moved' : there ? 'renamed' : 'new';
    found.operations.push({ kind, ...operation, ...(entry && { catalog: `${entry.id} ${entry.method} ${entry.path}` }) });
  }
  // The catalog has more than the SDKs: routes for the console, and for older SDKs. What counts is what the SDKs have a service for.
  const services = new Set(sdks.flatMap((sdk) => sdk.operations).map(({ id }) => squashed(id.split('.')[0])));
  const ways = new Set(sdks.flatMap((sdk) => sdk.operations).map(route));
  const isGone = (operation) => {
    const isOfKeys = (operation.callers ?? []).some((caller) => caller !== 'admin');
    return isOfKeys && services.has(squashed(operation.id.split('.')[0])) && !ways.has(route(operation));
  };
  for (const { id, method, path } of catalog.operations.filter(isGone)) found.operations.push({ kind: 'gone', id, method, path });
  const names = new Set(sdks.flatMap((sdk) => sdk.scopes));
  const known = new Set(catalog.scopes.map(({ id }) => id));
  const newest = catalog.editions.at(-1).id;
  for (const id of names) if (!known.has(id)) found.scopes.push({ kind: 'new', id });
  const isMissing = ({ id, tiers, editions }) => tiers.includes('project') && editions.includes(newest) && !names.has(id);
  for (const { id } of catalog.scopes.filter(isMissing)) found.scopes.push({ kind: 'gone', id });
  return found;
}

function written({ operations, scopes }) {
  const lines = [];
  for (const [kind, meaning] of Object.entries(KINDS)) {
    const rows = [
      ...operations.filter((one) => one.kind === kind).map(({ id, method, path, catalog }) => `  ${id}  ${method} ${path}${catalog ? `  (catalog: ${catalog})` : ''}`),
      ...scopes.filter((one) => one.kind === kind).map(({ id }) => `  scope ${id}`),
    ];
    if (rows.length) lines.push(`${kind}: ${rows.length}, each ${meaning}`, ...rows);
  }
  return lines.length ? lines.join('\n') : 'The catalog has every method and scope of the SDKs.';
}

try {
  const options = process.argv.slice(2);
  const at = options.indexOf('--catalog');
  const [, file] = at < 0 ? [] : options.splice(at, 2);
  const folder = options.find((option) => !option.startsWith('--'));
  const unknown = options.find((option) => option.startsWith('--') && option !== '--json');
  if (!folder || unknown) throw new Error(unknown ? `unknown option ${unknown}` : 'name the folder of the unpacked SDKs');
  const catalog = JSON.parse(readFileSync(file ?? join(import.meta.dirname, '..', 'src', 'scope', 'catalog', 'appwrite.json'), 'utf8'));
  const sdks = [node(folder), python(folder)];
  if (!sdks.some((sdk) => sdk.operations.length)) throw new Error(`no method of an SDK is found in ${folder}`);
  const found = compared(catalog, sdks);
  console.log(options.includes('--json') ? JSON.stringify(found, null, 2) : written(found));
  const drifted = [...found.operations, ...found.scopes].some(({ kind }) => kind !== 'gone');
  process.exitCode = drifted ? 1 : 0;
} catch (error) {
  console.error(`catalog-drift: ${error.message}`);
  process.exitCode = 2;
}
