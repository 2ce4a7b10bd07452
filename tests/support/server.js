// Starts a real server for a test: the release binary, a new database, a free port. Also stops it and removes its data.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { built, root } from './target.js';

export { root };
export const binary = process.env.SCOPEWISE_BINARY ?? built('release/scopewise');

const run = promisify(execFile);
const START_LIMIT_MS = 20_000;
/** The most that a command may print: an import lists every key. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** A folder for a new database, and the command line for it. */
export async function makeDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'scopewise-test-'));
  const environment = { ...process.env, SCOPEWISE_DATABASE: `sqlite://${folder}/scopewise.db` };
  return {
    folder,
    environment,
    /** Runs a command and returns its output. */
    async command(...args) {
      const { stdout } = await run(binary, args, { env: environment, maxBuffer: MOST_OUTPUT });
      return stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Starts a server on the database and waits until it prints its address. */
export async function startServer(database) {
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0'], {
    env: database.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = [];
  let tellAddress, tellSetupLink;
  const address = new Promise((settle) => (tellAddress = settle));
  const setupLink = new Promise((settle) => (tellSetupLink = settle));
  const read = (line) => {
    printed.push(line);
    const url = line.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    if (url) tellAddress(url);
    const link = line.match(/http:\/\/\S+#\S+/)?.[0];
    if (link) tellSetupLink(link);
  };
  createInterface({ input: child.stdout }).on('line', read);
  createInterface({ input: child.stderr }).on('line', read);
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  const url = await Promise.race([address, ended.then(() => undefined)]);
  clearTimeout(timer);
  if (!url) throw new Error(`the server did not start:\n${printed.join('\n')}`);

  return {
    url,
    endpoint: `${url}/v1`,
    /** The one-time link to create the first account. Never resolves if an account exists. */
    setupLink,
    /** Every line that the server has printed so far. */
    printed,
    /** Stops the server and returns its exit code. */
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await ended;
      }
      return child.exitCode;
    },
  };
}
