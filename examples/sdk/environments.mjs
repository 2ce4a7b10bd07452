// A pipeline gives each deployment environment a key of its own: node environments.mjs preview staging production

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { ID, ProjectKeyScopes as Scope, Query } from 'node-appwrite';

import { connect, inDays, print } from './connect.mjs';

/** What an environment may do, and for how long a key of it lives. */
const ENVIRONMENTS = {
  preview: { scopes: [Scope.RowsRead, Scope.FilesRead], days: 7 },
  staging: { scopes: [Scope.RowsRead, Scope.RowsWrite, Scope.FilesRead], days: 30 },
  production: { scopes: [Scope.RowsRead, Scope.RowsWrite, Scope.FilesRead, Scope.FilesWrite], days: 90 },
};

/**
 * Makes a key for the environment, hands its secret to `deploy`, and deletes the keys of earlier runs when that is done.
 * Where the deployment fails, the new key goes, and the old ones stay.
 */
export async function provision(project, environment, deploy) {
  const wanted = ENVIRONMENTS[environment];
  if (!wanted) throw new Error(`there is no environment ${environment}; there are ${Object.keys(ENVIRONMENTS).join(', ')}`);
  const name = `Deployment: ${environment}`;
  const { keys: earlier } = await project.listKeys({ queries: [Query.equal('name', name)] });
  const key = await project.createKey({ keyId: ID.unique(), name, scopes: wanted.scopes, expire: inDays(wanted.days) });
  try {
    await deploy(key.secret);
  } catch (error) {
    await project.deleteKey({ keyId: key.$id });
    throw error;
  }
  for (const { $id } of earlier) await project.deleteKey({ keyId: $id });
  return key;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { project } = connect();
  for (const environment of argv.slice(2)) {
    await provision(project, environment, (secret) => print({ environment, secret }));
  }
}
