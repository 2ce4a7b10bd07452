// js/locals.js, a step of the build: functions that differ in the numbers of their locals alone become the same, and compute the same.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const [I32, I64] = [0x7f, 0x7e];

/** (2x - (x + 3)) + x, with these numbers for the product, the sum, and a copy of x as a 64-bit number. */
function body(product, sum, copy) {
  const instructions = [
    ...[0x20, 0, 0x41, 2, 0x6c, 0x21, product],
    ...[0x20, 0, 0x41, 3, 0x6a, 0x21, sum],
    ...[0x20, 0, 0xad, 0x21, copy],
    ...[0x20, product, 0x20, sum, 0x6b, 0x20, copy, 0xa7, 0x6a, 0x0b],
  ];
  return [2, 2, I32, 1, I64, ...instructions];
}

const section = (id, ...content) => [id, content.length, ...content];
const sized = (bytes) => [bytes.length, ...bytes];

function module(...bodies) {
  const names = bodies.map((_, index) => [1, 97 + index, 0, index]);
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, I32, 1, I32),
    ...section(3, bodies.length, ...bodies.map(() => 0)),
    ...section(7, bodies.length, ...names.flat()),
    ...section(10, bodies.length, ...bodies.flatMap(sized)),
  );
}

test('functions that differ in the numbers of their locals alone become the same, and compute the same', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scopewise-locals-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [from, to] = [join(folder, 'in.wasm'), join(folder, 'out.wasm')];
  const before = module(body(1, 2, 3), body(2, 1, 3), body(1, 2, 3));
  writeFileSync(from, before);
  execFileSync(process.execPath, [join(import.meta.dirname, '..', '..', 'js', 'locals.js'), from, to, '2']);
  const after = readFileSync(to);
  assert.equal(after.length, before.length);
  const length = body(1, 2, 3).length;
  const bodies = [3, 2, 1].map((fromEnd) => after.subarray(after.length - fromEnd * (length + 1) + 1, after.length - (fromEnd - 1) * (length + 1)));
  assert.deepEqual(bodies[1], bodies[0]);
  assert.deepEqual(bodies[2], bodies[0]);
  const { a, b, c } = new WebAssembly.Instance(new WebAssembly.Module(after)).exports;
  for (const x of [0, 5, -7]) for (const of of [a, b, c]) assert.equal(of(x), 2 * x - 3);
});
