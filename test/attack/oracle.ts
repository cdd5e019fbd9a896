// The oracle with another libxml2: what the service takes for a valid message, xmllint and expat must take for one too.
// The other way round is counted, and each reason must be one that is known. Run by `make test-oracle`.
//
// PENSION_TEST_MUTATIONS says how many mutants are read besides the examples, PENSION_TEST_SEED with which to begin.

import { readContractFiles } from '../../src/cli/contract-files.ts';
import type { Fejl } from '../../src/contract/fejlkatalog.ts';
import { SERVICES } from '../../src/contract/names.ts';
import { makeRequestReader } from '../../src/contract/request-reader.ts';
import { tempDir } from '../support/temp.ts';
import { type Message, makeCorpus } from './corpus.ts';
import { type Foreign, foreignVersions, readElsewhere } from './foreign-reader.ts';
import { mutantOf } from './mutants.ts';

const MUTATIONS = Number(process.env.PENSION_TEST_MUTATIONS || 20_000);
const FIRST = Number(process.env.PENSION_TEST_SEED || 1);
/** Mostly changes that leave a message valid: there readers may differ. */
const SORTS = { http: 0, bytes: 10, xml: 20, gentle: 70 };

/** Why this service refuses what a schema does not: rules of the contract beyond it. */
const BEYOND_THE_SCHEMA: readonly (readonly [message: RegExp, why: string, body?: RegExp])[] = [
  [/names an encoding other than UTF-8/, 'only UTF-8 is taken, and no declaration that says otherwise'],
  [/encoded as UTF-16|bytes that are not UTF-8/, 'only UTF-8 is taken'],
  [/byte order mark is there twice/, 'one byte order mark is enough'],
  [/processing instruction is not allowed/, 'SOAP 1.1 has no processing instructions'],
  [/document type declaration/, 'SOAP 1.1 has no document type'],
  [/^The message has more than/, 'limits on size'],
  [
    /: text stands in it|: the attribute .* expected namespace declarations/,
    'the frame holds elements only, and no foreign attributes',
  ],
  [/is all zeros|of an unset \.NET DateTime/, 'values of a program that forgot to set them'],
  [/it names a queue/, 'there is only the default queue'],
  [/SOAPAction does not agree/, 'SOAPAction names another operation'],
  [/mustUnderstand/, 'a header that must be understood and is not'],
  [
    /text stands between its child elements|something stands in it/,
    'an empty CDATA section where no text may stand: libxml2 takes it for text',
    /<!\[CDATA\[\]\]>/,
  ],
  [/has no operation for it/, 'a valid element that is no request of this service'],
];

interface Case {
  readonly name: string;
  readonly message: Message;
  readonly body: Uint8Array;
  readonly soapAction: string;
}

const files = readContractFiles();
const readers = new Map(SERVICES.map((service) => [service.name, makeRequestReader(files, service)]));

/** Why the service refuses the message for what it is; undefined when it takes it for a valid one. */
const readHere = ({ message, body, soapAction }: Case): Fejl | undefined =>
  readers.get(message.service.name)!.read(body, soapAction, (request) => {
    if (!request.ok) return request.fejl;
    const headers = request.value.headers();
    if (headers.fejl !== undefined) return headers.fejl;
    const sequence = request.value.sequence();
    if (!sequence.ok) return sequence.fejl;
    const read = request.value.body();
    return read.ok ? undefined : read.fejl;
  });

function cases(): Case[] {
  const corpus = makeCorpus();
  const examples = corpus.map((message) => ({
    name: message.name,
    message,
    body: Buffer.from(message.text),
    soapAction: `"${message.operation.soapAction}"`,
  }));
  const mutants = Array.from({ length: MUTATIONS }, (_, at) => {
    const { kinds, ...mutant } = mutantOf(FIRST + at, corpus, SORTS);
    return { ...mutant, name: `seed ${FIRST + at} (${mutant.message.name}: ${kinds.join(', ')})` };
  });
  return [...examples, ...mutants];
}

function main(): number {
  const versions = foreignVersions();
  const all = cases();
  const elsewhere = readElsewhere(
    all.map(({ body }) => body),
    tempDir(),
  );
  const wrong: string[] = [];
  const stricter = new Map<string, number>();
  const sum = { both: 0, neither: 0, stricter: 0 };
  for (const [at, one] of all.entries()) {
    const [here, there]: [Fejl | undefined, Foreign] = [readHere(one), elsewhere[at]];
    if (here === undefined && there === undefined) sum.both += 1;
    else if (here === undefined) wrong.push(`${one.name}: taken here, but there: ${there}`);
    else if (there !== undefined) sum.neither += 1;
    else {
      sum.stricter += 1;
      const text = Buffer.from(one.body).toString('utf8');
      const why = BEYOND_THE_SCHEMA.find(
        ([message, , body = /^/]) => message.test(here.message) && body.test(text),
      )?.[1];
      if (why === undefined) wrong.push(`${one.name}: taken there, but here: ${here.kode} ${here.message}`);
      else stricter.set(why, (stricter.get(why) ?? 0) + 1);
    }
  }
  console.log(`${versions}; ${all.length} messages, ${MUTATIONS} of them mutants from seed ${FIRST} on`);
  console.log(
    `taken by both ${sum.both}, refused by both ${sum.neither}, refused here alone ${sum.stricter}:`,
  );
  for (const [why, count] of [...stricter].sort((a, b) => b[1] - a[1])) console.log(`  ${count}  ${why}`);
  console.log(`taken here alone, or refused here for no known reason: ${wrong.length}`);
  for (const line of wrong.slice(0, 30)) console.log(`  ${line}`);
  if (wrong.length > 0) console.log('replay one with: make test-oracle SEED=… MUTATIONS=1');
  const { both, neither, stricter: alone } = sum;
  console.log(
    `      oracle: ${all.length} messages, ${MUTATIONS} of them mutants, read by ${versions} too; taken by both ${both}, ` +
      `refused by both ${neither}, refused here alone for a known reason ${alone}, otherwise ${wrong.length}, seed ${FIRST}`,
  );
  // An oracle that takes nothing would agree with everything.
  return wrong.length > 0 || sum.both < all.length / 20 || sum.neither < all.length / 20 ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
