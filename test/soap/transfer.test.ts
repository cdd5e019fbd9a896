// The transfer over the real edge: what waits is handed out, what is terminated leaves, what is closed comes again, and
// every cell of the table of the transfer.

import Database from 'better-sqlite3';
import { expect } from 'chai';
import { textsOf } from '../support/answers.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { type Called, type Transfers, transfersOf } from '../support/transfer.ts';

describe('a transfer', () => {
  let service: TestService;
  let akasse: Transfers;

  beforeEach(async () => {
    service = await startQueueService();
    akasse = transfersOf(service, '22');
  });
  afterEach(() => service.stop());

  it('hands out what waits, in order, until it is terminated', async () => {
    const first = await saveOne(service, member('22', 1));
    await saveOne(service, member('22', 2));
    await saveOne(service, member('22', 1), { id: first, start: '2026-02-01' });
    const { identifier, antal } = await akasse.create();
    expect(antal).to.equal(3);
    const fetched = await akasse.fetch(identifier);
    expect(textsOf(fetched.body, 'Personnummer')).to.deep.equal([
      member('22', 1),
      member('22', 2),
      member('22', 1),
    ]);
    expect(textsOf(fetched.body, 'RegistrationType')).to.deep.equal(['Create', 'Create', 'Update']);
    expect(textsOf(fetched.body, 'TidligPensionOvergangsdato')).to.deep.equal([
      '2026-01-01',
      '2026-01-01',
      '2026-02-01',
    ]);
    expect((await akasse.terminate(identifier)).status).to.equal(200);
    expect((await akasse.create()).antal).to.equal(0);
  });
});
