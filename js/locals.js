// Renumbers the local variables of each function of a WebAssembly module, so that functions read as much alike as they can: brotli then
// finds more of each in the ones before. A permutation of numbers, so nothing else changes. Called by scripts/optimize-wasm.
//
//   node js/locals.js <in.wasm> <out.wasm> <rounds>
//
// What a byte costs is estimated from the bytes before it, as a compressor does: from how often it followed the same one to six bytes in
// other functions. Each function is gone through in turn, and two of its locals change their numbers where that makes it cheaper.

import { readFileSync, writeFileSync } from 'node:fs';

import { encoded, Reader } from './binary.js';

const [, , from, to, rounds] = process.argv;
/** So many bytes before a byte are looked at. */
const LONGEST = 6;
/** How much the estimate from one byte less counts, as against one time that the byte was seen: found by trying. */
const TRUST = 0.6;
/** Numbers of one byte are exchanged; the others keep theirs. */
const ONE_BYTE = 128;
const [TYPES, FUNCTIONS, CODE] = [1, 3, 10];

/** The functions: where the instructions begin in each, how many parameters it has, the types of its locals, and where it names which. */
function read(module) {
  const [parameters, signatures, functions] = [[], [], []];
  let code;
  while (!module.isAtEnd()) {
    const { id, begin, end } = module.section();
    if (id === TYPES) {
      for (let left = module.number(); left > 0; left--) {
        if (module.byte() !== 0x60) throw new Error('js/locals.js knows types of functions only');
        parameters.push(module.taken().length);
        module.taken();
      }
    }
    if (id === FUNCTIONS) for (let left = module.number(); left > 0; left--) signatures.push(parameters[module.number()]);
    if (id === CODE) {
      code = { begin, end };
      module.number();
      for (const count of signatures) functions.push(described(Buffer.from(module.taken()), count));
    }
    module.at = end;
  }
  return { code, functions };
}

function described(body, parameters) {
  const reader = new Reader(body);
  reader.at = 0;
  const types = [];
  for (let runs = reader.number(); runs > 0; runs--) {
    const count = reader.number();
    types.push(...Array(count).fill(reader.byte()));
  }
  const begin = reader.at;
  /** For each local that is not a parameter, the places of its number. */
  const places = new Map();
  while (!reader.isAtEnd()) {
    const instruction = reader.byte();
    if (instruction >= 0x20 && instruction <= 0x22) {
      const place = reader.at;
      const local = reader.number();
      if (local < parameters || local >= ONE_BYTE) continue;
      if (!places.has(local)) places.set(local, []);
      places.get(local).push(place);
    } else skip(reader, instruction);
  }
  return { body, begin, places, typeOf: (local) => types[local - parameters] };
}

/** Skips what follows an instruction (https://webassembly.github.io/spec/core/binary/instructions.html). */
function skip(reader, instruction) {
  const numbers = (count) => {
    for (; count > 0; count--) reader.number();
  };
  if (instruction >= 0x28 && instruction <= 0x3e) return numbers(2);
  if ([0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x12, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2].includes(instruction)) return numbers(1);
  if (instruction === 0x11 || instruction === 0x13) return numbers(2);
  if (instruction === 0x0e || instruction === 0x1c) return numbers(reader.number() + (instruction === 0x0e ? 1 : 0));
  if (instruction === 0x43) reader.at += 4;
  else if (instruction === 0x44) reader.at += 8;
  else if (instruction === 0xfc) {
    const kind = reader.number();
    if (kind > 17) throw new Error(`js/locals.js does not know the instruction 0xfc ${kind}`);
    if (kind >= 8) numbers([8, 10, 12, 14].includes(kind) ? 2 : 1);
  } else if (instruction > 0xc4 && instruction !== 0xd1) throw new Error(`js/locals.js does not know the instruction 0x${instruction.toString(16)}`);
}

/** How often which byte followed which: for each length of what was before, by hash. */
const contexts = Array.from({ length: LONGEST }, () => new Uint16Array(1 << 21));
const pairs = Array.from({ length: LONGEST }, () => new Uint16Array(1 << 21));
const singles = new Uint32Array(256);
let all = 0;

const place = (hash) => Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 11;

/** Counts the bytes of a function, or takes them out of the counts again. */
function count(body, by) {
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    singles[byte] += by;
    let hash = 0;
    for (let length = 0; length < LONGEST; length++) {
      hash = Math.imul(hash ^ (body[at - length - 1] ?? 0), 0x01000193) + length + 1;
      contexts[length][place(hash)] += by;
      pairs[length][place(hash ^ Math.imul(byte + 1, 0x27d4eb2d))] += by;
    }
  }
  all += by * body.length;
}

/** About how many bits a byte takes, by what was before it. */
function bits(body, at) {
  const byte = body[at];
  let share = (singles[byte] + 0.5) / (all + 128);
  let hash = 0;
  for (let length = 0; length < LONGEST; length++) {
    hash = Math.imul(hash ^ (body[at - length - 1] ?? 0), 0x01000193) + length + 1;
    const before = contexts[length][place(hash)];
    if (before === 0) break;
    // Two may have the same hash.
    const both = Math.min(before, pairs[length][place(hash ^ Math.imul(byte + 1, 0x27d4eb2d))]);
    share = (both + TRUST * share) / (before + TRUST);
  }
  return -Math.log2(share);
}

/** Exchanges numbers of locals as long as that makes the function cheaper. */
function improve({ body, begin, places, typeOf }) {
  const locals = [...places.keys()];
  const costs = new Float64Array(body.length);
  for (let at = begin; at < body.length; at++) costs[at] = bits(body, at);
  const seen = new Int32Array(body.length);
  let trial = 0;
  const write = (local) => {
    for (const at of places.get(local)) body[at] = local;
  };
  const exchange = (one, other) => {
    const before = places.get(one);
    places.set(one, places.get(other));
    places.set(other, before);
    write(one);
    write(other);
  };
  locals.forEach((one, index) => {
    for (const other of locals.slice(index + 1)) {
      if (typeOf(one) !== typeOf(other)) continue;
      exchange(one, other);
      trial++;
      let change = 0;
      const changed = [];
      for (const local of [one, other]) {
        for (const first of places.get(local)) {
          const end = Math.min(first + LONGEST + 1, body.length);
          for (let at = first; at < end; at++) {
            if (seen[at] === trial) continue;
            seen[at] = trial;
            const cost = bits(body, at);
            change += cost - costs[at];
            changed.push(at, cost);
          }
        }
      }
      if (change < -1e-6) for (let at = 0; at < changed.length; at += 2) costs[changed[at]] = changed[at + 1];
      else exchange(one, other);
    }
  });
}

const module = new Reader(readFileSync(from));
const { code, functions } = read(module);
for (let round = 0; round < Number(rounds); round++) {
  for (const described of functions) {
    // In the first round, only those before it are counted.
    if (round > 0) count(described.body, -1);
    improve(described);
    count(described.body, 1);
  }
}
const parts = [Buffer.from(encoded(functions.length)), ...functions.flatMap(({ body }) => [Buffer.from(encoded(body.length)), body])];
const section = Buffer.concat(parts);
writeFileSync(to, Buffer.concat([module.bytes.subarray(0, code.begin), Buffer.from([CODE, ...encoded(section.length)]), section, module.bytes.subarray(code.end)]));
