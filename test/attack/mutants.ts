// One mutant from one seed: a valid message of the corpus, changed once or a few times, and written as HTTP.

import { type Seeded, seeded } from '../support/seeded.ts';
import type { Message } from './corpus.ts';
import { BYTE_MUTATIONS } from './mutate-bytes.ts';
import { GENTLE_MUTATIONS } from './mutate-gently.ts';
import { HTTP_MUTATIONS, write } from './mutate-http.ts';
import { XML_MUTATIONS } from './mutate-xml.ts';

export interface Mutant {
  readonly message: Message;
  /** What was done to it, in order. */
  readonly kinds: readonly string[];
  /** The message alone. */
  readonly body: Buffer;
  /** Of the header SOAPAction, unless the request was changed as HTTP. */
  readonly soapAction: string;
  /** What is sent. */
  readonly bytes: Buffer;
  /** The client ends its side behind them. */
  readonly isLast: boolean;
  /** Whether the request was changed as HTTP, and the message not. */
  readonly isOfHttp: boolean;
}

/** How often each sort of change is made. */
export type Sorts = Readonly<Record<'http' | 'bytes' | 'xml' | 'gentle', number>>;
export const ALL_SORTS: Sorts = { http: 20, bytes: 20, xml: 40, gentle: 20 };

const keyOf = (mutations: object, chance: Seeded): string => {
  const keys = Object.keys(mutations);
  return keys[chance.below(keys.length)]!;
};

/** The mutant of that seed. */
export function mutantOf(seed: number, corpus: readonly Message[], sorts: Sorts = ALL_SORTS): Mutant {
  const chance = seeded(seed);
  const message = corpus[chance.below(corpus.length)]!;
  const other = Buffer.from(corpus[chance.below(corpus.length)]!.text);
  const sort = chance.weighted(Object.entries(sorts));
  const kinds: string[] = [];
  let body: Buffer = Buffer.from(message.text);
  for (let left = sort === 'http' ? 0 : 1 + chance.below(3); left > 0; left -= 1) {
    const mutations = { bytes: BYTE_MUTATIONS, xml: XML_MUTATIONS, gentle: GENTLE_MUTATIONS }[sort as 'xml'];
    const kind = keyOf(mutations, chance);
    kinds.push(kind);
    body =
      sort === 'bytes'
        ? BYTE_MUTATIONS[kind]!(body, chance, other)
        : Buffer.from({ ...XML_MUTATIONS, ...GENTLE_MUTATIONS }[kind]!(body.toString('utf8'), chance));
  }
  const soapAction = chance.chance(0.5) ? `"${message.operation.soapAction}"` : '""';
  const parts = {
    line: `POST ${message.service.path} HTTP/1.1`,
    headers: [
      'Host: 127.0.0.1',
      'Content-Type: text/xml; charset=utf-8',
      `SOAPAction: ${soapAction}`,
      'Connection: close',
      `Content-Length: ${body.length}`,
    ],
    body,
  };
  const isOfHttp = sort === 'http';
  if (!isOfHttp) return { message, kinds, body, soapAction, ...write(parts), isOfHttp };
  const kind = keyOf(HTTP_MUTATIONS, chance);
  return { message, kinds: [kind], body, soapAction, ...HTTP_MUTATIONS[kind]!(parts, chance), isOfHttp };
}
