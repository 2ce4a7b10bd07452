// The unchanged workflows of examples/sdk: each one as a script, and the changes of a key under traffic.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Client, Project, ProjectKeyScopes as Scope } from 'node-appwrite';

import { connect } from '../../examples/sdk/connect.mjs';
import { provision } from '../../examples/sdk/environments.mjs';
import { replace, rotate } from '../../examples/sdk/rotate.mjs';
import { makeDatabase, root, startServer } from '../support/server.js';

const run = promisify(execFile);
/** The number of concurrent requests. */
const WORKERS = 8;

/** An app that sends requests all the time, and counts the responses. */
class App {
  served = 0;
  refused = [];
  #running = true;
  #open = new Set();
  #workers;

  constructor(as, secret) {
    this.as = as;
    this.secret = secret;
    this.#workers = Array.from({ length: WORKERS }, () => this.#work());
  }

  async #work() {
    while (this.#running) {
      const request = this.as(this.secret).listKeys({ total: false });
      this.#open.add(request);
      try {
        await request;
        this.served += 1;
      } catch (error) {
        this.refused.push(error.message);
      } finally {
        this.#open.delete(request);
      }
    }
  }

  /** New requests use this secret. Returns after all earlier requests have their responses. */
  async deploy(secret) {
    this.secret = secret;
    await Promise.allSettled([...this.#open]);
  }

  /** Waits until this many more requests have responses. */
  async serve(count) {
    const enough = this.served + count;
    while (this.served < enough && this.refused.length === 0) await Promise.race(this.#open);
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#workers);
  }
}

describe('the examples', () => {
  let database;
  let server;
  let environment;
  let context;

  const as = (secret) => new Project(new Client().setEndpoint(server.endpoint).setProject('demo').setKey(secret));
  const script = async (name, ...args) => {
    const { stdout, stderr } = await run(process.execPath, [join(root, 'examples/sdk', name), ...args], { env: environment });
    return { warned: stderr, printed: stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
  };
  const refused = (type) => (error) => error.type === type || assert.fail(error);

  before(async () => {
    database = await makeDatabase();
    await database.command('project', 'create', '--id', 'demo', '--name', 'Demo');
    const printed = await database.command('key', 'create', '--project', 'demo', '--name', 'Manager', '--scope', 'keys.read,keys.write');
    server = await startServer(database);
    environment = {
      ...process.env,
      APPWRITE_ENDPOINT: server.endpoint,
      APPWRITE_PROJECT: 'demo',
      APPWRITE_KEY: JSON.parse(printed).secret,
    };
    context = connect(environment);
  });

  after(async () => {
    await server?.stop();
    await database?.remove();
  });

  test('a pipeline provisions a scoped key per environment, and deletes the previous one', async () => {
    const first = await script('environments.mjs', 'preview', 'production');
    assert.deepEqual(first.printed.map((line) => line.environment), ['preview', 'production']);
    const second = await script('environments.mjs', 'preview');
    const { keys } = await context.project.listKeys();
    const deployments = keys.filter((key) => key.name.startsWith('Deployment: '));
    assert.deepEqual(deployments.map((key) => key.name).sort(), ['Deployment: preview', 'Deployment: production']);
    assert.deepEqual(deployments.find((key) => key.name.endsWith('preview')).scopes, ['rows.read', 'files.read']);
    assert.ok(deployments.every((key) => key.expire > new Date().toISOString()));
    // The old secret is refused; the new one is valid, and lacks the scope of this request.
    await assert.rejects(as(first.printed[0].secret).listKeys(), refused('user_unauthorized'));
    await assert.rejects(as(second.printed[0].secret).listKeys(), refused('general_unauthorized_scope'));
  });

  test('a failed deployment keeps the previous key active', async () => {
    const [before] = (await script('environments.mjs', 'staging')).printed;
    const broken = provision(context.project, 'staging', () => Promise.reject(new Error('the deployment failed')));
    await assert.rejects(broken, /the deployment failed/);
    await assert.rejects(as(before.secret).listKeys(), refused('general_unauthorized_scope'));
    const { keys } = await context.project.listKeys();
    assert.equal(keys.filter((key) => key.name === 'Deployment: staging').length, 1);
  });

  test('each customer has a separate key with a plan that can change', async () => {
    const [acme] = (await script('customers.mjs', 'add', 'acme', 'starter')).printed;
    const [other] = (await script('customers.mjs', 'add', 'other', 'starter')).printed;
    assert.notEqual(acme.secret, other.secret);
    const { warned } = await script('customers.mjs', 'plan', 'acme', 'business');
    assert.match(warned, /acme may now: rows\.read, rows\.write, files\.read/);
    assert.deepEqual((await context.project.getKey({ keyId: 'customer-other' })).scopes, ['rows.read']);
    await script('customers.mjs', 'remove', 'acme');
    await assert.rejects(as(acme.secret).listKeys(), refused('user_unauthorized'));
    await assert.rejects(as(other.secret).listKeys(), refused('general_unauthorized_scope'));
  });

  test('a new service gets the minimal scopes for its calls, with a warning about risky ones', async () => {
    const { warned, printed } = await script('onboard.mjs', 'invoices', 'tablesDB.listRows', 'tablesDB.createRow', 'users.get');
    assert.match(warned, /invoices holds users\.read, rows\.read, rows\.write until /);
    await assert.rejects(as(printed[0].secret).listKeys(), refused('general_unauthorized_scope'));
    assert.match((await script('onboard.mjs', 'deployer', 'functions.createDeployment')).warned, /functions\.write` is very sensitive|functions\.write` is sensitive/);
    await assert.rejects(script('onboard.mjs', 'typo', 'tablesDB.listRow'), /tablesDB\.listRows/);
  });

  test('a key is replaced as documented, and no request is refused', async () => {
    const scopes = [Scope.KeysRead];
    const { secret } = await context.project.createKey({ keyId: 'replaced', name: 'App', scopes });
    const app = new App(as, secret);
    await app.serve(50);
    const key = await replace(context, 'replaced', (fresh) => app.deploy(fresh));
    await app.serve(50);
    await app.stop();
    assert.deepEqual([app.refused, app.secret], [[], key.secret]);
    assert.ok(app.served >= 100);
    assert.deepEqual(key.scopes, scopes);
    await assert.rejects(as(secret).listKeys(), refused('user_unauthorized'));
    await assert.rejects(context.project.getKey({ keyId: 'replaced' }), refused('key_not_found'));
  });

  test('a key is rotated with an overlap, and no request with the old or the new secret is refused', async () => {
    const { secret } = await context.project.createKey({ keyId: 'rotated', name: 'App', scopes: [Scope.KeysRead] });
    const slow = new App(as, secret);
    const app = new App(as, secret);
    await app.serve(50);
    const key = await rotate(context, 'rotated', 3600, (fresh) => app.deploy(fresh));
    // A part of the app that still uses the old secret also keeps working.
    await Promise.all([app.serve(50), slow.serve(50)]);
    await Promise.all([app.stop(), slow.stop()]);
    assert.deepEqual([app.refused, slow.refused, key.$id], [[], [], 'rotated']);
    assert.notEqual(key.secret, secret);
    // The next rotation ends the oldest secret, and without an overlap also the previous one.
    const { printed } = await script('rotate.mjs', 'overlap', 'rotated', '0');
    for (const old of [secret, key.secret]) await assert.rejects(as(old).listKeys(), refused('user_unauthorized'));
    await as(printed[0].secret).listKeys();
    const { printed: replaced } = await script('rotate.mjs', 'replace', 'rotated');
    await as(replaced[0].secret).listKeys();
  });
});
