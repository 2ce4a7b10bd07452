// The official Node SDK, unmodified: the newest, and the oldest that has the Keys API.

import { join } from 'node:path';

import { conform } from './support/conform.js';
import { aboutOf } from './support/sdk.js';

const adapter = join(import.meta.dirname, 'adapters/node.js');
const versions = [
  { name: 'node-appwrite-newest', least: { methods: 11, helpers: 52, scopes: 104, organizationScopes: 16 } },
  { name: 'node-appwrite-oldest', least: { methods: 5, helpers: 45, scopes: 74 } },
];

for (const { name, least } of versions) {
  const command = [process.execPath, adapter, name];
  conform(`the Node SDK (${name})`, { command, about: await aboutOf(command), least });
}
