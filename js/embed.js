// Writes the WebAssembly as a text that JavaScript can hold, and the small module that reads it back. Called by js/build.js.
//
// The ninety most frequent bytes are a character each, the others two, of which the first is one of the two last characters: half as long as hexadecimal
// digits, and a compressor finds the bytes' patterns again. The text is ASCII without quotes, `\` and `<`, so that no bundler has to escape any of it.
//
// A loop of JavaScript that has just been loaded would take several milliseconds for it; the same loop in WebAssembly takes less than one.

import binaryen from 'binaryen';

const ALPHABET = Array.from({ length: 0x7f - 0x20 }, (_, at) => at + 0x20).filter((code) => !`'\\<`.includes(String.fromCharCode(code)));
const ESCAPES = ALPHABET.slice(-2);
/** What a character means: alone, behind the first escape, behind the second. In the memory of the decoder the text follows. */
const TABLE = 3 * 128;

const LETTER = 3;

/** The kind of a character, in the order in which characters are given away: digits, marks, letters. */
function kind(code) {
  const character = String.fromCharCode(code);
  if (/[a-zA-Z ]/.test(character)) return LETTER;
  return /[0-9]/.test(character) ? 1 : 2;
}

/** For each byte its characters. */
function spelling(bytes) {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte]++;
  const values = [...counts.keys()];
  const frequent = values.toSorted((a, b) => counts[b] - counts[a] || a - b).slice(0, ALPHABET.length - ESCAPES.length);
  // Letters and spaces of texts stay what they are. The lowest of the others, mostly numbers of locals, become digits: brotli expects
  // what follows by the kinds of the two characters before, so what is of one kind is best spelled with characters of one kind.
  const spelled = new Map(frequent.filter((byte) => kind(byte) === LETTER).map((byte) => [byte, [byte]]));
  const free = ALPHABET.filter((code) => !ESCAPES.includes(code) && !spelled.has(code)).toSorted((a, b) => kind(a) - kind(b) || a - b);
  for (const byte of frequent.toSorted((a, b) => a - b)) if (!spelled.has(byte)) spelled.set(byte, [free.shift()]);
  const rare = values.filter((byte) => !spelled.has(byte));
  for (const [at, byte] of rare.entries()) spelled.set(byte, [ESCAPES[Math.floor(at / ALPHABET.length)], ALPHABET[at % ALPHABET.length]]);
  return spelled;
}

/**
 * Builds a module with a memory and a function `read`. The caller writes the text, of this length, to the memory right after the table; `read` replaces it
 * with the decoded bytes, which are fewer. It reads four characters at a time, so the memory is four bytes larger than table and text.
 */
function decoder(table, length) {
  const pages = Math.ceil((TABLE + length + 4) / 65536);
  const data = [...table].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  const module = binaryen.parseText(`(module
    (memory (export "memory") ${pages})
    (data (i32.const 0) "${data}")
    (func (export "read")
      (local $from i32) (local $to i32) (local $four i32)
      (local.set $from (i32.const ${TABLE}))
      (local.set $to (i32.const ${TABLE}))
      (loop $next
        (local.set $four (i32.load (local.get $from)))
        ;; Whether one of four characters is an escape, which no lower character is.
        (if (i32.and (i32.add (local.get $four) (i32.const 0x03030303)) (i32.const 0x80808080))
          (then
            (local.set $four (i32.and (local.get $four) (i32.const 255)))
            (if (i32.ge_u (local.get $four) (i32.const ${ESCAPES[0]})) (then
              (local.set $from (i32.add (local.get $from) (i32.const 1)))
              (local.set $four (i32.add
                (i32.shl (i32.sub (local.get $four) (i32.const ${ESCAPES[0] - 1})) (i32.const 7))
                (i32.load8_u (local.get $from))))))
            (i32.store8 (local.get $to) (i32.load8_u (local.get $four)))
            (local.set $to (i32.add (local.get $to) (i32.const 1)))
            (local.set $from (i32.add (local.get $from) (i32.const 1))))
          (else
            (i32.store8 (local.get $to) (i32.load8_u (i32.and (local.get $four) (i32.const 255))))
            (i32.store8 offset=1 (local.get $to) (i32.load8_u (i32.and (i32.shr_u (local.get $four) (i32.const 8)) (i32.const 255))))
            (i32.store8 offset=2 (local.get $to) (i32.load8_u (i32.and (i32.shr_u (local.get $four) (i32.const 16)) (i32.const 255))))
            (i32.store8 offset=3 (local.get $to) (i32.load8_u (i32.shr_u (local.get $four) (i32.const 24))))
            (local.set $to (i32.add (local.get $to) (i32.const 4)))
            (local.set $from (i32.add (local.get $from) (i32.const 4)))))
        (br_if $next (i32.lt_u (local.get $from) (i32.const ${TABLE + length}))))))`);
  if (!module.validate()) throw new Error('js/embed.js writes a module that is not valid');
  return Buffer.from(module.emitBinary());
}

/** What js/src/wasm.js has for a module: its text, the module that reads it, where that expects it, and how many bytes it becomes. */
export function embedded(bytes) {
  if (ESCAPES[0] !== 0x7d || ESCAPES[1] !== 0x7e) throw new Error('js/embed.js counts on two escapes above all other characters');
  const spelled = spelling(bytes);
  const table = new Uint8Array(TABLE);
  for (const [byte, [first, second]] of spelled) table[second === undefined ? first : (first - ESCAPES[0] + 1) * 128 + second] = byte;
  const text = Buffer.from([...bytes].flatMap((byte) => spelled.get(byte)));
  return { TEXT: text.toString('latin1'), DECODER: decoder(table, text.length).toString('hex'), START: TABLE, LENGTH: bytes.length };
}
