// Takes the picture for docs/picker.md: `make picture`. Not part of the tests.

import { join, resolve } from 'node:path';

import { expect } from '@playwright/test';

import { test } from './support.js';

test.use({ viewport: { width: 1180, height: 640 } });

test('docs/picker.png @picture', async ({ page, open }) => {
  await open(`<style>
      main { display: flex; gap: 24px; align-items: start; font-family: system-ui; }
      main > div { padding: 16px; border-radius: 12px; box-sizing: border-box; block-size: 600px; overflow: hidden; }
      #light { flex: 1; background: #fff; }
      #dark { inline-size: 340px; background: #121514; color-scheme: dark; }
      #dark scope-picker { --accent: #b39ddb; --on-accent: #1c1430; --accent-soft: #2a2140; }
    </style>
    <div id="light"><scope-picker value="rows.read functions.write execution.read"></scope-picker></div>
    <div id="dark"><scope-picker value="messages.write" density="compact"></scope-picker></div>`);
  await page.locator('#light').getByRole('searchbox').fill('execut');
  await page.locator('#dark').getByRole('searchbox').fill('send an email');
  await expect(page.locator('#dark').getByText('Opens messaging.createEmail').first()).toBeVisible();
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: join(resolve(import.meta.dirname, '../..'), 'docs/picker.png') });
});
