// Takes the screenshot for the README: `make picture`. Not part of the tests.

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
