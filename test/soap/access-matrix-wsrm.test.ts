// The access matrix of the queue over the real edge: the four operations of a transfer × organisation × what the headers
// claim × the certificate. Each cell is answered as test/support/access-oracle.ts works out, and is in the audit trail.

import { expect } from 'chai';
import { openStore } from '../../src/store/open-store.ts';
import { ACTIVE, claimsOf, queueRequestOf } from '../support/access-cells.ts';
import { AccessOracle, type Claim, type QueueCall, todayInDenmark } from '../support/access-oracle.ts';
import { readFault } from '../support/answers.ts';
import { forEachAtOnce } from '../support/at-once.ts';
import { lookInto } from '../support/new-store.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import { send } from '../support/raw-client.ts';
import type { TestService } from '../support/service.ts';
import { overgang, portsAt, saveCommand } from '../support/store-fixtures.ts';
import { transfersOf } from '../support/transfer.ts';

interface Made {
  readonly call: QueueCall;
  readonly correlationId: string;
  readonly code: number | undefined;
}

describe('the access matrix of the queue', function () {
  this.timeout(120_000);
  let service: TestService;
  let oracle: AccessOracle;
  /** The forløb of which 67 is owed a besked; one of them was queued for 31 before it took that over. */
  let owed: string[];
  const made: Made[] = [];

  before(async function () {
    const idag = todayInDenmark(new Date());
    if (todayInDenmark(new Date(Date.now() + 60_000)) !== idag) this.skip();
    service = await startQueueService();
    oracle = new AccessOracle(service.world, idag);
    owed = [await saveOne(service, member('67', 0)), await saveBeforeTheMerger(member('31', 0))];
  });
  after(() => service?.stop()); // none where the day was too short

  /** Saves as it was done when 31 was an a-kasse of its own, and gives the forløb. */
  async function saveBeforeTheMerger(personnummer: string): Promise<string> {
    const store = await openStore(service.store, portsAt(new Date()));
    const request = { Personnummer: personnummer, ...overgang('2026-01-01') };
    const saved = await store.save(saveCommand(request, { afloesere: {} }));
    await store.close();
    return saved.ok ? saved.value.forloebId : expect.fail(saved.fejl.message);
  }

  /** Makes the calls of every cell of an operation on a sequence; what is wrong with their answers, if anything. */
  async function expectAll(
    operation: QueueCall['operation'],
    sequence?: QueueCall['sequence'],
  ): Promise<void> {
    const calls = Object.values(ACTIVE).flatMap((active) =>
      claimsOf(active).map((claims) => ({ operation, ...claims, ...(sequence && { sequence }) })),
    );
    const problems: string[] = [];
    await forEachAtOnce(calls, async (call) => {
      const answer = await send(service, { caller: call.certificate, ...queueRequestOf(call) });
      const code = readFault(answer.body)?.errorCode;
      made.push({ call, correlationId: String(answer.headers['x-correlation-id']), code });
      const expected = oracle.codeOf(call);
      const tells = owed.filter((forloeb) => answer.body.includes(forloeb)).length;
      const shall = expected === undefined && operation === 'GetTidligPensionVersion1' ? owed.length : 0;
      if (code === expected && tells === shall) return;
      problems.push(
        `${JSON.stringify(call)}: ${code ?? 'done'}, tells ${tells}; must be ${expected ?? 'done'}, tells ${shall}`,
      );
    });
    expect(problems, `${problems.length} of ${calls.length} calls`).to.deep.equal([]);
  }

  const opened = async (): Promise<NonNullable<QueueCall['sequence']>> => {
    const { identifier, antal } = await transfersOf(service, '67').create();
    expect(antal).to.equal(owed.length);
    return { identifier, akasse: '67' };
  };

  it('only 67 gets the beskeder of its sequence, those of the a-kasse it has taken over too; then only 67 closes it', async () => {
    const sequence = await opened();
    await expectAll('GetTidligPensionVersion1', sequence);
    await expectAll('CloseSequence', sequence);
  });

  it('only 67 terminates its sequence', async () => {
    await expectAll('TerminateSequence', await opened());
  });

  it('a sequence that never was is refused to every a-kasse alike, and before that what is refused of any', async () => {
    const sequence = { identifier: '0aa7c1e5-91b4-4d36-b2c8-5e6f7a8b9c0d', akasse: 'nobody' };
    for (const operation of ['GetTidligPensionVersion1', 'CloseSequence', 'TerminateSequence'] as const)
      await expectAll(operation, sequence);
  });

  it('every a-kasse, and nobody else, opens a sequence', () => expectAll('CreateSequence'));

  it('holds every outcome that a call can have', () => {
    const codes = new Set(made.map(({ code }) => code));
    expect(codes).to.have.all.keys([undefined, 1012, 1013, 1014, 1101, 4413, 8173]);
    const akasser = made.flatMap(({ call, code }) =>
      code === undefined && call.operation === 'CreateSequence' ? call.active.code : [],
    );
    expect(new Set(akasser)).to.have.all.keys(['11', '22', '67']);
  });

  it('left one audit entry for each call that got past the certificate, with its code and the sequence it named', async () => {
    const named = ({ type, code }: Claim): string => `${type}:${code}`;
    // A body that was not looked at names nothing, and nor does the header before its turn.
    const readsSequence = (code: number | undefined): boolean => code === undefined || code === 1014;
    const wanted = made
      .filter(({ code }) => code !== 1101 && code !== 1012)
      .map(({ call, correlationId, code }) => ({
        correlationId,
        operation: call.operation,
        fejlkode: code ?? null,
        system: call.certificate,
        active: named(call.active),
        request: named(call.request),
        ...(call.sequence && { sequence: readsSequence(code) ? call.sequence.identifier : null }),
      }))
      .sort((a, b) => (a.correlationId < b.correlationId ? -1 : 1));
    const wantedOf = new Map(wanted.map((entry) => [entry.correlationId, entry]));
    const entries = await lookInto<(typeof wanted)[number] & { sequence: string | null }>(
      service.store,
      `SELECT correlation_id AS "correlationId", operation, fejlkode, system,
                active_organisation_type || ':' || active_organisation_code AS active,
                request_organisation_type || ':' || request_organisation_code AS request, sequence
           FROM audit_entry ORDER BY correlation_id`,
    );
    const found = entries
      .filter(({ correlationId }) => wantedOf.has(correlationId))
      .map(({ sequence, ...entry }) =>
        wantedOf.get(entry.correlationId)!.operation === 'CreateSequence' ? entry : { ...entry, sequence },
      );
    expect(found).to.deep.equal(wanted);
  });
});
