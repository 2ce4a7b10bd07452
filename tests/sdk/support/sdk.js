// An official SDK in a separate process: one line of JSON in, one line of JSON out. The adapters in adapters/ do the same in each language.
//
//   { ask: 'about' }                          → { value: { methods, helpers, scopes, organizationScopes, describes } }
//   { ask: 'call', client, method, args }     → { value } or { error: { name, code, type, message } }
//
// `client` contains the settings of the SDK's client: endpoint, project, key, organization, headers. A query is { query: [helper, …arguments] }.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** An error of an SDK, unchanged. */
export class SdkError extends Error {
  constructor({ name, code, type, message }) {
    super(message);
    Object.assign(this, { name, code, type });
  }
}

export class Sdk {
  #child;
  #lines;
  /** One request at a time, so that answers arrive in order. */
  #last = Promise.resolve();
  /** Its output on stderr; SDKs print the server's warnings there. */
  printed = [];

  constructor([command, ...args], environment = {}) {
    this.#child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    createInterface({ input: this.#child.stderr }).on('line', (line) => this.printed.push(line));
    this.#child.stdin.on('error', () => {});
  }

  ask(request) {
    const answer = this.#last.then(async () => {
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value: line, done } = await this.#lines.next();
      if (done) throw new Error(`the adapter ended: ${this.printed.join('\n')}`);
      const { value, error } = JSON.parse(line);
      if (error) throw new SdkError(error);
      return value;
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  about() {
    return this.ask({ ask: 'about' });
  }

  call(client, method, args = {}) {
    return this.ask({ ask: 'call', client, method, args });
  }

  async stop() {
    const ended = this.#child.exitCode === null && this.#child.signalCode === null && once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}

/** Describes an SDK, before its tests are defined. */
export async function aboutOf(command, environment) {
  const sdk = new Sdk(command, environment);
  try {
    return await sdk.about();
  } finally {
    await sdk.stop();
  }
}
