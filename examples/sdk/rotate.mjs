// A key is replaced without downtime: node rotate.mjs replace KEY, or: node rotate.mjs overlap KEY SECONDS

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { ID } from 'node-appwrite';

import { connect, print } from './connect.mjs';

/**
 * The documented way: create a key like the old one, update the app, delete the old key. `deploy` must end only when no part
 * of the app uses the old secret any more, as a rolling deployment does.
 */
export async function replace({ project }, keyId, deploy) {
  const old = await project.getKey({ keyId });
  const key = await project.createKey({ keyId: ID.unique(), name: old.name, scopes: old.scopes, expire: old.expire || undefined });
  await deploy(key.secret);
  await project.deleteKey({ keyId });
  return key;
}

/**
 * With an overlap: the key keeps its id, name and scopes and gets a new secret, while the old one stays valid for so many seconds.
 * An extension of this server, so the SDK has no method for it; its client can still call it.
 */
export async function rotate({ client }, keyId, overlapSeconds, deploy) {
  const url = new URL(`${client.config.endpoint}/project/keys/${encodeURIComponent(keyId)}/rotate`);
  const headers = { 'content-type': 'application/json', 'X-Appwrite-Project': client.config.project };
  const key = await client.call('post', url, headers, { overlapSeconds });
  await deploy(key.secret);
  return key;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [way, keyId, seconds] = argv.slice(2);
  const deploy = (secret) => print({ secret });
  if (way === 'replace') {
    const { $id } = await replace(connect(), keyId, deploy);
    console.error(`${keyId} is deleted; its place has ${$id}`);
  } else if (way === 'overlap') {
    const { overlapUntil } = await rotate(connect(), keyId, Number(seconds), deploy);
    console.error(`the old secret is valid until ${overlapUntil || 'now'}`);
  } else {
    throw new Error('use: replace KEY, or overlap KEY SECONDS');
  }
}
