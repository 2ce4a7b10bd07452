// Reads and writes the numbers of the binary format of WebAssembly (LEB128, as https://webassembly.github.io/spec/core/binary has them).

export class Reader {
  /** Behind the eight bytes with which each module begins. */
  at = 8;

  constructor(bytes) {
    this.bytes = bytes;
  }

  isAtEnd() {
    return this.at >= this.bytes.length;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.byte();
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return value >>> 0;
  }

  /** Bytes behind their length. */
  taken() {
    const length = this.number();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return this.taken().toString();
  }

  /** Skips an import, and returns whether it is a function. */
  isImportOfFunction() {
    this.taken();
    this.taken();
    const kind = this.byte();
    if (kind === 0) this.number();
    if (kind === 3 || kind === 4) this.at += 2;
    if (kind === 1) this.at += 1;
    if (kind === 1 || kind === 2) {
      const flags = this.number();
      this.number();
      if (flags & 1) this.number();
    }
    return kind === 0;
  }

  /** The next section: its kind, where it begins, and its content. `at` is at the begin of the content. */
  section() {
    const begin = this.at;
    const id = this.byte();
    const content = this.taken();
    const end = this.at;
    this.at = end - content.length;
    return { id, begin, end, content };
  }
}

/** A number as bytes. */
export function encoded(value) {
  const out = [];
  for (; value > 127; value >>>= 7) out.push((value & 127) | 128);
  return [...out, value];
}
