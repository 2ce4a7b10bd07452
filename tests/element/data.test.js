// What a page gives to <scope-picker> and hears from it.

import { expect } from '@playwright/test';

import { catalog, choose, ready, test, until } from './support.js';

/** The codes of the report. */
const codes = (page) =>
  page.evaluate(() => {
    const { errors, warnings, hints } = document.querySelector('scope-picker').report;
    return [...errors, ...warnings, ...hints].map(({ code }) => code);
  });

test('attributes and properties of a shown picker change its report at once', async ({ page, open }) => {
  await open('<scope-picker value="rows.read"></scope-picker>');
  const set = (name, value) => page.evaluate(([name, value]) => (document.querySelector('scope-picker')[name] = value), [name, value]);
  const clear = (name) => page.evaluate((name) => (document.querySelector('scope-picker')[name] = undefined), name);
  expect(await codes(page)).toEqual([]);
  await set('runsIn', 'browser');
  expect(await codes(page)).toEqual(['exposed-in-client']);
  await clear('runsIn');
  await set('operations', ['tablesDB.createRow']);
  // The first time, what checks them may still be on its way.
  await ready(page);
  expect(await codes(page)).toEqual(['missing-scope', 'unused-scope']);
  await clear('operations');
  await set('grantor', ['users.read']);
  expect(await codes(page)).toEqual(['exceeds-grantor']);
  await set('previous', ['rows.read']);
  expect(await codes(page)).toEqual([]);
  await clear('grantor');
  await clear('previous');
  await set('tier', 'organization');
  expect(await codes(page)).toEqual(['wrong-tier']);
  await clear('tier');
  await set('now', '2026-01-01T00:00:00.000Z');
  await set('expire', '2025-01-01T00:00:00.000Z');
  expect(await codes(page)).toEqual(['expiry-in-past']);
  await set('expire', null);
  expect(await codes(page)).toEqual(['never-expires']);
  await clear('expire');
  await page.evaluate(() => document.querySelector('scope-picker').setAttribute('operations', 'tablesDB.createRow, tablesDB.listRows'));
  expect(await codes(page)).toEqual(['missing-scope']);
  await page.evaluate(() => document.querySelector('scope-picker').removeAttribute('operations'));
  expect(await codes(page)).toEqual([]);
});

test('simple properties are their attributes', async ({ page, open }) => {
  await open('<scope-picker></scope-picker>');
  const html = await page.evaluate(() => {
    const picker = document.querySelector('scope-picker');
    Object.assign(picker, { edition: 'docs-2025', runsIn: 'ci', required: true, readOnly: true, name: 'scope' });
    picker.required = false;
    return picker.outerHTML;
  });
  expect(html).toBe('<scope-picker edition="docs-2025" runs-in="ci" readonly="" name="scope"></scope-picker>');
});

test('a person causes one input and one change event, with value and report; a program causes none', async ({ page, open }) => {
  await open('<div id="outside"><scope-picker value="rows.read"></scope-picker></div>');
  await page.evaluate(() => {
    window.heard = [];
    for (const type of ['input', 'change']) {
      document.querySelector('#outside').addEventListener(type, ({ target, detail, composed }) => {
        heard.push({ type, target: target.localName, composed, value: detail?.value, valid: detail?.report?.valid });
      });
    }
    document.querySelector('scope-picker').value = ['users.read'];
  });
  const picker = page.locator('scope-picker');
  await choose(picker, 'users.write');
  await expect.poll(() => page.evaluate(() => heard.length)).toBe(2);
  const event = { target: 'scope-picker', composed: true, value: ['users.read', 'users.write'], valid: true };
  expect(await page.evaluate(() => heard)).toEqual([{ type: 'input', ...event }, { type: 'change', ...event }]);
});

test('what the grantor does not hold is shown with the reason and cannot be chosen', async ({ page, open }) => {
  await open('<scope-picker grantor="rows.read"></scope-picker>');
  const picker = page.locator('scope-picker');
  await picker.getByRole('searchbox').first().fill('rows.');
  await expect(picker.getByRole('checkbox', { name: 'rows.read', exact: true })).toBeEnabled();
  await expect(picker.getByRole('checkbox', { name: 'rows.write', exact: true })).toBeDisabled();
  await expect(picker.getByText('You cannot grant this scope').filter({ visible: true }).first()).toBeVisible();
});

test('allow and hide decide what is offered', async ({ page, open }) => {
  await open('<scope-picker allow="rows.* users.read" hide="rows.write"></scope-picker>');
  const picker = page.locator('scope-picker');
  // The list follows the search after the next paint.
  const offers = async (search, names) => {
    await picker.getByRole('searchbox').first().fill(search);
    await expect(picker.locator('.scope-name:visible')).toHaveText(names);
  };
  await offers('rows', ['rows.read']);
  await offers('users', ['users.read']);
  await page.evaluate(() => (document.querySelector('scope-picker').hide = []));
  await offers('rows', ['rows.read', 'rows.write']);
});

test('a search counts what only other editions and other kinds of keys have', async ({ page, open }) => {
  await open('<scope-picker edition="docs-2023"></scope-picker>');
  const picker = page.locator('scope-picker');
  await picker.getByRole('searchbox').first().fill('rows.read');
  await expect(picker.getByText(/^1 more scope in Appwrite 2\.5/)).toBeVisible();
  await page.evaluate(() => Object.assign(document.querySelector('scope-picker'), { edition: undefined, tier: 'organization' }));
  await expect(picker.getByText('1 more scope for project keys.')).toBeVisible();
  await page.evaluate(() => (document.querySelector('scope-picker').value = ['rows.read']));
  await expect(picker.getByText('1 more scope for project keys.')).toHaveCount(0);
  await page.evaluate(() => (document.querySelector('scope-picker').tier = undefined));
  await expect(picker.getByText(/more scope/)).toHaveCount(0);
});

test('a read-only report has no fixes', async ({ page, open }) => {
  await open('<scope-picker value="user.read"></scope-picker>');
  const fix = page.getByRole('button', { name: 'Replace', exact: false });
  await expect(fix).toBeVisible();
  await page.evaluate(() => (document.querySelector('scope-picker').readOnlyReport = true));
  await expect(fix).toBeHidden();
  await page.evaluate(() => (document.querySelector('scope-picker').readOnlyReport = false));
  await fix.click();
  expect(await page.evaluate(() => document.querySelector('scope-picker').value)).toEqual(['users.read']);
});

test('texts of the page replace the English ones at once, and the messages of the form', async ({ page, open }) => {
  await open('<scope-picker required></scope-picker>');
  await page.evaluate(() => {
    document.querySelector('scope-picker').strings = { search: 'Rechte suchen', foundOne: '{count} Recht gefunden', required: 'Bitte wählen.' };
  });
  await page.getByRole('searchbox', { name: 'Rechte suchen' }).fill('rows.read');
  await expect(page.getByText('1 Recht gefunden')).toHaveCount(1);
  expect(await page.evaluate(() => document.querySelector('scope-picker').validationMessage)).toBe('Bitte wählen.');
});

test('presets of the page are offered, and one click chooses their scopes', async ({ page, open }) => {
  await open('<scope-picker></scope-picker>');
  await page.evaluate(() => (document.querySelector('scope-picker').presets = [{ name: 'Export', scopes: ['rows.read'] }]));
  const preset = page.getByRole('button', { name: /^Export/ });
  await preset.click();
  await expect(preset).toHaveAttribute('aria-pressed', 'true');
  expect(await page.evaluate(() => document.querySelector('scope-picker').value)).toEqual(['rows.read']);
});

test('two pickers of a page have two catalogs', async ({ page, site, open }) => {
  const url = site.serve(JSON.stringify(catalog()), { type: 'application/json' });
  await open(`<scope-picker id="own" catalog="${url}"></scope-picker><scope-picker id="built-in"></scope-picker>`);
  await choose(page.locator('#own'), 'orders.write');
  await choose(page.locator('#built-in'), 'rows.read');
  const values = () => page.evaluate(() => [...document.querySelectorAll('scope-picker')].map(({ value, report }) => [value, report.valid]));
  expect(await values()).toEqual([[['orders.write'], true], [['rows.read'], true]]);
  // Another catalog for a shown picker: an object.
  await page.evaluate((catalog) => {
    const picker = document.querySelector('#built-in');
    const ready = new Promise((done) => picker.addEventListener('ready', done, { once: true }));
    picker.catalog = catalog;
    return ready;
  }, catalog());
  expect(await values()).toEqual([[['orders.write'], true], [['rows.read'], false]]);
});

test('a catalog with faults fires an error that names them, and its scopes can still be chosen', async ({ page, site }) => {
  const url = site.serve(JSON.stringify(catalog({ maxScopes: 'many' })), { type: 'application/json' });
  await page.goto(site.page(`<scope-picker value="orders.read"></scope-picker><script>
    addEventListener('error', ({ detail }) => (window.failure = detail), true);
    document.querySelector('scope-picker').setAttribute('catalog', '${url}');
  </script>`));
  await until(page, () => window.failure !== undefined);
  const found = await page.evaluate(() => ({ code: failure.code, message: failure.message, places: failure.errors.map(({ place }) => place) }));
  expect(found).toEqual({ code: 'invalid-catalog', message: expect.stringContaining('maxScopes'), places: ['maxScopes'] });
  await page.getByRole('checkbox', { name: 'orders.write' }).check();
  expect(await page.evaluate(() => document.querySelector('scope-picker').value)).toEqual(['orders.read', 'orders.write']);
});

test('a value of another kind is refused where it is set', async ({ page, open }) => {
  await open('<scope-picker></scope-picker>');
  const refusal = (name, value) =>
    page.evaluate(([name, value]) => {
      try {
        document.querySelector('scope-picker')[name] = value;
        return 'accepted';
      } catch (error) {
        return `${error.name}: ${error.message}`;
      }
    }, [name, value]);
  expect(await refusal('value', [1])).toBe('TypeError: scope-picker: `value` must be a list of strings');
  expect(await refusal('grantor', 5)).toBe('TypeError: scope-picker: `grantor` must be a list of strings');
  expect(await refusal('strings', { a: 1 })).toBe('TypeError: scope-picker: `strings` must be an object with texts');
  expect(await refusal('presets', [{}])).toBe('TypeError: scope-picker: `presets` must be a list of objects with `name` and `scopes`');
  expect(await refusal('catalog', 5)).toBe('TypeError: scope-picker: `catalog` must be an object, a URL, or nothing for the built-in one');
  expect(await refusal('value', 'rows.read, rows.write')).toBe('accepted');
  const message = await page.evaluate(() => {
    const picker = document.querySelector('scope-picker');
    let message;
    picker.addEventListener('error', ({ detail }) => (message = `${detail.code}: ${detail.message}`));
    picker.setAttribute('runs-in', 'moon');
    return message;
  });
  expect(message).toBe('invalid-attribute: scope-picker: `runs-in` cannot be "moon"');
});

test('hostile texts are shown as text', async ({ page, site, open }) => {
  const attack = '<img src=x onerror="window.hit=1">\u202e';
  const url = site.serve(
    JSON.stringify(catalog({ services: [{ id: 'orders', name: attack }], scopes: [
      { id: 'orders.read', service: 'orders', name: attack, description: attack, tiers: ['project'], editions: ['one'] },
    ] })),
    { type: 'application/json' },
  );
  await open(`<scope-picker catalog="${url}"></scope-picker>`);
  await page.evaluate((attack) => {
    const picker = document.querySelector('scope-picker');
    picker.value = [attack, 'orders.read'];
    picker.previous = [`${attack}2`];
    picker.strings = { 'no-such-text': attack };
    picker.presets = [{ name: attack, description: attack, scopes: [attack] }];
    picker.setCustomValidity(attack);
  }, attack);
  await page.locator('scope-picker').getByRole('searchbox').first().fill('img');
  await expect(page.locator('scope-picker').getByText('onerror').first()).toBeVisible();
  expect(await page.evaluate(() => [window.hit, document.querySelector('scope-picker').shadowRoot.querySelectorAll('img').length])).toEqual([
    undefined, 0,
  ]);
});
