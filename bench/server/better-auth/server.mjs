// better-auth's API-key plugin behind Node's http server: each request has one key verified. It prints its address when it listens.

import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Database from 'better-sqlite3';

const count = Number(process.env.BENCH_KEYS ?? 1000);
const file = join(process.argv[2] ?? '.', 'better-auth.db');
for (const tail of ['', '-wal', '-shm']) rmSync(file + tail, { force: true });

const database = new Database(file);
database.pragma('journal_mode = WAL');
const options = {
  baseURL: 'http://127.0.0.1',
  secret: 'a secret of a benchmark, which is long enough',
  database,
  emailAndPassword: { enabled: true },
  logger: { level: 'error' },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
const { user } = await auth.api.signUpEmail({ body: { email: 'a@example.com', password: 'correct horse battery', name: 'A' } });
const keys = [];
for (let n = 0; n < count; n++) {
  const made = await auth.api.createApiKey({ body: { userId: user.id, name: `key ${n}`, permissions: { users: ['read'], rows: ['read'] } } });
  keys.push(made.key);
}

// The load names a key by its number, since the secrets are made here; it costs the server less than reading the key would.
const server = createServer(async (request, response) => {
  const key = keys[Number(request.headers['x-key-number']) % keys.length];
  const { valid } = await auth.api.verifyApiKey({ body: { key, permissions: { users: ['read'] } } });
  response.writeHead(valid ? 204 : 401).end();
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
