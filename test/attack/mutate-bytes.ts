// Breaks a message without knowing what it is: bits, bytes, spans, and the encoding as a whole.

import type { Seeded } from '../support/seeded.ts';

/** Changes the bytes of a message; `other` is another message to take from. */
export type ByteMutation = (bytes: Buffer, chance: Seeded, other: Buffer) => Buffer;

const spanOf = (bytes: Buffer, chance: Seeded, most: number): [number, number] => {
  const start = chance.below(bytes.length + 1);
  return [start, Math.min(bytes.length, start + 1 + chance.below(most))];
};

const put = (bytes: Buffer, start: number, end: number, by: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]);

/** Bytes that mean something to a parser or a decoder, or that must not be there. */
const TELLING: readonly Buffer[] = [
  ...['<', '>', '&', '"', "'", '/', '=', '\0', '\r', '\n', '\t', ' ', '\x1b', '\x7f', ']]>', '<!--', '-->'],
  ...[
    '<![CDATA[',
    '<?',
    '?>',
    '&amp;',
    '&#0;',
    '&#xD800;',
    '&#xFFFE;',
    '\u0085',
    '\u2028',
    '\uFEFF',
    '\uFFFE',
  ],
  ...['æ', '\u{1F600}', '\u202E', '０', '<!DOCTYPE a>', '<!DOCTYPE a [<!ENTITY b "c">]>'],
]
  .map((text) => Buffer.from(text))
  .concat([
    Buffer.from([0xff]),
    Buffer.from([0xc0, 0x80]),
    Buffer.from([0xc0, 0xbc]),
    Buffer.from([0xe0, 0x80, 0xbc]),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from([0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]),
    Buffer.from([0xf4, 0x90, 0x80, 0x80]),
    Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80]),
    Buffer.from([0x80]),
    Buffer.from([0xe2, 0x82]),
  ]);

const utf32 = (bytes: Buffer, isLittle: boolean): Buffer => {
  const points = Array.from(bytes.toString('utf8'), (character) => character.codePointAt(0)!);
  const written = Buffer.alloc(4 * points.length);
  for (const [at, point] of points.entries()) {
    if (isLittle) written.writeUInt32LE(point, 4 * at);
    else written.writeUInt32BE(point, 4 * at);
  }
  return written;
};
const utf16 = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('utf8'), 'utf16le');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export const BYTE_MUTATIONS: Readonly<Record<string, ByteMutation>> = {
  'a bit flipped': (bytes, chance) => {
    const changed = Buffer.from(bytes);
    if (bytes.length > 0) {
      const at = chance.below(bytes.length);
      changed[at] = changed[at]! ^ (1 << chance.below(8));
    }
    return changed;
  },
  'a byte of any value': (bytes, chance) => {
    const [start] = spanOf(bytes, chance, 1);
    return put(bytes, start, start + 1, Buffer.from([chance.below(256)]));
  },
  'a span removed': (bytes, chance) => put(bytes, ...spanOf(bytes, chance, 60), Buffer.alloc(0)),
  'cut short': (bytes, chance) => bytes.subarray(0, chance.below(bytes.length + 1)),
  'a span twice': (bytes, chance) => {
    const [start, end] = spanOf(bytes, chance, 200);
    return put(bytes, end, end, bytes.subarray(start, end));
  },
  'a span elsewhere': (bytes, chance) => {
    const [start, end] = spanOf(bytes, chance, 200);
    const rest = put(bytes, start, end, Buffer.alloc(0));
    const at = chance.below(rest.length + 1);
    return put(rest, at, at, bytes.subarray(start, end));
  },
  'telling bytes put in': (bytes, chance) => {
    const at = chance.below(bytes.length + 1);
    return put(bytes, at, at, TELLING[chance.below(TELLING.length)]!);
  },
  'noise put in': (bytes, chance) => {
    const at = chance.below(bytes.length + 1);
    const noise = Buffer.from(Array.from({ length: 1 + chance.below(40) }, () => chance.below(256)));
    return put(bytes, at, at, noise);
  },
  'two messages, cut and joined': (bytes, chance, other) =>
    Buffer.concat([
      bytes.subarray(0, chance.below(bytes.length + 1)),
      other.subarray(chance.below(other.length + 1)),
    ]),
  'one message behind another': (bytes, _, other) => Buffer.concat([bytes, other]),
  'another encoding': (bytes, chance) => {
    const ways: readonly (() => Buffer)[] = [
      () => utf16(bytes),
      () => Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(bytes)]),
      () => utf16(bytes).swap16(),
      () => utf32(bytes, true),
      () => utf32(bytes, false),
      () => Buffer.from(bytes.toString('utf8'), 'latin1'),
      () => Buffer.from(bytes.toString('utf8').replaceAll('<', '+ADw-').replaceAll('>', '+AD4-')),
    ];
    return ways[chance.below(ways.length)]!();
  },
  'byte order marks': (bytes, chance) =>
    Buffer.concat([...Array.from({ length: 1 + chance.below(2) }, () => BOM), bytes]),
  nothing: () => Buffer.alloc(0),
};
