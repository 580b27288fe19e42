/** An attributedBody and a message_summary_info with a text in them, as macOS writes both. */

const HEAD = Buffer.from(
  "040b73747265616d747970656481e803840140848484124e53417474726962757465645374726968756700848408" +
    "4e534f626a656374008592848484084e53537472696e67019584012b",
  "hex",
);
const TAIL = Buffer.from("868402694901", "hex");

export function toTypedStream(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([HEAD, toLength(bytes.length), bytes, TAIL]);
}

function toLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const wide = length > 0x7fff;
  const bytes = Buffer.alloc(wide ? 5 : 3);
  bytes[0] = wide ? 0x82 : 0x81;
  if (wide) bytes.writeUInt32LE(length, 1);
  else bytes.writeUInt16LE(length, 1);
  return bytes;
}

/** A binary property list of the texts of one part, oldest first; none: it was taken back. */
export function toSummaryInfo(texts: readonly string[]): Buffer {
  const events = texts.map((text) => ({ t: toTypedStream(text), d: 700_000_000 }));
  return toPropertyList({ ec: { "0": events } });
}

type Value = string | number | Buffer | Value[] | { [key: string]: Value };

function toPropertyList(root: Value): Buffer {
  const objects: Buffer[] = [];
  const add = (value: Value): number => {
    const at = objects.push(Buffer.alloc(0)) - 1;
    objects[at] = encode(value);
    return at;
  };
  const encode = (value: Value): Buffer => {
    if (typeof value === "string") return tagged(0x50, value.length, Buffer.from(value, "latin1"));
    if (typeof value === "number") {
      const real = Buffer.alloc(9);
      real[0] = 0x23;
      real.writeDoubleBE(value, 1);
      return real;
    }
    if (Buffer.isBuffer(value)) return tagged(0x40, value.length, value);
    const parts = Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)];
    const references = parts.map((part) => {
      const reference = Buffer.alloc(2);
      reference.writeUInt16BE(add(part));
      return reference;
    });
    const count = Array.isArray(value) ? parts.length : parts.length / 2;
    return tagged(Array.isArray(value) ? 0xa0 : 0xd0, count, Buffer.concat(references));
  };
  add(root);
  const head = Buffer.from("bplist00", "latin1");
  let at = head.length;
  const offsets = objects.map((object) => {
    const offset = Buffer.alloc(4);
    offset.writeUInt32BE(at);
    at += object.length;
    return offset;
  });
  const trailer = Buffer.alloc(32);
  trailer[6] = 4;
  trailer[7] = 2;
  trailer.writeUInt32BE(objects.length, 12);
  trailer.writeUInt32BE(at, 28);
  return Buffer.concat([head, ...objects, ...offsets, trailer]);
}

function tagged(tag: number, length: number, content: Buffer): Buffer {
  if (length < 15) return Buffer.concat([Buffer.from([tag | length]), content]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  return Buffer.concat([Buffer.from([tag | 15, 0x12]), size, content]);
}
