// Every limit on a message: one below it is let in, one above is refused, quickly and with the connection's answer.

import { expect } from 'chai';
import { LIMITS } from '../../src/contract/limits.ts';
import { WSRM_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import { akasse, createEnvelope, getEnvelope } from '../support/envelopes.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const plain = getEnvelope('2902610008');
const inHeader = (xml: string): string => plain.replace('<s:Header>', `<s:Header>${xml}`);
const countOf = (pattern: RegExp): number => plain.match(pattern)!.length;
const ELEMENTS = countOf(/<[^/?!]/g);
const ATTRIBUTES = countOf(/\s[\w:]+="/g) - 2; // those of the XML declaration are none

/** Messages with exactly so many of something, all else valid: a header of a stranger is ignored. */
const sized: Readonly<Record<string, { limit: number; make: (size: number) => string }>> = {
  elements: {
    limit: LIMITS.maxElements,
    make: (size) => inHeader(`<x:a xmlns:x="urn:x">${'<x:b/>'.repeat(size - ELEMENTS - 1)}</x:a>`),
  },
  'attributes and namespace declarations': {
    limit: LIMITS.maxAttributes,
    make: (size) =>
      inHeader(
        `<x:a xmlns:x="urn:x" ${Array.from({ length: size - ATTRIBUTES - 1 }, (_, n) => `a${n}='>'`).join(' ')}/>`,
      ),
  },
  'levels of elements': {
    limit: LIMITS.maxDepth,
    make: (size) =>
      inHeader(`<x:a xmlns:x="urn:x">${'<b>'.repeat(size - 3)}${'</b>'.repeat(size - 3)}</x:a>`),
  },
  'characters in an attribute value or namespace name': {
    limit: LIMITS.maxAttributeValue,
    make: (size) => inHeader(`<x:a xmlns:x="urn:x" a="${'v'.repeat(size)}"/>`),
  },
  'comments, CDATA sections and processing instructions': {
    limit: LIMITS.maxMarkup,
    make: (size) => inHeader(`${'<!---->'.repeat(size - 1)}<x:a xmlns:x="urn:x"><![CDATA[]]></x:a>`),
  },
};

describe('the limits of a message', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  for (const [what, { limit, make }] of Object.entries(sized)) {
    it(`${limit} ${what} are let in, ${limit + 1} are not`, async () => {
      expect((await send(service, { body: make(limit) })).status).to.equal(200);
      const fault = readFault((await send(service, { body: make(limit + 1) })).body)!;
      expect(fault).to.include({ errorCode: 1014, message: `The message has more than ${limit} ${what}.` });
    });
  }

  it('the same holds of what an a-kasse may put where anything is taken', async () => {
    const create = (acksTo: string) =>
      send(service, {
        caller: 'akasse-22',
        path: WSRM_SERVICE.path,
        body: createEnvelope(akasse('22')).replace('</CreateSequence>', `<AcksTo>${acksTo}</AcksTo>$&`),
      });
    const deep = (levels: number): string => '<b>'.repeat(levels) + '</b>'.repeat(levels);
    // Envelope, Body, CreateSequence and AcksTo stand around it.
    expect((await create(deep(LIMITS.maxDepth - 4))).status).to.equal(200);
    for (const [what, limit, acksTo] of [
      ['levels of elements', LIMITS.maxDepth, deep(LIMITS.maxDepth - 3)],
      ['elements', LIMITS.maxElements, '<b/>'.repeat(LIMITS.maxElements)],
      [
        'attributes and namespace declarations',
        LIMITS.maxAttributes,
        `<b ${Array.from({ length: LIMITS.maxAttributes }, (_, n) => `a${n}=""`).join(' ')}/>`,
      ],
    ] as const) {
      const fault = readFault((await create(acksTo)).body)!;
      expect(fault).to.include({ errorCode: 1014, message: `The message has more than ${limit} ${what}.` });
    }
  });

  it('what stands in comments, CDATA or values is not counted', async () => {
    const noise = '<a b="c">'.repeat(2 * LIMITS.maxElements);
    expect(
      (
        await send(service, {
          body: inHeader(`<!--${noise}--><x:a xmlns:x="urn:x"><![CDATA[${noise}]]></x:a>`),
        })
      ).status,
    ).to.equal(200);
  });

  it('a megabyte of attributes is refused before a parser builds anything of it', async () => {
    const attributes = Array.from({ length: 90_000 }, (_, n) => `a${n}=""`).join(' ');
    // Not well-formed either: had a parser looked first, it would have said so.
    const body = `${plain.replace('<Personnummer>', `<Personnummer ${attributes}>`)}<`;
    const fault = readFault((await send(service, { body })).body)!;
    expect(fault.message).to.equal(
      `The message has more than ${LIMITS.maxAttributes} attributes and namespace declarations.`,
    );
  });
});
