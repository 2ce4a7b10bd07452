// The types of the custom element: valid programs compile, invalid ones do not. tests/element tests the element in a browser.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { project, run } from './support.js';

const tsc = join(import.meta.dirname, 'node_modules', 'typescript', 'bin', 'tsc');

const VALID = `
import 'scopewise/picker/define';
import { PickerError, ScopePicker } from 'scopewise/picker';
import type { PickerDetail, Preset } from 'scopewise/picker';

const picker = document.querySelector('scope-picker')!;
picker.value = ['rows.read', 'future.read'];
picker.grantor = ['rows.read'];
picker.runsIn = 'ci';
picker.expire = null;
picker.catalog = new URL('https://example.com/catalog.json');
const presets: Preset[] = [{ name: 'Read', scopes: ['rows.read'] }];
picker.presets = presets;
picker.addEventListener('change', (event) => {
  const { value, report }: PickerDetail = (event as ScopePickerEvent).detail;
  console.log(value.length, report?.valid, picker.validity.valueMissing, picker.report?.errors);
});
ScopePicker.wasm = '/picker.wasm';
ScopePicker.wasmLater = new URL('https://example.com/picker-later.wasm');
class MyPicker extends ScopePicker {}
customElements.define('my-picker', MyPicker);
export { PickerError };
`;

/** Each line is a program that must not compile. */
const INVALID = [
  "picker.runsIn = 'moon';",
  'picker.report = null;',
  'picker.value = 5;',
  "picker.presets = [{ scopes: ['rows.read'] }];",
  "picker.tier = 'planet';",
];

test('programs with <scope-picker> compile, and wrong ones do not', async () => {
  const wrong = INVALID.map((line) => `import 'scopewise/picker/define';\nconst picker = document.querySelector('scope-picker')!;\n${line}\n`);
  const files = { 'valid.ts': VALID, ...Object.fromEntries(wrong.map((text, number) => [`wrong-${number}.ts`, text])) };
  const folder = await project(files);
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom', '--pretty', 'false'];
  const { stdout } = await run(process.execPath, [tsc, ...options, ...Object.keys(files)], { cwd: folder }).catch((error) => error);
  const faulty = new Set([...stdout.matchAll(/^([\w.-]+)\(/gm)].map(([, file]) => file));
  assert.deepEqual([...faulty].sort(), wrong.map((_, number) => `wrong-${number}.ts`).sort(), stdout);
});
