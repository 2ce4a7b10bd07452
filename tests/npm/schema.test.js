// The Standard Schema for a list of scopes.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { ProjectKeyScopes } from 'node-appwrite';

import { project } from './support.js';

const folder = await project();
const load = (name) => import(pathToFileURL(join(folder, 'node_modules', 'scopewise', name)));
const { check, createChecker } = await load('index.js');
const { scopeList } = await load('schema.js');
const validate = (schema, value) => schema['~standard'].validate(value);

test('it is a Standard Schema, as an ES module and as CommonJS', () => {
  for (const make of [scopeList, createRequire(join(folder, 'main.cjs'))('scopewise/schema').scopeList]) {
    const { version, vendor, validate } = make(check)['~standard'];
    assert.deepEqual([version, vendor, typeof validate], [1, 'scopewise', 'function']);
  }
});

test('a list of scopes without errors is its value, in a new list', () => {
  const list = ['users.read', 'rows.write'];
  const { value, issues } = validate(scopeList(check), list);
  assert.equal(issues, undefined);
  assert.deepEqual(value, list);
  assert.notEqual(value, list);
});

test('each error of the report is an issue at the place of its scope', () => {
  assert.deepEqual(validate(scopeList(check), ['rows.read', 'user.read']), { issues: [{ message: 'there is no scope `user.read`; did you mean `users.read`?', path: [1] }] });
  const { issues } = validate(scopeList(check, { runsIn: 'browser' }), ['rows.read']);
  assert.equal(issues.length, 1);
  const many = validate(scopeList(check), Array(1001).fill('users.read'));
  assert.match(many.issues[0].message, /1001 items/);
});

test('what is no list of texts is an issue', () => {
  for (const value of [undefined, null, 'users.read', {}, new Set(['users.read'])]) assert.deepEqual(validate(scopeList(check), value), { issues: [{ message: 'must be a list of texts' }] });
  assert.deepEqual(validate(scopeList(check), ['users.read', 1, , null]).issues.map(({ path }) => path), [[1], [2], [3]]);
});

test('only the members of an SDK enum, or of a list, are accepted where they are given', () => {
  const sdk = scopeList(check, { among: ProjectKeyScopes });
  assert.deepEqual(validate(sdk, ['users.read']).value, [ProjectKeyScopes.UsersRead]);
  const few = scopeList(check, { among: ['users.read'] });
  assert.deepEqual(validate(few, ['users.read', 'rows.read', 'user.read']).issues.map(({ path }) => path[0]), [2, 1]);
});

test('a custom catalog judges by its own scopes', () => {
  const own = createChecker({ id: 'x', name: 'X', version: '1', maxScopes: 2, editions: [], services: [{ id: 's', name: 'S' }], operations: [],
    scopes: [{ id: 'a.read', service: 's', description: '', tiers: ['project'], editions: [] }] });
  assert.deepEqual(validate(scopeList(own.check), ['a.read']).value, ['a.read']);
  assert.equal(validate(scopeList(own.check), ['users.read']).issues.length, 1);
});

test('options that cannot be judged are an error of the program', () => {
  assert.throws(() => validate(scopeList(check, { runsIn: 'desktop' }), ['users.read']), { code: 'invalid-request' });
});
