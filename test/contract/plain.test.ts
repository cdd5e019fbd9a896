// The plain reader is held to the thorough one: what it reads is valid, and says the same. What it does not read it says
// nothing of, so that nothing else can go wrong.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readContractFiles } from '../../src/cli/contract-files.ts';
import { SERVICES } from '../../src/contract/names.ts';
import { makePlainReader } from '../../src/contract/plain/read.ts';
import { Templates } from '../../src/contract/plain/templates.ts';
import { makeThoroughReader } from '../../src/contract/request-reader.ts';
import { type Message, makeCorpus } from '../attack/corpus.ts';
import { mutantOf } from '../attack/mutants.ts';

const MUTANTS = Number(process.env.PENSION_TEST_MUTATIONS || 3_000);
const FIRST = Number(process.env.PENSION_TEST_SEED || 1);
/** Mostly changes that leave a message valid, for there the readers could differ. */
const SORTS = { http: 0, bytes: 10, xml: 25, gentle: 65 };

const dist = (module: string): URL => new URL(`../../dist/${module}.js`, import.meta.url);

const files = readContractFiles();
const plain = new Map(SERVICES.map((service) => [service.name, makePlainReader(files, service)]));
const thorough = new Map(SERVICES.map((service) => [service.name, makeThoroughReader(files, service)]));

const readPlainly = ({ service }: Message, body: Uint8Array, soapAction?: string) =>
  plain.get(service.name)!(body, soapAction);

/** Everything the thorough reader makes of a request, or why it refuses it. */
const readThoroughly = ({ service }: Message, body: Uint8Array, soapAction?: string) =>
  thorough.get(service.name)!.read(body, soapAction, (request) => {
    if (!request.ok) return { refused: request.fejl.message };
    const headers = request.value.headers();
    if (headers.fejl !== undefined) return { refused: headers.fejl.message };
    const sequence = request.value.sequence();
    if (!sequence.ok) return { refused: sequence.fejl.message };
    const payload = request.value.body();
    if (!payload.ok) return { refused: payload.fejl.message };
    return {
      operation: request.value.operation,
      ...headers,
      ...(sequence.value !== undefined && { sequenceRequest: { Identifier: sequence.value } }),
      request: payload.value,
    };
  });

/** Says whether it was read plainly. */
function holdsTogether(
  message: Message,
  body: Uint8Array,
  soapAction: string | undefined,
  what: string,
): boolean {
  const read = readPlainly(message, body, soapAction);
  if (read === undefined) return false;
  const other = readThoroughly(message, body, soapAction);
  expect(read, what).to.deep.equal(other);
  // The order of names is kept in the store.
  expect(JSON.stringify(read.requestUserMetadata), what).to.equal(
    'requestUserMetadata' in other ? JSON.stringify(other.requestUserMetadata) : '',
  );
  return true;
}

describe('the plain reader', () => {
  const corpus = makeCorpus();

  it('reads a plain message of every operation', () => {
    const ours = corpus.filter(({ name }) => name.startsWith('plain '));
    const unread = ours.filter(
      (message) => !holdsTogether(message, Buffer.from(message.text), '""', message.name),
    );
    expect(unread.map(({ name }) => name)).to.deep.equal([]);
    expect(new Set(ours.map(({ operation }) => operation.name)).size).to.equal(6);
  });

  it('reads nothing that is refused, and nothing else than is meant, of the examples and the invalid messages', () => {
    for (const message of corpus) holdsTogether(message, Buffer.from(message.text), undefined, message.name);
    for (const folder of ['invalid', 'attack']) {
      const url = new URL(`../../fixtures/${folder}/`, import.meta.url);
      for (const name of readdirSync(url).filter((file) => file.endsWith('.xml'))) {
        const body = readFileSync(new URL(name, url));
        for (const service of SERVICES) holdsTogether({ ...corpus[0]!, service }, body, undefined, name);
      }
    }
  });

  it(`neither of ${MUTANTS} mutants`, () => {
    let read = 0;
    for (let seed = FIRST; seed < FIRST + MUTANTS; seed += 1) {
      const { message, body, soapAction, kinds } = mutantOf(seed, corpus, SORTS);
      const what = `PENSION_TEST_SEED=${seed} PENSION_TEST_MUTATIONS=1: ${message.name}, ${kinds.join(', ')}`;
      if (holdsTogether(message, body, soapAction, what)) read += 1;
    }
    expect(read).to.be.above(MUTANTS / 20);
  });

  const save = corpus.find(({ name }) => name === 'plain save')!;
  /** Ways to write a message that mean something else, or something that the real parser must say. */
  const WRITTEN: readonly (readonly [what: string, change: (text: string) => string])[] = [
    [
      'a prefix that nothing declares',
      (text) => text.replace('<s:Body>', '<t:Body>').replace('</s:Body>', '</t:Body>'),
    ],
    ['a prefix declared twice', (text) => text.replace('<s:Body', '<s:Body xmlns:a="urn:a" xmlns:a="urn:b"')],
    ['a prefix undeclared', (text) => text.replace('<s:Body', '<s:Body xmlns:s=""')],
    ['the prefix xml bound anew', (text) => text.replace('<s:Body', '<s:Body xmlns:xml="urn:a"')],
    [
      'the namespace of xmlns',
      (text) => text.replace('<s:Body', '<s:Body xmlns:a="http://www.w3.org/2000/xmlns/"'),
    ],
    ['a namespace that is none', (text) => text.replace('<s:Body', '<s:Body xmlns:a="urn:%%"')],
    ['an end tag of another element', (text) => text.replace('</Personnummer>', '</Personnumme>')],
    ['an end tag that goes on', (text) => text.replace('</Personnummer>', '</Personnummer x="1">')],
    ['an end of CDATA in a text', (text) => text.replace('prøvesystem', ']]>')],
    ['an entity that nobody has declared', (text) => text.replace('prøvesystem', '&uuml;')],
    ['an entity that JavaScript has declared', (text) => text.replace('prøvesystem', '&constructor;')],
    ['another one', (text) => text.replace('prøvesystem', '&__proto__;')],
    ['an ampersand by itself', (text) => text.replace('prøvesystem', 'A & B')],
    ['a control character', (text) => text.replace('prøvesystem', '\u0001')],
    ['a character that is none', (text) => text.replace('prøvesystem', '\uFFFE')],
    ['text behind the envelope', (text) => `${text}.`],
    ['text between elements', (text) => text.replace('<s:Body>', '<s:Body>.')],
    ['a second envelope', (text) => text + text.replace(/^<\?xml[^>]*>/, '')],
    ['a declaration in the middle', (text) => ` ${text}`],
    ['quotes of two kinds', (text) => text.replace('version="1.0"', `version="1.0'`)],
    ['another encoding', (text) => text.replace('utf-8', 'iso-8859-1')],
    ['30 February', (text) => text.replace('2026-01-01', '2026-02-30')],
    ['29 February of no leap year', (text) => text.replace('2026-01-01', '1900-02-29')],
    ['the year 0', (text) => text.replace('2026-01-01', '0000-01-01')],
    ['an unset date', (text) => text.replace('2026-01-01', '0001-01-01')],
    ['a zone of 15 hours', (text) => text.replace('2026-01-01', '2026-01-01+15:00')],
    ['hour 25', (text) => text.replace('T15:', 'T25:')],
    ['a type that is no number', (text) => text.replace('>50</Org', '>5O</Org')],
    ['a type below the least', (text) => text.replace('>50</Org', '>0</Org')],
    [
      'a name without characters',
      (text) => text.replace(/<UserFullName>.*<\/UserFullName>/, '<UserFullName></UserFullName>'),
    ],
    ['a name that is too long', (text) => text.replace('prøvesystem', 'ø'.repeat(141))],
    [
      'the header twice',
      (text) => text.replace(/(<ActiveOrganisationHeader.*<\/ActiveOrganisationHeader>)/, '$1$1'),
    ],
    ['no header', (text) => text.replace(/<ActiveOrganisationHeader.*<\/ActiveOrganisationHeader>/, '')],
    ['an attribute', (text) => text.replace('<Personnummer>', '<Personnummer a="1">')],
  ];
  for (const [what, change] of WRITTEN) {
    it(`leaves ${what} to the thorough reader, which refuses it`, () => {
      const text = change(save.text);
      expect(text).to.not.equal(save.text);
      expect(readPlainly(save, Buffer.from(text), '""')).to.equal(undefined);
      expect(readThoroughly(save, Buffer.from(text), '""')).to.have.property('refused');
    });
  }

  it('reads a message that is laid out like one before it by its own values', () => {
    const named = (name: string): string => save.text.replace('prøvesystem', name);
    for (const name of ['A', 'B &amp; C', 'prøvesystem', '&lt;D/&gt;', 'prøvesystem'])
      expect(holdsTogether(save, Buffer.from(named(name)), '""', name), name).to.equal(true);
    for (const name of ['A & B', '\u0001', '&uuml;', '&toString;', '<!-- -->A'])
      expect(readPlainly(save, Buffer.from(named(name)), '""'), name).to.equal(undefined);
    expect(holdsTogether(save, Buffer.from(save.text), '""', 'as before')).to.equal(true);
  });

  it('reads nothing of a message that ends before, or goes on behind, the one that it is laid out like', () => {
    expect(holdsTogether(save, Buffer.from(save.text), '""', 'the whole')).to.equal(true);
    for (let length = 0; length < save.text.length; length += 1)
      expect(readPlainly(save, Buffer.from(save.text.slice(0, length)), '""'), `${length}`).to.equal(
        undefined,
      );
    for (const more of ['<a/>', 'A', '<', '</s:Envelope>'])
      expect(readPlainly(save, Buffer.from(save.text + more), '""'), more).to.equal(undefined);
  });

  it('reads messages laid out in new ways and in those before alike, however many there were', () => {
    const withPrefix = (prefix: string): string =>
      save.text.replaceAll(/(<\/?)s:/g, `$1${prefix}:`).replaceAll('xmlns:s=', `xmlns:${prefix}=`);
    const bothWays = (at: number): void => {
      const text = withPrefix(`p${at}`);
      expect(holdsTogether(save, Buffer.from(text), '""', text), text).to.equal(true);
      const undeclared = text.replace(`xmlns:p${at}=`, `xmlns:q${at}=`);
      expect(readPlainly(save, Buffer.from(undeclared), '""'), undeclared).to.equal(undefined);
    };
    for (let at = 0; at < 800; at += 1) bothWays(at); // more than are remembered
    for (let at = 799; at >= 0; at -= 1) bothWays(at);
  });

  it('reads a message that another one goes on behind', () => {
    const longer = `${save.text}\n`;
    for (const text of [save.text, longer, save.text, longer])
      expect(holdsTogether(save, Buffer.from(text), '""', JSON.stringify(text)), text).to.equal(true);
  });

  describe('remembers how texts were laid out', () => {
    const templates = (): {
      learn(text: string): void;
      values(text: string): readonly string[] | undefined;
    } => {
      const all = new Templates<string>();
      return {
        learn: (text) => all.learn(text, [...text.matchAll(/>(\w+)</g)].map(spanOf), 'it'),
        values: (text) => all.find(text)?.values,
      };
    };
    const spanOf = ({ index, 1: value = '' }: RegExpExecArray) => ({
      start: index + 1,
      end: index + 1 + value.length,
    });

    it('also where one begins with all of another', () => {
      const { learn, values } = templates();
      for (const text of ['<a>one</a>', '<a>one</a> ', '<a>one</a><b>two</b>']) learn(text);
      expect(values('<a>1</a>')).to.deep.equal(['1']);
      expect(values('<a>1</a> ')).to.deep.equal(['1']);
      expect(values('<a>1</a><b>2</b>')).to.deep.equal(['1', '2']);
      expect(values('<a>1</a><b>2</b> ')).to.equal(undefined);
    });

    it('but not of too many, nor too many ways to go on', () => {
      const { learn, values } = templates();
      const ended = (at: number): string => `<a>one</a>${' '.repeat(at)}`;
      for (let at = 0; at < 20; at += 1) learn(ended(at));
      expect([0, 3, 4, 19].map((at) => values(ended(at))?.length)).to.deep.equal([
        undefined,
        undefined,
        1,
        1,
      ]);
      for (let at = 0; at < 256; at += 1) learn(`<a${at}>one</a${at}>`);
      expect(values(ended(19))).to.equal(undefined);
      expect(values('<a255>1</a255>')).to.deep.equal(['1']);
    });
  });

  it('keeps no message in memory, be it good or not', () => {
    const script = `
      import { getHeapSnapshot } from 'node:v8';
      import { readContractFiles } from '${dist('cli/contract-files')}';
      import { SERVICES } from '${dist('contract/names')}';
      import { makePlainReader } from '${dist('contract/plain/read')}';
      const [service] = SERVICES.filter(({ name }) => name === '${save.service.name}');
      const read = makePlainReader(readContractFiles(), service);
      const [body] = process.argv.slice(1);
      let count = 0;
      for (let at = 0; at < 50; at += 1) {
        const mark = (text) => text.replace('prøvesystem', 'marked' + at).replace('<s:Body', ' '.repeat(at) + '<s:Body');
        if (read(Buffer.from(mark(body)), '""') !== undefined) count += 1;
        read(Buffer.from(mark(body).replace('>50</Org', '>5O</Org')), '""');
      }
      gc();
      let kept = '';
      for await (const chunk of getHeapSnapshot()) kept += chunk;
      console.log(count, (kept.match(/marked[0-9]/g) ?? []).length);`;
    const { stdout, stderr } = spawnSync(process.execPath, [
      ...['--expose-gc', '--input-type=module', '--eval', script, save.text],
    ]);
    // V8 itself remembers what it looked through last.
    expect(`${stdout}${stderr}`).to.match(/^50 [0-3]\n/);
  });

  it('leaves a value that begins with a byte order mark to the thorough reader', () => {
    const text = save.text.replace(/<UserFullName>/, '$&\uFEFF');
    expect(readPlainly(save, Buffer.from(text), '""')).to.equal(undefined);
  });

  it('leaves bytes that are not UTF-8, and a long message, to the thorough reader', () => {
    const bytes = Buffer.from(save.text.replace('prøvesystem', 'pr?vesystem'));
    bytes[bytes.indexOf('pr?v') + 2] = 0xf8;
    expect(readPlainly(save, bytes, '""')).to.equal(undefined);
    expect(readPlainly(save, Buffer.from(save.text + ' '.repeat(10_000)), '""')).to.equal(undefined);
  });
});
