// The official Python SDK, unmodified: the newest, the oldest that has the Keys API, and the last one that creates keys.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { conform } from './support/conform.js';
import { aboutOf } from './support/sdk.js';

const home = process.env.SCOPEWISE_PYTHON_SDKS;
assert.ok(home, 'source scripts/env first: it sets the location of the Python SDKs');
const command = [join(home, 'bin/python3'), join(import.meta.dirname, 'adapters/python/adapter.py')];
const versions = [
  { version: '27.0.0', least: { methods: 10, helpers: 79, scopes: 125, describes: 2 } },
  { version: '22.2.0', least: { methods: 11, helpers: 50, scopes: 104, organizationScopes: 16 } },
  { version: '18.0.0', least: { methods: 5, helpers: 50, scopes: 74 } },
];

for (const { version, least } of versions) {
  const environment = { PYTHONPATH: join(home, `appwrite-${version}`), PYTHONDONTWRITEBYTECODE: '1' };
  conform(`the Python SDK ${version}`, { command, environment, about: await aboutOf(command, environment), least });
}
