// Takes the screenshots for README and docs: `make picture`. Not part of the tests.

import { join } from 'node:path';

import { root } from '../support/server.js';
import { expect, setUp, signIn, test } from './support.js';

test.use({ viewport: { width: 1240, height: 740 }, deviceScaleFactor: 1.2 });

test('docs/console.png @picture', async ({ page, database }) => {
  await setUp(database);
  await signIn(page);
  await page.goto('/projects/shop/overview/integration/api-keys/create');
  await page.getByRole('textbox', { name: 'Name' }).fill('Deployment');
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.getByRole('checkbox', { name: 'Show deprecated' }).check();
  for (const scope of ['functions.write', 'executions.read', 'execution.write']) {
    await page.getByRole('checkbox', { name: scope, exact: true }).check();
  }
  await expect(page.locator('[data-code="sensitive-scope"]')).toBeVisible();
  const shown = page.getByRole('group', { name: 'Functions', exact: true });
  await shown.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 72));
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: join(root, 'docs/console.png') });
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
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement?.blur());
    await page.screenshot({ path: join(root, 'docs/console-key.png') });
  });
});
