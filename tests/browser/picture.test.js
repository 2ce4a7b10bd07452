// Takes the screenshots for README and docs: `make picture`. Not part of the tests.

import { join } from 'node:path';

import { root } from '../support/server.js';
import { expect, setUp, signIn, test } from './support.js';

test.use({ viewport: { width: 1240, height: 740 }, deviceScaleFactor: 1.2 });

/** Nothing in the picture has the focus or is under the mouse. */
async function take(page, file) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: join(root, 'docs', file) });
}

// The walk of docs/console.md, before its last click.
test('docs/console.png @picture', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto('/projects/shop/overview/integration/api-keys/create');
  await page.getByRole('group', { name: 'Select scopes by' }).getByText('Operations', { exact: true }).click();
  const search = page.getByRole('searchbox', { name: 'Search scopes' });
  await search.fill('list rows');
  await page.getByRole('checkbox', { name: /tablesDB\.listRows GET/ }).click();
  await search.fill('create file');
  await page.getByRole('checkbox', { name: /storage\.createFile POST/ }).click();
  await page.getByRole('button', { name: 'Grant the 2 missing scopes' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  await page.evaluate(() => scrollTo(0, 0));
  await take(page, 'console.png');
});

test.describe('a smaller picture', () => {
  test.use({ deviceScaleFactor: 1 });

  test('docs/console-key.png @picture', async ({ page, database }) => {
    await setUp(database);
    const scopes = 'users.read,rows.read,rows.write,files.read,functions.write,messages.write';
    const made = await database.command('key', 'create', '--project', 'shop', '--name', 'Deployment', '--scope', scopes, '--expire', '2099-01-01');
    await signIn(page);
    await page.goto(`/projects/shop/overview/integration/api-keys/${JSON.parse(made).$id}`);
    await expect(page.getByRole('list', { name: 'What the key opens, by service' })).toBeVisible();
    await take(page, 'console-key.png');
  });

  test('docs/console-list.png @picture', async ({ page, database }) => {
    await setUp(database);
    const keys = [
      ['Nightly export', 'rows.read,files.write', 90],
      ['Deploy from CI', 'functions.write,sites.write,executions.read', 30],
      ['Newsletter', 'messages.write,targets.read,users.read,teams.read'],
      ['Backups', 'databases.read,tables.read,rows.read,files.read', 365],
      ['Thumbnails', 'files.read,files.write', 7],
      ['Key manager', 'keys.read,keys.write'],
      ['Status page', 'health.read'],
    ];
    for (const [name, scopes, days] of keys) {
      const expire = days ? ['--expire', new Date(Date.now() + (days * 24 + 1) * 3_600_000).toISOString()] : [];
      await database.command('key', 'create', '--project', 'shop', '--name', name, '--scope', scopes, ...expire);
    }
    await signIn(page);
    await page.goto('/projects/shop/overview/integration/api-keys');
    await expect(page.getByRole('link', { name: 'Nightly export' })).toBeVisible();
    await take(page, 'console-list.png');
  });
});
