// A catalog of 1,000 scopes and 4,000 operations, with the shapes of a real one: services, resources with read and write, some sensitive,
// some deprecated.

const SERVICES = 40;
const RESOURCES = 12;
const NOUNS = ['zones', 'records', 'tokens', 'members', 'invoices', 'reports', 'images', 'queues', 'topics', 'alerts', 'schedules', 'regions'];
const VERBS = [['read', 'GET', 'list'], ['read', 'GET', 'get'], ['write', 'POST', 'create'], ['write', 'PATCH', 'update'], ['write', 'DELETE', 'delete']];

export function largeCatalog() {
  const services = [];
  const scopes = [];
  const operations = [];
  for (let service = 0; service < SERVICES; service += 1) {
    const id = `svc${service}`;
    services.push({ id, name: `Service ${service}` });
    const scope = (name, more = {}) => scopes.push({
      id: name, service: id, description: `What a program of service ${service} may do with ${name.split('.').slice(0, -1).join(' ')}.`,
      tiers: ['project'], editions: ['2026'], ...more,
    });
    for (let at = 0; at < RESOURCES; at += 1) {
      const resource = `${id}.${NOUNS[at]}`;
      scope(`${resource}.read`);
      scope(`${resource}.write`, at === 3 ? {
        sensitive: { reach: 'broad', reason: 'Its holder can change who belongs to the project.', path: ['invite an account', 'use what it may do'] },
      } : {});
      for (const [action, method, verb] of VERBS) {
        const one = verb === 'get' || verb === 'update' || verb === 'delete';
        operations.push({
          id: `${id}.${verb}${NOUNS[at][0].toUpperCase()}${NOUNS[at].slice(1)}`, method,
          path: `/${id}/${NOUNS[at]}${one ? `/:${NOUNS[at]}Id` : ''}`, scopes: [`${resource}.${action}`],
        });
      }
    }
    scope(`${id}.audit`);
  }
  return {
    id: 'large', name: 'Large', version: '1', maxScopes: 200, editions: [{ id: '2026', name: 'Large of 2026' }], services, scopes, operations,
  };
}
