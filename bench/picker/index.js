// Measures the picker of the console: how long a key press in the search and a tick take to paint, and the list to answer, with a catalog of 1,000 scopes
// and a processor that is slowed down four times.
//
//   node bench/picker/index.js [RUNS]

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDatabase, startServer } from '../../tests/support/server.js';
import { largeCatalog } from './catalog.js';
import { launch, notes, print, slowed, used, usedPlain } from './measure.js';

const RUNS = Number(process.argv[2] ?? 3);
const PASSWORD = 'correct horse battery';
const CREATE = '/projects/shop/overview/integration/api-keys/create';

const database = await makeDatabase();
const file = join(database.folder, 'catalog.json');
await writeFile(file, JSON.stringify(largeCatalog()));
database.environment.SCOPEWISE_CATALOG = file;
database.environment.SCOPEWISE_ADMIN_PASSWORD = PASSWORD;
await database.command('admin', 'create', '--email', 'ada@example.com', '--name', 'Ada');
await database.command('project', 'create', '--id', 'shop', '--name', 'Shop');
const server = await startServer(database);
const browser = await launch();
const [rows, note] = notes();
try {
  for (let run = 0; run < RUNS; run += 1) {
    const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor();
    const devtools = await slowed(page);
    const opened = performance.now();
    await page.goto(CREATE);
    const search = page.getByRole('searchbox', { name: 'Search scopes' });
    await search.waitFor();
    note('page opened', { paint: performance.now() - opened });
    await used(page, devtools, note);
    await page.close();
    await usedPlain(browser, note);
  }
} finally {
  await browser.close();
  await server.stop();
  await database.remove();
}
print("the console's picker, 1,000 scopes", rows);
