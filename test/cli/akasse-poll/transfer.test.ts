// A poll call by call: in which order, what it does when something is wrong, and that nothing leaves the queue before
// it is kept.

import { expect } from 'chai';
import { faultAnswer } from '../../support/faulty-server.ts';
import {
  type SeenCall,
  startWsrmServer,
  type WsrmFate,
  type WsrmOperation,
  WsrmQueue,
  type WsrmServer,
} from '../../support/wsrm-server.ts';
import { AT_ONCE, clientOf, identifiers, pollOnce, registrations } from './beskeder.ts';

const GONE = '5e900000-0000-4000-8000-00000000dead';
const HTML: WsrmFate = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html></html>' };
const VALID_PAGE: WsrmFate = {
  status: 200,
  headers: { 'Content-Type': 'text/xml' },
  body: '<a xmlns="urn:a">nothing</a>',
};

describe('a transfer', () => {
  const servers: WsrmServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  const start = async (
    count: number,
    decide?: (call: SeenCall) => WsrmFate | Promise<WsrmFate>,
    most?: number,
  ): Promise<WsrmServer> => {
    const server = await startWsrmServer(new WsrmQueue(registrations(count), most), decide);
    servers.push(server);
    return server;
  };
  /** That fate for the calls of an operation, at most so often. */
  const when =
    (operation: WsrmOperation, fate: WsrmFate, times = 1) =>
    (call: SeenCall): WsrmFate =>
      call.operation === operation && times-- > 0 ? fate : 'answered';
  const steps = (server: WsrmServer): string[] =>
    server.calls.map(({ operation }) => operation.replace(/Sequence|TidligPensionVersion1/, ''));

  it('opens a sequence, fetches, keeps, terminates, and goes on until nothing is waiting', async () => {
    const server = await start(5, undefined, 2);
    const { result, kept } = await pollOnce(server.url);
    const one = ['Create', 'Get', 'Terminate'];
    expect(steps(server)).to.deep.equal([...one, ...one, ...one, 'Create']);
    expect(kept.map((beskeder) => beskeder.length)).to.deep.equal([2, 2, 1]);
    expect(kept.flat().map(({ messageIdentifier }) => messageIdentifier)).to.deep.equal(identifiers(5));
    expect(result).to.deep.equal({ ending: { kind: 'emptied' }, sequences: 3, fetched: 5 });
    expect(server.queue.waiting).to.deep.equal([]);
  });

  it('names the sequence in a third header, after the two of every call', async () => {
    const server = await start(1);
    await pollOnce(server.url);
    const get = server.calls.find(({ operation }) => operation === 'GetTidligPensionVersion1')!;
    expect(get.body).to.match(
      /Header><RequestUserMetadataHeader .*<ActiveOrganisationHeader .*<\/ActiveOrganisationHeader><SequenceRequest xmlns="[^"]+"><Identifier>5e900000-0000-4000-8000-000000000001</,
    );
    const create = server.calls.find(({ operation }) => operation === 'CreateSequence')!;
    expect(create.body).not.to.contain('SequenceRequest');
  });

  it('gives a besked with both blocks, with one, and with none', async () => {
    const server = await start(6);
    const { kept } = await pollOnce(server.url);
    const [first, , , , fifth, sixth] = kept.flat();
    const common = { eventDate: '2026-02-03T14:05:06.789+01:00' };
    expect(first).to.deep.equal({
      messageIdentifier: '0190a1b2-0000-7000-8000-000000000000',
      registrationType: 'Create',
      ...common,
      personnummer: '2902620000',
      tidligPensionIdentifier: '5f1d0c30-0001-4000-8000-000000000000',
      overgangTilTidligPension: {
        tidligPensionOvergangsdato: '2026-01-01',
        tidligPensionAfgoerelsesdato: '2025-11-20',
        tidligPensionOphoersdato: '2026-12-31',
      },
    });
    expect(fifth).to.have.property('overgangTilTidligPension');
    expect(fifth!.kompensationsudbetaling).to.deep.equal({ kompensationsafgoerelsesdato: '2025-11-21' });
    expect(sixth).to.deep.equal({
      messageIdentifier: '0190a1b2-0000-7000-8000-000000000005',
      registrationType: 'Update',
      ...common,
      personnummer: '2902620005',
      tidligPensionIdentifier: '5f1d0c30-0001-4000-8000-000000000005',
    });
  });

  it('terminates only when what came is kept', async () => {
    const server = await start(2);
    let terminatedBefore = true;
    const keep = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      terminatedBefore = steps(server).includes('Terminate');
    };
    await pollOnce(server.url, { keep });
    expect(terminatedBefore).to.equal(false);
    expect(steps(server)).to.include('Terminate');
  });

  it('closes the sequence when what came cannot be kept, and gives the error back', async () => {
    const server = await start(2);
    const error = new Error('no room');
    const { result } = await pollOnce(server.url, { keep: () => Promise.reject(error) });
    expect(result).to.deep.equal({
      ending: { kind: 'failed', failure: { kind: 'not-kept', error } },
      sequences: 0,
      fetched: 0,
    });
    expect(steps(server)).to.deep.equal(['Create', 'Get', 'Close']);
    expect(server.queue.waiting).to.have.length(2);
  });

  const lost: readonly WsrmFate[] = ['request lost', 'answer lost', 'answer cut', 'doubled', VALID_PAGE];
  for (const operation of ['CreateSequence', 'GetTidligPensionVersion1', 'TerminateSequence'] as const) {
    for (const fate of lost) {
      const name = typeof fate === 'string' ? fate : 'a page that is no answer';
      it(`gets everything kept and off the queue although a ${operation} meets: ${name}`, async () => {
        const server = await start(3, when(operation, fate));
        const { result, kept } = await pollOnce(server.url);
        expect(result.ending).to.deep.equal({ kind: 'emptied' });
        const came = new Set(kept.flat().map(({ messageIdentifier }) => messageIdentifier));
        expect([...came]).to.deep.equal(identifiers(3));
        expect(server.queue.waiting).to.deep.equal([]);
        expect(server.queue.open).to.equal(undefined);
      });
    }
  }

  it('is not repeated when only the answer to Terminate was lost', async () => {
    const server = await start(3, when('TerminateSequence', 'answer lost'));
    const { result } = await pollOnce(server.url);
    expect(steps(server)).to.deep.equal(['Create', 'Get', 'Terminate', 'Terminate', 'Create']);
    expect(result).to.include({ sequences: 1, fetched: 3 });
  });

  it('closes the sequence that a refused CreateSequence names, and opens its own', async () => {
    const server = await start(3);
    server.queue.create();
    const { result } = await pollOnce(server.url);
    expect(steps(server)).to.deep.equal(['Create', 'Close', 'Create', 'Get', 'Terminate', 'Create']);
    expect(server.calls[1]!.identifier).to.equal('5e900000-0000-4000-8000-000000000001');
    expect(result.ending.kind).to.equal('emptied');
  });

  it('goes on when the sequence that is named is over already', async () => {
    const busy = faultAnswer(1014, `Sequence ${GONE} is open.`);
    const server = await start(1, when('CreateSequence', busy));
    const { result } = await pollOnce(server.url);
    expect(steps(server).slice(0, 3)).to.deep.equal(['Create', 'Close', 'Create']);
    expect(result.ending.kind).to.equal('emptied');
  });

  it('gives up when another sequence is open every time', async () => {
    const busy = faultAnswer(1014, `Sequence ${GONE} is open.`);
    const server = await start(1, when('CreateSequence', busy, Number.POSITIVE_INFINITY));
    const { result } = await pollOnce(server.url);
    expect(result.ending).to.have.nested.property('failure.kind', 'contention');
    expect(server.calls).to.have.length(10);
  });

  for (const operation of ['GetTidligPensionVersion1', 'TerminateSequence'] as const) {
    it(`goes on with a new sequence when somebody else has ended this one before ${operation}`, async () => {
      const server = await start(3, (call) => {
        if (call.operation === operation && call.number < 4) server.queue.end(call.identifier!, 'closed');
        return 'answered';
      });
      const { result, kept } = await pollOnce(server.url);
      expect(result.ending).to.deep.equal({ kind: 'emptied' });
      expect(result.sequences).to.equal(1);
      expect(kept.at(-1)).to.have.length(3);
      expect(server.queue.waiting).to.deep.equal([]);
    });

    it(`gives up when that happens before every ${operation}`, async () => {
      const server = await start(3, (call) => {
        if (call.operation === operation) server.queue.end(call.identifier!, 'closed');
        return 'answered';
      });
      const { result } = await pollOnce(server.url);
      expect(result.ending).to.have.nested.property('failure.kind', 'contention');
      expect(server.calls.filter((call) => call.operation === operation)).to.have.length(5);
      expect(server.queue.waiting).to.have.length(3);
    });
  }

  it('goes on as long as some of its sequences come to their end', async () => {
    let gets = 0;
    const server = await start(
      6,
      (call) => {
        if (call.operation !== 'GetTidligPensionVersion1') return 'answered';
        gets += 1;
        if (gets % 3 !== 0) server.queue.end(call.identifier!, 'closed');
        return 'answered';
      },
      1,
    );
    const { result } = await pollOnce(server.url);
    expect(result).to.deep.equal({ ending: { kind: 'emptied' }, sequences: 6, fetched: 6 });
  });

  const odd: Readonly<Record<string, readonly [WsrmOperation, (answer: string) => string, RegExp]>> = {
    'fewer beskeder than the inventory says': [
      'GetTidligPensionVersion1',
      (answer) => answer.replace(/<TidligPensionRegistration>.*?<\/TidligPensionRegistration>/s, ''),
      /the inventory says 3 beskeder, and 2 came/,
    ],
    'no beskeder at all': [
      'GetTidligPensionVersion1',
      (answer) => answer.replace(/<TidligPensionRegistration>.*<\/TidligPensionRegistration>/s, ''),
      /the inventory says 3 beskeder, and 0 came/,
    ],
    'an operation that we do not know': [
      'CreateSequence',
      (answer) => answer.replace('GetTidligPensionVersion1', 'GetTidligPensionVersion2'),
      /beskeder for GetTidligPensionVersion2, which this program does not know/,
    ],
    'the operation twice': [
      'CreateSequence',
      (answer) => answer.replace(/<ServiceItem>.*<\/ServiceItem>/s, '$&$&'),
      /GetTidligPensionVersion1 more than once/,
    ],
    'an operation without beskeder': [
      'CreateSequence',
      (answer) => answer.replace('<MessageCount>3<', '<MessageCount>0<'),
      /an operation without beskeder/,
    ],
  };
  for (const [what, [operation, change, reason]] of Object.entries(odd)) {
    it(`closes the sequence and keeps nothing for ${what}`, async () => {
      const server = await start(3, when(operation, change));
      const { result, kept } = await pollOnce(server.url);
      expect(result.ending).to.have.nested.property('failure.kind', 'disagreement');
      expect(result.ending).to.have.nested.property('failure.reason').that.matches(reason);
      expect(kept).to.deep.equal([]);
      expect(steps(server).at(-1)).to.equal('Close');
      expect(server.queue.open).to.equal(undefined);
      expect(server.queue.waiting).to.have.length(3);
    });
  }

  const unbelievable: Readonly<Record<string, readonly [WsrmOperation, (answer: string) => string, RegExp]>> =
    {
      'of another sequence': [
        'GetTidligPensionVersion1',
        (answer) => answer.replace('5e900000-', '5e900001-'),
        /not of the sequence that was asked for/,
      ],
      'of no sequence': [
        'GetTidligPensionVersion1',
        (answer) => answer.replace(/<s:Header>.*<\/s:Header>/s, ''),
        /not of the sequence that was asked for/,
      ],
      'with a besked twice': [
        'GetTidligPensionVersion1',
        (answer) => answer.replace('-000000000001</MessageI', '-000000000000</MessageI'),
        /a MessageIdentifier stands in it twice/,
      ],
      'with a Delete': [
        'GetTidligPensionVersion1',
        (answer) => answer.replace('>Create<', '>Delete<'),
        /neither Create nor Update/,
      ],
      'that breaks the schema': [
        'GetTidligPensionVersion1',
        (answer) => answer.replace('2902620001', '290262-0001'),
        /not valid by the contract/,
      ],
      'of another operation': [
        'TerminateSequence',
        (answer) => answer.replaceAll('TerminateSequenceResponse', 'CloseSequenceResponse'),
        /it holds no TerminateSequenceResponse/,
      ],
      'about another sequence': [
        'TerminateSequence',
        (answer) => answer.replace('5e900000-', '5e900001-'),
        /about another sequence/,
      ],
    };
  for (const [what, [operation, change, reason]] of Object.entries(unbelievable)) {
    it(`takes an answer ${what} for none: asks again, and closes when it stays so`, async () => {
      const once = await start(3, when(operation, change));
      expect((await pollOnce(once.url)).result).to.include({ fetched: 3, sequences: 1 });

      const always = await start(3, when(operation, change, Number.POSITIVE_INFINITY));
      const { result } = await pollOnce(always.url);
      expect(result.ending).to.have.nested.property('failure.kind', 'unavailable');
      expect(result.ending).to.have.nested.property('failure.failure.reason').that.matches(reason);
      expect(always.calls.filter((call) => call.operation === operation)).to.have.length(6);
      expect(steps(always).at(-1)).to.equal('Close');
    });
  }

  for (const kode of [1012, 1013, 1101, 4413, 8173, 8174, 8232, 8233, 8234, 8235, 1014] as const) {
    it(`ends at once when CreateSequence is refused with ${kode}`, async () => {
      const server = await start(1, when('CreateSequence', faultAnswer(kode, 'It is refused.'), 9));
      const { result } = await pollOnce(server.url);
      expect(result.ending).to.have.nested.property('failure.kind', 'refused');
      expect(result.ending).to.have.nested.property('failure.failure.fejlkode', kode);
      expect(steps(server)).to.deep.equal(['Create']);
    });
  }

  it('ends at once where no such service is', async () => {
    const server = await start(1, when('CreateSequence', { status: 404, body: 'not here' }, 9));
    const { result } = await pollOnce(server.url);
    expect(result.ending).to.have.nested.property('failure.kind', 'refused');
    expect(server.calls).to.have.length(1);
  });

  it('closes the sequence at a page where an answer should be, which may be a proxy', async () => {
    const server = await start(3, when('GetTidligPensionVersion1', HTML, 9));
    const { result } = await pollOnce(server.url);
    expect(result.ending).to.have.nested.property('failure.kind', 'unavailable');
    expect(steps(server)).to.deep.equal(['Create', 'Get', 'Close']);
  });

  it('waits as told between attempts: as the delays say, or as long as the service asks, up to the longest', async () => {
    const waits: number[] = [];
    const delays = {
      ...AT_ONCE,
      retries: [100, 100, 100, 100],
      longest: 9_000,
      sleep: async (milliseconds: number): Promise<void> => void waits.push(milliseconds),
    };
    const answers: WsrmFate[] = [
      faultAnswer(1011, 'Try again later.'),
      { status: 503, headers: { 'Retry-After': '3' }, body: 'busy' },
      { status: 429, headers: { 'Retry-After': '3600' }, body: 'busy' },
      'request lost',
    ];
    const server = await start(0, () => answers.shift() ?? 'answered');
    expect((await pollOnce(server.url, { delays })).result.ending.kind).to.equal('emptied');
    expect(waits).to.have.length(4);
    expect(waits[0]).to.be.within(50, 150);
    expect(waits.slice(1, 3)).to.deep.equal([3_000, 9_000]);
    expect(waits[3]).to.be.within(50, 150);
  });

  for (const operation of ['CreateSequence', 'GetTidligPensionVersion1', 'TerminateSequence'] as const) {
    it(`leaves no sequence open when it is interrupted during ${operation}`, async () => {
      const stop = new AbortController();
      const server = await start(3, (call) => {
        if (call.operation === operation) stop.abort();
        return 'answered';
      });
      const { result, kept } = await pollOnce(server.url, { signal: stop.signal });
      expect(result.ending).to.deep.equal({ kind: 'interrupted' });
      expect(server.queue.open).to.equal(undefined);
      const isDone = operation === 'TerminateSequence';
      expect(server.queue.waiting, 'what was kept is off the queue').to.have.length(isDone ? 0 : 3);
      expect(kept.flat()).to.have.length(isDone ? 3 : 0);
      const next = {
        CreateSequence: 'Close',
        GetTidligPensionVersion1: 'Close',
        TerminateSequence: 'Terminate',
      };
      expect(steps(server).at(-1)).to.equal(next[operation]);
      expect(steps(server).length, 'nothing more is begun').to.equal(operation === 'CreateSequence' ? 2 : 3);
    });
  }

  it('opens none when it is interrupted while it closes another', async () => {
    const stop = new AbortController();
    const server = await start(3, ({ operation }) => {
      if (operation === 'CloseSequence') stop.abort();
      return 'answered';
    });
    server.queue.create();
    const { result } = await pollOnce(server.url, { signal: stop.signal });
    expect(result.ending).to.deep.equal({ kind: 'interrupted' });
    expect(steps(server)).to.deep.equal(['Create', 'Close']);
  });

  it('does not try again when it is interrupted while it waits', async () => {
    const stop = new AbortController();
    const delays = { ...AT_ONCE, sleep: async (): Promise<void> => stop.abort() };
    const server = await start(3, () => 'request lost');
    const { result } = await pollOnce(server.url, { signal: stop.signal, delays });
    expect(result.ending).to.deep.equal({ kind: 'interrupted' });
    expect(server.calls).to.have.length(1);
  });

  it('waits no longer when it is interrupted between attempts', async () => {
    const stop = new AbortController();
    const server = await start(3, () => {
      stop.abort();
      return 'request lost';
    });
    const { result } = await pollOnce(server.url, { signal: stop.signal });
    expect(result.ending).to.deep.equal({ kind: 'interrupted' });
    expect(server.calls).to.have.length(1);
  });

  it('calls nothing when it is interrupted before', async () => {
    const server = await start(3);
    await pollOnce(server.url, { signal: AbortSignal.abort() });
    expect(server.calls).to.deep.equal([]);
  });

  it('has a client that refuses settings it cannot use', async () => {
    const organisation = { type: 2, code: '22' };
    const problem = (options: object): Promise<string> =>
      clientProblem({ url: 'https://127.0.0.1:1', organisation, ...options });
    expect(await problem({ url: 'ftp://x' })).to.match(/scheme, host and port/);
    expect(await problem({ url: 'https://x/path' })).to.match(/scheme, host and port/);
    expect(await problem({})).to.match(/cert, key and ca are needed/);
    expect(await problem({ cert: 'x', key: 'y', ca: 'z' })).to.match(/cannot be used/);
    (await clientOf('http://127.0.0.1:1')).disconnect();
  });
});

async function clientProblem(options: object): Promise<string> {
  const { makeAkasseClient } = await import('../../../src/cli/akasse-poll/library.ts');
  return makeAkasseClient(options as Parameters<typeof makeAkasseClient>[0]).then(
    () => 'none',
    (error: Error) => error.message,
  );
}
