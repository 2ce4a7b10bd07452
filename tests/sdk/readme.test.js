// The README's examples, pasted unchanged: first the setup on the command line, then the SDK program.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { binary, makeDatabase, root, startServer } from '../support/server.js';

const run = promisify(execFile);

/** The first block of this language below a heading of the README. */
async function block(heading, language) {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const section = readme.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`));
  const found = section?.match(new RegExp('^```' + language + '\n([^]*?)^```$', 'm'))?.[1];
  assert.ok(found, `README.md has no ${language} block below "${heading}"`);
  return found;
}

describe('the README', () => {
  let database;
  let server;

  before(async () => {
    database = await makeDatabase();
    server = await startServer(database);
  });

  after(async () => {
    await server?.stop();
    await database?.remove();
  });

  test('its commands and its SDK example work when pasted', async () => {
    const commands = await block('Use a key', 'sh');
    const program = await block('Use a key', 'js');
    // The program is inside the repository, so that node finds the SDK.
    const file = join(root, 'node_modules', `readme-${process.pid}.mjs`);
    const address = 'http://127.0.0.1:8420';
    assert.ok(program.includes(address), 'the example names the default address');
    await writeFile(file, program.replaceAll(address, server.url));
    try {
      const script = `set -euo pipefail\n${commands}`.replaceAll('keys.mjs', file);
      const environment = { ...database.environment, PATH: `${dirname(binary)}:${process.env.PATH}` };
      const { stdout } = await run('bash', ['-c', script], { env: environment, cwd: database.folder });
      assert.match(stdout, /scopewise_key_[0-9A-Za-z]{49}/);
    } finally {
      await rm(file, { force: true });
    }
  });

  test('its check prints the documented output', async () => {
    const [command, ...printed] = (await block('Check scopes', 'console')).split('\n');
    const arguments_ = command.replace(/^\$ scopewise /, '').split(' ');
    const { stdout, code } = await run(binary, arguments_, { env: database.environment }).catch((error) => error);
    assert.equal(code, 1);
    assert.equal(stdout, printed.join('\n'));
  });
});
