// R7 of the promises, small: an a-kasse was away while beskeder came for it; the others go on meanwhile, and it catches
// up in sequences of 500. `make test-backlog` does it with 60 000.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { openBeskedFile } from '../../src/cli/akasse-poll/output-file.ts';
import { pollBeskeder } from '../../src/cli/akasse-poll/poll.ts';
import { makeWsrmClient } from '../../src/cli/client/wsrm-client.ts';
import { saveEnvelope } from '../support/envelopes.ts';
import { MEMBERS, member, startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { kompensation } from '../support/store-fixtures.ts';
import { tempDir } from '../support/temp.ts';

const AWAY = 1_000;

describe('an a-kasse that was away', function () {
  this.timeout(60_000);
  let service: TestService;
  before(async () => {
    service = await startQueueService({ PENSION_TLS: 'off' });
  });
  after(() => service.stop());

  const save = async (akasse: string, nr: number): Promise<void> => {
    const answer = await fetch(`${service.url}/PjaktassWCFTservice/1/PensionService.svc`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
      body: saveEnvelope({ Personnummer: member(akasse, nr % MEMBERS), ...kompensation('2026-01-01') }),
    });
    expect(answer.status, await answer.text()).to.equal(200);
  };
  /** Polls into the file of the a-kasse; gives how many sequences it took. */
  const poll = async (akasse: string, folder: string): Promise<number> => {
    const organisation = { OrganisationTypeIdentifier: 2, OrganisationCode: akasse };
    const client = await makeWsrmClient({ url: service.url, organisation }, 'backlog');
    const file = await openBeskedFile(path.join(folder, akasse));
    try {
      const { ending, sequences } = await pollBeskeder({
        client,
        keep: (beskeder) => file.keep(beskeder),
      });
      expect(ending).to.deep.equal({ kind: 'emptied' });
      return sequences;
    } finally {
      await file.close();
      client.disconnect();
    }
  };
  const beskederIn = (folder: string, akasse: string): string[] =>
    readFileSync(path.join(folder, akasse), 'utf8').trim().split('\n');

  it(`gets all ${AWAY} in order, while Saves and another a-kasse go on`, async () => {
    const folder = tempDir();
    for (let nr = 0; nr < AWAY; nr += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, at) => save('22', nr + at)));
      await save('11', nr / 50);
    }
    const [sequences] = await Promise.all([
      poll('22', folder),
      (async () => {
        for (let nr = 0; nr < 20; nr += 1) await save('11', nr);
        await poll('11', folder);
      })(),
    ]);
    expect(sequences).to.equal(AWAY / 500);
    const lines = beskederIn(folder, '22').map((line) => JSON.parse(line) as { eventDate: string });
    expect(lines).to.have.length(AWAY);
    const dates = lines.map(({ eventDate }) => eventDate);
    expect(dates).to.deep.equal(dates.toSorted());
    expect(beskederIn(folder, '11')).to.have.length(40);
  });
});
