// Runs the official, unmodified Node SDK from the named package: one line of JSON in, one line of JSON out. See support/sdk.js.

import { createInterface } from 'node:readline';

const sdk = await import(process.argv[2]);
const services = { project: sdk.Project, organization: sdk.Organization };

const answers = {
  about: () => ({
    methods: Object.entries(services).flatMap(([name, service]) =>
      Object.getOwnPropertyNames(service?.prototype ?? {}).filter((method) => /Keys?$/.test(method)).map((method) => `${name}.${method}`)),
    helpers: Object.keys(sdk.Query).filter((name) => typeof sdk.Query[name] === 'function'),
    scopes: Object.values(sdk.ProjectKeyScopes ?? sdk.Scopes),
    organizationScopes: Object.values(sdk.OrganizationKeyScopes ?? {}),
  }),
  call: ({ client: set, method, args }) => {
    const client = new sdk.Client().setEndpoint(set.endpoint);
    if (set.project) client.setProject(set.project);
    if (set.key) client.setKey(set.key);
    const headers = { ...(set.organization && { 'X-Appwrite-Organization': set.organization }), ...set.headers };
    for (const [name, value] of Object.entries(headers)) client.addHeader(name, value);
    const [service, name] = method.split('.');
    const { queries, ...rest } = args;
    return new services[service](client)[name]({ ...rest, ...(queries && { queries: queries.map(query) }) });
  },
};

/** Builds each marked query with the SDK's helper, also inside the arguments of another query. */
function query(value) {
  if (Array.isArray(value)) return value.map(query);
  if (!value?.query) return value;
  const [helper, ...args] = value.query;
  return sdk.Query[helper](...args.map(query));
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await answers[request.ask](request)) ?? null };
  } catch (error) {
    const { name, code, type, message } = error;
    answer = { error: { name: error instanceof sdk.AppwriteException ? 'AppwriteException' : name, code, type, message } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
