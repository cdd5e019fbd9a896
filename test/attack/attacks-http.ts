// Attacks with a request rather than with its message: packed bodies, headers that a pattern may take long over, lies.

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Attack, GET } from './attack.ts';

const BOMB = gzipSync(Buffer.alloc(100_000_000, 'a'));
const HTTP = (status: number) => ({ status });
const packed = (coding: string, body: Uint8Array): Attack => ({
  body,
  headers: [`Content-Encoding: ${coding}`],
  outcome: HTTP(415),
});
const type = (value: string, status = 415): Attack => ({
  body: GET,
  headers: [`Content-Type: ${value}`],
  outcome: HTTP(status),
});
const action = (value: string): Attack => ({
  body: GET,
  headers: [`SOAPAction: ${value}`],
  outcome: [1014, 'SOAPAction does not agree'],
});
const inOneChunk = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
const LONG = 15_000;

export const REQUESTS: Readonly<Record<string, Attack>> = {
  'a gzip bomb of 100 megabytes': packed('gzip', BOMB),
  'a gzip bomb in a gzip bomb': packed('gzip, gzip', gzipSync(BOMB)),
  'broken gzip': packed('gzip', BOMB.subarray(0, 5_000)),
  'gzip that is none': packed('gzip', Buffer.from(GET)),
  'gzip of a good message': packed('gzip', gzipSync(GET)),
  deflate: packed('deflate', deflateSync(GET)),
  brotli: packed('br', brotliCompressSync(GET)),
  'gzip in capitals': packed('GZIP', gzipSync(GET)),
  'gzip that is not announced': { body: gzipSync(GET), outcome: [1014, 'bytes that are not UTF-8'] },
  'a bomb that is not announced': { body: BOMB, outcome: [1014, 'bytes that are not UTF-8'] },
  'gzip as a transfer coding': {
    body: inOneChunk(gzipSync(GET)),
    headers: ['Content-Length', 'Transfer-Encoding: gzip, chunked'],
    outcome: HTTP(415),
  },
  'a body of two megabytes': { body: Buffer.alloc(2_000_000, ' '), outcome: HTTP(413) },
  attachments: type('multipart/related; type="application/xop+xml"; boundary=a'),
  'SOAP 1.2': type('application/soap+xml; charset=utf-8'),
  'a content type of semicolons': type(`text/xml${';'.repeat(LONG)}`, 200),
  'a content type of quotes': type(`text/xml;${'"'.repeat(LONG)}`, 200),
  'a content type of backslashes': type(`text/xml;"${'\\'.repeat(LONG)}`, 200),
  'a content type of charsets': type(`text/xml${';charset=utf-8'.repeat(1_000)};charset=x`),
  'a charset of white space': type(`text/xml;charset${' '.repeat(LONG)}=x`),
  'a charset in quotes that never end': type(`text/xml;charset="${'utf-8'.repeat(LONG / 5)}`),
  'a SOAPAction of quotes': action('"'.repeat(LONG)),
  'a SOAPAction of white space': action(`"${' '.repeat(LONG)}x`),
  'a SOAPAction of two': {
    body: GET,
    headers: ['SOAPAction: ""', 'SOAPAction: "urn:x"'],
    outcome: [1014, 'does not agree'],
  },
  'headers of 20 kilobytes': { body: GET, headers: [`X-Much: ${'x'.repeat(20_000)}`], outcome: HTTP(431) },
  'ten thousand headers': {
    body: GET,
    headers: Array.from({ length: 10_000 }, () => 'a: '),
    outcome: HTTP(431),
  },
};

const HEADER = 'x-client-cert';
const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';
const value = (text: string): string => `${HEADER}: ${text}`;

/** Values of the header in which a proxy hands a certificate over; `pem` is a good one, URL-encoded. */
export const proxyHeaders = (pem: string): Readonly<Record<string, string>> => ({
  'percent signs': value('%'.repeat(LONG)),
  'bytes that are not UTF-8': value('%ff'.repeat(LONG / 3)),
  'beginnings without an end': value(encodeURIComponent(`${BEGIN}\n`.repeat(350))),
  'ends without a beginning': value(encodeURIComponent(`${END}\n`.repeat(350))),
  'a good one and beginnings': value(`${pem}${BEGIN.replaceAll(' ', '%20').repeat(450)}`),
  'a good one and hyphens': value(`${pem}${'-'.repeat(13_000)}`),
  'white space': value(`${BEGIN}${'%20'.repeat(4_500)}${END}`),
  'base64 of nothing': value(`${BEGIN}${'A'.repeat(14_000)}${END}`.replaceAll(' ', '%20')),
});
