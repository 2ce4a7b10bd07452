// The official Rust SDK, unmodified: the newest, and the oldest that has the Keys API. scripts/test builds their adapters first.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { built } from '../support/target.js';
import { conform } from './support/conform.js';

const target = built('sdk/debug');
const versions = [
  { name: 'newest', least: { methods: 10, helpers: 85, scopes: 125, describes: 2 } },
  { name: 'oldest', least: { methods: 5, helpers: 52, scopes: 74 } },
];

const host = execFileSync('rustc', ['-vV'], { encoding: 'utf8' }).match(/^host: (.+)$/m)[1];
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The API of the crate, read from its source, because Rust has no reflection. */
function aboutOf(name) {
  const manifest = join(import.meta.dirname, 'adapters/rust', name, 'Cargo.toml');
  const options = ['metadata', '--locked', '--offline', '--filter-platform', host, '--format-version', '1', '--manifest-path', manifest];
  const { packages } = JSON.parse(execFileSync('cargo', options, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
  const source = join(dirname(packages.find((crate) => crate.name === 'appwrite').manifest_path), 'src');
  const read = (...paths) => paths.map((path) => join(source, path)).filter(existsSync).map((path) => readFileSync(path, 'utf8')).join('');
  const services = ['project', 'organization'].map((service) => [service, read(`services/${service}.rs`)]);
  const methods = services.flatMap(([service, text]) =>
    [...text.matchAll(/pub async fn (\w+_keys?)\(([^)]*)\)/g)].map(([, method, parameters]) => ({ method: `${service}.${camel(method)}`, parameters })));
  const helpers = read('query.rs', 'query/mod.rs').split('impl Query {')[1].split(/^}/m)[0].matchAll(/pub fn (\w+)/g);
  return {
    methods: methods.map(({ method }) => method),
    describes: methods.filter(({ parameters }) => parameters.includes('description:')).map(({ method }) => method),
    helpers: [...helpers].map(([, helper]) => camel(helper)).filter((helper) => helper !== 'toValue'),
    scopes: [...read('enums/project_key_scopes.rs', 'enums/scopes.rs').matchAll(/serde\(rename = "([^"]+)"\)/g)].map(([, scope]) => scope),
  };
}

for (const { name, least } of versions) {
  conform(`the Rust SDK (${name})`, { command: [join(target, `sdk-${name}`)], about: aboutOf(name), least });
}
