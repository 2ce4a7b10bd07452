// A platform keeps one isolated key per customer: node customers.mjs add acme starter

import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { ProjectKeyScopes as Scope } from 'node-appwrite';

import { connect, print } from './connect.mjs';

/** What a customer of a plan may do. */
const PLANS = {
  starter: [Scope.RowsRead],
  business: [Scope.RowsRead, Scope.RowsWrite, Scope.FilesRead],
};

function scopesOf(plan) {
  if (!PLANS[plan]) throw new Error(`there is no plan ${plan}; there are ${Object.keys(PLANS).join(', ')}`);
  return PLANS[plan];
}

const keyId = (customer) => `customer-${customer}`;

/** Makes the key of a new customer. The id says whose it is, so that nothing else needs to be remembered. */
export function add(project, customer, plan) {
  return project.createKey({ keyId: keyId(customer), name: `Customer: ${customer}`, scopes: scopesOf(plan) });
}

/** Changes what a customer may do, from the next request on. The secret stays. */
export function changePlan(project, customer, plan) {
  return project.updateKey({ keyId: keyId(customer), name: `Customer: ${customer}`, scopes: scopesOf(plan) });
}

/** Ends the access of a customer with the next request; nobody else notices. */
export function remove(project, customer) {
  return project.deleteKey({ keyId: keyId(customer) });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { project } = connect();
  const [command, customer, plan] = argv.slice(2);
  if (command === 'add') {
    const { secret } = await add(project, customer, plan);
    print({ customer, secret });
  } else if (command === 'plan') {
    const { scopes } = await changePlan(project, customer, plan);
    console.error(`${customer} may now: ${scopes.join(', ')}`);
  } else if (command === 'remove') {
    await remove(project, customer);
    console.error(`${customer} has no key any more`);
  } else {
    throw new Error('use: add CUSTOMER PLAN, plan CUSTOMER PLAN, or remove CUSTOMER');
  }
}
