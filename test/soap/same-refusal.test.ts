// A refusal says nothing of the citizen: 4575 is the same answer, after the same work, whoever the citizen is. What can
// be told by a clock is looked at by `make test-timing`. Nor does one say anything of the sequences of another a-kasse.

import path from 'node:path';
import { expect } from 'chai';
import { demoBorgere } from '../../src/cli/world/demo-borgere.ts';
import type { Medlemskab } from '../../src/domain/medlemskab.ts';
import { get } from '../../src/store/sqlite/get.ts';
import type { Statements } from '../../src/store/sqlite/statements.ts';
import { pension, worldEnv } from '../support/cli.ts';
import { akasse, getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { newStore } from '../support/new-store.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import { type RawAnswer, send } from '../support/raw-client.ts';
import { demoWorld, startTestService, type TestService } from '../support/service.ts';
import { getQuery, somAkasse } from '../support/store-fixtures.ts';
import { transfersOf } from '../support/transfer.ts';

/** Citizens whom a-kasse 11 may not read, each for a reason of its own; some are reported, some many times. */
const STRANGERS: readonly {
  readonly personnummer: string;
  readonly what: string;
  readonly forloeb: number;
}[] = [
  { personnummer: '2902610999', what: 'of whom nothing is known', forloeb: 0 },
  { personnummer: '2902610998', what: 'with forløb and no membership', forloeb: 1 },
  { personnummer: '2902610997', what: 'with many forløb and no membership', forloeb: 20 },
  { personnummer: demoBorgere.medlem22.personnummer, what: 'in another a-kasse', forloeb: 0 },
  { personnummer: demoBorgere.medlem67.personnummer, what: 'in another a-kasse, with forløb', forloeb: 3 },
  {
    personnummer: demoBorgere.fusioneret.personnummer,
    what: 'in an a-kasse that was taken over',
    forloeb: 0,
  },
  { personnummer: demoBorgere.flyttet.personnummer, what: 'who moved away from 11', forloeb: 2 },
  { personnummer: demoBorgere.tidligereOver42.personnummer, what: 'who left 11 too long ago', forloeb: 0 },
  {
    personnummer: demoBorgere.tilbagekaldt.personnummer,
    what: 'with a recalled membership of 11',
    forloeb: 1,
  },
  { personnummer: demoBorgere.fremtidig.personnummer, what: 'who joins another a-kasse later', forloeb: 0 },
];

/** Everything that came over the wire but the time and what names the call. */
function wireOf({ status, headers, body }: RawAnswer): string {
  const { date, 'x-correlation-id': correlationId, ...rest } = headers;
  expect(body).to.include(`<Source>${correlationId}</Source>`);
  return JSON.stringify({ status, rest, body: body.replaceAll(String(correlationId), 'SOURCE') });
}

describe('the refusal 4575', () => {
  let service: TestService;
  let known: RawAnswer;

  before(async () => {
    const world = await demoWorld();
    const env = { ...worldEnv(world), PENSION_STORE: await newStore() };
    const imported = await pension(['import', 'medlemskaber', path.join(world, 'medlemskaber.csv')], { env });
    expect(imported, imported.stderr).to.have.property('code', 0);
    service = await startTestService({ PENSION_STORE: env.PENSION_STORE });
    for (const { personnummer, forloeb } of STRANGERS) {
      for (let n = 0; n < forloeb; n += 1) {
        const body = saveEnvelope({
          Personnummer: personnummer,
          Kompensationsudbetaling: { Kompensationsafgoerelsesdato: '2026-01-01' },
        });
        expect((await send(service, { body })).status).to.equal(200);
      }
    }
    known = await ask(STRANGERS[0]!.personnummer);
  });
  after(() => service.stop());

  const ask = (personnummer: string): Promise<RawAnswer> =>
    send(service, { caller: 'akasse-11', body: getEnvelope(personnummer, akasse('11')) });

  it('is what these citizens get', () => {
    expect(known.body).to.include('<ErrorCode>4575</ErrorCode>');
  });

  for (const { personnummer, what, forloeb } of STRANGERS) {
    it(`is byte for byte the same for a citizen ${what} (${forloeb} forløb)`, async () => {
      expect(wireOf(await ask(personnummer))).to.equal(wireOf(known));
    });
  }
});

describe('the work behind a 4575', () => {
  /** Carries out a Get by a-kasse 11 on statements that only note that they were asked. */
  function workFor(medlemskaber: readonly Partial<Medlemskab>[], forloeb: number): string[] {
    const asked: string[] = [];
    const answers: Readonly<Record<string, unknown>> = {
      medlemskab: medlemskaber,
      forloeb: Array(forloeb).fill({}),
    };
    const statements = new Proxy(
      {},
      {
        get: (_, about: string) =>
          new Proxy(
            {},
            {
              get: (_, name: string) => () => {
                asked.push(`${about}.${name}`);
                return answers[about];
              },
            },
          ),
      },
    );
    const result = get(statements as Statements, getQuery('2902610001' as never, somAkasse('11')));
    expect(result).to.have.nested.property('fejl.kode', 4575);
    return asked;
  }

  it('is the same questions to the store, whatever there is', () => {
    const elsewhere = { akasse: '22', start: '2020-01-01', tilbagekaldt: false } as Medlemskab;
    const recalled = { akasse: '11', start: '2021-01-01', tilbagekaldt: true } as Medlemskab;
    const nothing = workFor([], 0);
    expect(nothing).to.include('medlemskab.ofBorger');
    for (const medlemskaber of [[], [elsewhere], [recalled], [recalled, elsewhere]]) {
      for (const forloeb of [0, 1, 20]) expect(workFor(medlemskaber, forloeb)).to.deep.equal(nothing);
    }
  });
});

describe('the refusal of a sequence that is not one of the caller', () => {
  it('is byte for byte the same whether another a-kasse has it open, has ended it, or it never was', async () => {
    const service = await startQueueService();
    try {
      const other = transfersOf(service, '22');
      const sequences: string[] = ['0aa7c1e5-91b4-4d36-b2c8-5e6f7a8b9c0d', (await other.create()).identifier];
      await saveOne(service, member('22', 1));
      for (const end of ['close', 'terminate', undefined] as const) {
        const { identifier } = await other.create();
        sequences.push(identifier);
        if (end !== undefined) await other[end](identifier);
        if (end === 'terminate') await saveOne(service, member('22', 2));
      }
      const own = transfersOf(service, '11');
      for (const call of ['fetch', 'terminate', 'close'] as const) {
        const bodies = new Set<string>();
        for (const identifier of sequences) {
          const { body, fault } = await own[call](identifier);
          expect(fault?.errorCode, `${call} ${identifier}`).to.equal(1014);
          bodies.add(body.replaceAll(identifier, '(sequence)').replace(fault!.source, '(id)'));
        }
        expect([...bodies], call).to.have.length(1);
      }
    } finally {
      await service.stop();
    }
  });
});
