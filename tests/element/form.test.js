// <scope-picker> is a form control.

import { expect } from '@playwright/test';

import { accessibilityTree, choose, needsChromium, ready, test, until } from './support.js';

const form = (attributes, more = '') =>
  `<form method="post" action="/form"><label for="p">Scopes of the key</label>
   <scope-picker id="p" name="scope" ${attributes}></scope-picker>${more}<button>Create</button></form>`;

const submit = async (page) => {
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('received')).toBeVisible();
};

test('a form submits one entry for each scope', async ({ page, site, open }) => {
  await open(form('value="rows.read"', '<input name="name" value="Importer">'));
  await choose(page.locator('scope-picker'), 'rows.write');
  await submit(page);
  expect(site.forms).toEqual([[['scope', 'rows.read'], ['scope', 'rows.write'], ['name', 'Importer']]]);
});

test('unknown scopes in the value survive an edit and are submitted', async ({ page, site, open }) => {
  await open(form(''));
  await page.evaluate(() => (document.querySelector('scope-picker').value = ['future.read', 'rows.read']));
  await choose(page.locator('scope-picker'), 'rows.write');
  expect(await page.evaluate(() => document.querySelector('scope-picker').value)).toEqual(['rows.read', 'rows.write', 'future.read']);
  // It is an error of the report, and the page decides to submit all the same.
  await page.evaluate(() => (document.querySelector('form').noValidate = true));
  await submit(page);
  expect(site.forms[0].map(([, scope]) => scope)).toEqual(['rows.read', 'rows.write', 'future.read']);
});

test('a required picker without a scope, and one with an error in its report, are invalid', async ({ page, site, open }) => {
  await open(form('required'));
  const state = () =>
    page.evaluate(() => {
      const picker = document.querySelector('scope-picker');
      const { valueMissing, customError, valid } = picker.validity;
      return { valueMissing, customError, valid, message: picker.validationMessage, form: document.querySelector('form').checkValidity() };
    });
  expect(await state()).toEqual({
    valueMissing: true, customError: false, valid: false, message: 'Select at least one scope.', form: false,
  });
  await page.getByRole('button', { name: 'Create' }).click();
  expect(site.forms).toEqual([]);
  await page.evaluate(() => (document.querySelector('scope-picker').value = ['user.read']));
  const { message, ...flags } = await state();
  expect(flags).toEqual({ valueMissing: false, customError: true, valid: false, form: false });
  expect(message).toContain('There is no scope `user.read`');
  await page.evaluate(() => (document.querySelector('scope-picker').value = ['users.read']));
  expect((await state()).valid).toBe(true);
  await page.evaluate(() => document.querySelector('scope-picker').setCustomValidity('Not today.'));
  expect((await state()).message).toBe('Not today.');
});

test('a disabled picker and one in a disabled fieldset submit nothing and cannot be changed', async ({ page, site, open }) => {
  await open(`<form method="post" action="/form">
    <scope-picker name="a" value="rows.read" disabled></scope-picker>
    <fieldset disabled><scope-picker name="b" value="rows.read"></scope-picker></fieldset>
    <scope-picker name="c" value="rows.read" readonly></scope-picker><button>Create</button></form>`);
  for (const name of ['a', 'b', 'c']) {
    await expect(page.locator(`[name="${name}"]`).getByRole('checkbox', { name: 'rows.write', includeHidden: true })).toBeDisabled();
  }
  await submit(page);
  expect(site.forms).toEqual([[['c', 'rows.read']]]);
});

test('a reset returns to the value of the attribute, and a restored page to the last value', async ({ page, open }) => {
  await open(form('value="rows.read"', '<button type="reset">Reset</button>'));
  const value = () => page.evaluate(() => document.querySelector('scope-picker').value);
  await choose(page.locator('scope-picker'), 'rows.write');
  expect(await value()).toEqual(['rows.read', 'rows.write']);
  await page.getByRole('button', { name: 'Reset' }).click();
  expect(await value()).toEqual(['rows.read']);
  await expect(page.getByRole('checkbox', { name: 'rows.write' })).not.toBeChecked();
  await page.evaluate(() => document.querySelector('scope-picker').formStateRestoreCallback('["users.read"]', 'restore'));
  expect(await value()).toEqual(['users.read']);
});

test('after Back, the form has what a person chose', async ({ page, site, open, browserName }) => {
  needsChromium(browserName, 'going back to a page that Firefox keeps in memory');
  await open(form('value="rows.read"'));
  await choose(page.locator('scope-picker'), 'rows.write');
  await submit(page);
  await page.goBack();
  await ready(page);
  await until(page, () => document.querySelector('scope-picker').value.length === 2);
  await expect(page.getByRole('checkbox', { name: 'rows.write', exact: true })).toBeChecked();
  await submit(page);
  expect(site.forms[1]).toEqual([['scope', 'rows.read'], ['scope', 'rows.write']]);
});

test('assistive technology sees a group with the name of the label', async ({ page, open, browserName }) => {
  needsChromium(browserName, 'the accessibility tree');
  await open(form(''));
  expect(await accessibilityTree(page)).toContainEqual({ role: 'group', name: 'Scopes of the key' });
});

test('a label moves the focus into the picker', async ({ page, open }) => {
  await open(form(''));
  await page.getByText('Scopes of the key').click();
  expect(await page.evaluate(() => document.activeElement.id)).toBe('p');
  await expect(page.getByRole('searchbox')).toBeFocused();
  expect(await page.evaluate(() => document.querySelector('scope-picker').labels.length)).toBe(1);
});
