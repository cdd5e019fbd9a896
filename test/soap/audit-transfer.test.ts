// A transfer in the audit trail: one entry for each call, with its sequence; what a sequence holds is vouched for by the
// entry that opened it, and a search for a citizen finds all that was done with that sequence.

import { hash } from 'node:crypto';
import { expect } from 'chai';
import type { AuditEntry } from '../../src/access/audit/entry.ts';
import { openAudit } from '../../src/store/open-store.ts';
import { akasse, fetchEnvelope } from '../support/envelopes.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import { send } from '../support/raw-client.ts';
import type { TestService } from '../support/service.ts';
import { type Transfers, transfersOf } from '../support/transfer.ts';

const UNKNOWN = '0aa7c1e5-91b4-4d36-b2c8-5e6f7a8b9c0d';
const OF_A_TRANSFER = ['CreateSequence', 'GetTidligPensionVersion1', 'TerminateSequence', 'CloseSequence'];

describe('the audit trail of a transfer', () => {
  let service: TestService;
  let own: Transfers;
  let other: Transfers;
  beforeEach(async () => {
    service = await startQueueService();
    own = transfersOf(service, '22');
    other = transfersOf(service, '11');
  });
  afterEach(() => service.stop());

  async function entries(filter: { personnummer?: string } = {}): Promise<AuditEntry[]> {
    const audit = await openAudit(service.store);
    const found = await audit.entries({ after: 0, limit: 1_000, filter: filter as never });
    await audit.close();
    return found.map(({ entry }) => entry).filter(({ operation }) => OF_A_TRANSFER.includes(operation!));
  }
  const said = (entry: AuditEntry) => [
    entry.operation,
    entry.udfald,
    entry.fejlkode,
    entry.activeOrganisationCode,
    entry.sequence,
  ];

  it('has one entry for each call, done or refused, with the sequence that was opened or named', async () => {
    await saveOne(service, member('22', 1));
    const { identifier } = await own.create();
    await own.create();
    await own.fetch(identifier);
    await own.fetch(identifier.toUpperCase());
    await other.fetch(identifier);
    await own.close(UNKNOWN);
    await own.close(identifier);
    await own.close(identifier);
    await own.terminate(identifier);
    const next = await own.create();
    await own.terminate(next.identifier);
    const empty = await own.create();
    expect((await entries()).map(said)).to.deep.equal([
      ['CreateSequence', 'udfoert', undefined, '22', identifier],
      ['CreateSequence', 'afvist', 1014, '22', identifier],
      ['GetTidligPensionVersion1', 'udfoert', undefined, '22', identifier],
      ['GetTidligPensionVersion1', 'udfoert', undefined, '22', identifier],
      ['GetTidligPensionVersion1', 'afvist', 1014, '11', identifier],
      ['CloseSequence', 'afvist', 1014, '22', UNKNOWN],
      ['CloseSequence', 'udfoert', undefined, '22', identifier],
      ['CloseSequence', 'udfoert', undefined, '22', identifier],
      ['TerminateSequence', 'afvist', 1014, '22', identifier],
      ['CreateSequence', 'udfoert', undefined, '22', next.identifier],
      ['TerminateSequence', 'udfoert', undefined, '22', next.identifier],
      ['CreateSequence', 'udfoert', undefined, '22', empty.identifier],
    ]);
  });

  it('holds of every call who made it and for whom, and names no citizen, for there may be many', async () => {
    await saveOne(service, member('22', 1));
    const { identifier } = await own.create();
    await own.fetch(identifier);
    await own.terminate(identifier);
    for (const entry of await entries()) {
      expect(entry).to.include.keys(
        'certificate',
        'userFullName',
        'userIdentifier',
        'requestOrganisationCode',
      );
      expect(entry).to.include({ system: 'akasse-22', activeOrganisationType: 2 });
      expect(entry).to.not.have.any.keys('personnummer', 'forloebId', 'version', 'modtager');
    }
  });

  it('vouches for what a sequence holds: how many, and a digest of their identifiers in order', async () => {
    const nothing = await own.create();
    for (const nr of [1, 2, 3]) await saveOne(service, member('22', nr));
    const { identifier } = await own.create();
    const { messageIdentifiers } = await own.fetch(identifier);
    expect(messageIdentifiers).to.have.length(3);
    const detailsOf = async (sequence: string): Promise<unknown> =>
      JSON.parse((await entries()).find((entry) => entry.sequence === sequence)!.detaljer!);
    expect(await detailsOf(nothing.identifier)).to.deep.equal({ beskeder: 0, sha256: hash('sha256', '') });
    expect(await detailsOf(identifier)).to.deep.equal({
      beskeder: 3,
      sha256: hash('sha256', messageIdentifiers.map((one) => `${one}\n`).join('')),
    });
  });

  it('is found by a search for a citizen whose besked the sequence held, and by no other', async () => {
    await saveOne(service, member('22', 1));
    const first = await own.create();
    await own.fetch(first.identifier);
    await own.close(first.identifier);
    await saveOne(service, member('22', 2));
    const both = await own.create();
    await own.fetch(both.identifier);
    await own.terminate(both.identifier);
    await saveOne(service, member('22', 3));
    const last = await own.create();
    const about = async (nr: number): Promise<unknown[]> =>
      (await entries({ personnummer: member('22', nr) })).map(({ operation, sequence }) => [
        operation,
        sequence,
      ]);
    const ofFirst = [
      ['CreateSequence', first.identifier],
      ['GetTidligPensionVersion1', first.identifier],
      ['CloseSequence', first.identifier],
    ];
    const ofBoth = [
      ['CreateSequence', both.identifier],
      ['GetTidligPensionVersion1', both.identifier],
      ['TerminateSequence', both.identifier],
    ];
    expect(await about(1)).to.deep.equal([...ofFirst, ...ofBoth]);
    expect(await about(2)).to.deep.equal(ofBoth);
    expect(await about(3)).to.deep.equal([['CreateSequence', last.identifier]]);
    expect(await about(4)).to.deep.equal([]);
  });

  it('has what was known of a call that was refused before its sequence was read', async () => {
    const body = fetchEnvelope('not-a-guid', akasse('22'));
    const { headers } = await send(service, {
      caller: 'akasse-22',
      path: '/PjaktassWCFTservice/10/WsrmMessageService.svc',
      body,
    });
    const [entry, ...more] = await entries();
    expect(more).to.deep.equal([]);
    expect(entry).to.include({
      operation: 'GetTidligPensionVersion1',
      fejlkode: 1014,
      correlationId: headers['x-correlation-id'],
      activeOrganisationCode: '22',
    });
    expect(entry).to.not.have.property('sequence');
  });
});
