// A new service names what it will call, and gets the fewest scopes for it: node onboard.mjs invoices tablesDB.listRows users.get

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { connect, inDays, print } from './connect.mjs';

/** Asks the scope model. It is open to everybody, and needs neither key nor project. */
async function ask(endpoint, call, request) {
  const answer = await fetch(`${endpoint}/scopes/${call}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message);
  return body;
}

/** Makes a key for a service that will call these operations, and nothing else. `warn` is called with each risk. */
export async function onboard({ project, endpoint }, service, operations, warn) {
  const { scopes, problems } = await ask(endpoint, 'suggest', { operations });
  if (problems.length > 0) throw new Error(problems.map(({ message, help }) => `${message}; ${help}`).join('\n'));
  const expire = inDays(90);
  const report = await ask(endpoint, 'check', { scopes, operations, expire, runsIn: 'server' });
  for (const { message, help } of [...report.errors, ...report.warnings]) warn(`${message}; ${help}`);
  if (!report.valid) throw new Error('no key was made');
  return project.createKey({ keyId: `service-${service}`, name: `Service: ${service}`, scopes, expire });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [service, ...operations] = argv.slice(2);
  const key = await onboard(connect(), service, operations, (line) => console.error(line));
  console.error(`${service} holds ${key.scopes.join(', ')} until ${key.expire}`);
  print({ service, secret: key.secret });
}
