// Breaks a request as HTTP: its first line, its headers, how long it says it is. The message inside is left alone.

import type { Seeded } from '../support/seeded.ts';
import { CODINGS, LIES, METHODS, ODD, SIZES, TARGETS, VERSIONS } from './http-values.ts';

/** A request in its parts, before it is written. Header lines are `Name: value`. */
export interface Parts {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Bytes to send. `isLast` when the client ends its side behind them, for it has said that more would come. */
export interface Written {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

export type HttpMutation = (parts: Parts, chance: Seeded) => Written;

const CRLF = '\r\n';
const anyOf = <T>(values: readonly T[], chance: Seeded): T => values[chance.below(values.length)]!;

/** The request as it should be written. */
export const write = ({ line, headers, body }: Parts, isLast = false): Written => ({
  bytes: Buffer.concat([Buffer.from([line, ...headers, '', ''].join(CRLF), 'latin1'), body]),
  isLast,
});

const without = (parts: Parts, name: string): Parts => ({
  ...parts,
  headers: parts.headers.filter((header) => !header.toLowerCase().startsWith(`${name.toLowerCase()}:`)),
});
const plus = (parts: Parts, ...headers: string[]): Parts => ({
  ...parts,
  headers: [...parts.headers, ...headers],
});
const length = (parts: Parts, said: string): Parts =>
  plus(without(parts, 'Content-Length'), `Content-Length: ${said}`);
const chunked = (parts: Parts, body: string | Buffer, coding = 'chunked'): Parts => ({
  ...plus(without(parts, 'Content-Length'), `Transfer-Encoding: ${coding}`),
  body: Buffer.from(body),
});
const asChunks = (body: Buffer, size: number): Buffer => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    pieces.push(Buffer.from(piece.length.toString(16) + CRLF), piece, Buffer.from(CRLF));
  }
  return Buffer.concat([...pieces, Buffer.from(`0${CRLF}${CRLF}`)]);
};
const inLine =
  (change: (line: string, chance: Seeded) => string): HttpMutation =>
  (parts, chance) =>
    write({ ...parts, line: change(parts.line, chance) });
const withHeaders =
  (headers: readonly string[]): HttpMutation =>
  (parts, chance) =>
    write(plus(parts, ...anyOf(headers, chance).split(CRLF)));

export const HTTP_MUTATIONS: Readonly<Record<string, HttpMutation>> = {
  'another method': inLine((line, chance) => line.replace(/^\S+/, anyOf(METHODS, chance))),
  'another target': inLine((line, chance) => line.replace(/ \S+ /, () => ` ${anyOf(TARGETS, chance)} `)),
  'another version': inLine((line, chance) => line.replace(/\S+$/, anyOf(VERSIONS, chance))),
  'a bit of the first line': inLine((line, chance) => {
    const at = chance.below(line.length);
    return (
      line.slice(0, at) +
      String.fromCharCode(line.charCodeAt(at) ^ (1 << chance.below(8))) +
      line.slice(at + 1)
    );
  }),
  'the preface of HTTP/2': (parts) => ({
    bytes: Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), write(parts).bytes]),
    isLast: false,
  }),
  'a hello of TLS': () => ({ bytes: Buffer.from('1603010200010001fc0303', 'hex'), isLast: true }),
  'a header that lies': withHeaders(LIES),
  'an odd header': withHeaders(ODD),
  'a header twice': (parts, chance) => write(plus(parts, anyOf(parts.headers, chance))),
  'a header left out': (parts, chance) => {
    const name = anyOf(['Host', 'Content-Type', 'SOAPAction'], chance);
    return write(without(parts, name));
  },
  'no length': (parts) => write(without(parts, 'Content-Length')),
  'too great a length': (parts, chance) =>
    write(length(parts, String(parts.body.length + 1 + chance.below(9_999))), true),
  'too small a length': (parts, chance) => write(length(parts, String(chance.below(parts.body.length)))),
  'a length that is none': (parts, chance) =>
    write(
      length(parts, anyOf(['-1', '+5', '0x10', '1e3', '', 'a', '5, 5', '9'.repeat(30), ' ', '1.0'], chance)),
    ),
  'far too great a length': (parts, chance) =>
    write(length(parts, anyOf(['1048577', '99999999999'], chance))),
  'two lengths': (parts, chance) =>
    write(plus(parts, `Content-Length: ${anyOf([parts.body.length, 0, 5, parts.body.length + 1], chance)}`)),
  'a length and chunks': (parts, chance) =>
    write({
      ...plus(parts, 'Transfer-Encoding: chunked'),
      body: asChunks(parts.body, 1 + chance.below(999)),
    }),
  'chunks and then a length': (parts) =>
    write({
      ...parts,
      headers: ['Transfer-Encoding: chunked', ...parts.headers],
      body: Buffer.from(`0${CRLF}${CRLF}${parts.body.toString('latin1')}`, 'latin1'),
    }),
  chunks: (parts, chance) => write(chunked(parts, asChunks(parts.body, 1 + chance.below(999)))),
  'chunks of a byte': (parts) => write(chunked(parts, asChunks(parts.body, 1))),
  'chunks with extensions and trailers': (parts) =>
    write(
      chunked(
        parts,
        asChunks(parts.body, 500)
          .toString('latin1')
          .replace(/^[0-9a-f]+/, '$&;a=b')
          .replace(/\r\n$/, 'X-A: b\r\n\r\n'),
      ),
    ),
  'another coding': (parts, chance) =>
    write(chunked(parts, asChunks(parts.body, 99), anyOf(CODINGS, chance)), true),
  'two codings': (parts) =>
    write(plus(chunked(parts, asChunks(parts.body, 99)), `Transfer-Encoding: identity`), true),
  'a chunk of no size': (parts, chance) =>
    write(
      chunked(parts, `${anyOf(SIZES, chance)}${CRLF}${parts.body.toString('latin1')}${CRLF}0${CRLF}${CRLF}`),
      true,
    ),
  'chunks without an end': (parts) => write(chunked(parts, asChunks(parts.body, 99).subarray(0, -5)), true),
  'a request in the body': (parts) => write({ ...parts, body: write(parts).bytes }),
  'a second request behind': (parts) => {
    const kept = { ...parts, headers: parts.headers.filter((header) => !/^connection:/i.test(header)) };
    return { bytes: Buffer.concat([write(kept).bytes, write(parts).bytes]), isLast: false };
  },
  'line feeds alone': (parts) => ({
    bytes: Buffer.concat([Buffer.from([parts.line, ...parts.headers, '', ''].join('\n')), parts.body]),
    isLast: false,
  }),
  'empty lines before': (parts) => ({
    bytes: Buffer.concat([Buffer.from(CRLF.repeat(3)), write(parts).bytes]),
    isLast: false,
  }),
  'cut short': (parts, chance) => {
    const { bytes } = write(parts);
    return { bytes: bytes.subarray(0, 1 + chance.below(bytes.length - 1)), isLast: true };
  },
  'a bit anywhere': (parts, chance) => {
    const bytes = Buffer.from(write(parts).bytes);
    const at = chance.below(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << chance.below(8));
    return { bytes, isLast: true };
  },
};
