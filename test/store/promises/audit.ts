// Promises about the audit trail: one entry for each call, refused ones too, with all that is known of it.

import { expect } from 'chai';
import { nyBorger } from '../../support/domain-model.ts';
import {
  getQuery,
  importMedlemskaber,
  type KeptEntry,
  kald,
  kompensation,
  medlemskabLinje,
  NU,
  saveCommand,
  somAkasse,
} from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

/** The entry of a call by UDK for which nothing is known but its head. */
const entryOf = ({ correlationId, operation }: ReturnType<typeof kald>): KeptEntry => ({
  tidspunkt: NU.toISOString(),
  correlationId,
  ...(operation && { operation }),
  udfald: 'udfoert',
  certificate: 'ab'.repeat(32),
  system: 'udk',
  activeOrganisationType: 51,
  activeOrganisationCode: '88888888',
  requestOrganisationType: 50,
  requestOrganisationCode: '99999999',
  userFullName: 'Tidlig Pension : Batch <æøå>',
  userType: 3,
  userIdentifier: 'CVR:99999999-UUID:3f1c',
});

export function auditPromises(current: CurrentStore): void {
  describe('the audit trail', () => {
    it('has an entry of an accepted Save: who, which citizen, which version, who is told and why', async () => {
      const borger = nyBorger();
      await importMedlemskaber(current().store, {
        linjer: [medlemskabLinje(2, borger, '11', '2020-01-01')],
        hele: false,
      });
      const first = saveCommand({ Personnummer: borger, ...kompensation('2026-01-01') });
      const second = saveCommand({ Personnummer: borger, TidligPensionIdentifier: first.nytId });
      await current().store.save(first);
      await current().store.save(second);
      const told = { modtager: '11', modtagerAarsag: 'nuvaerende-akasse' };
      const about = { personnummer: borger, forloebId: first.nytId, ...told };
      const [, ...entries] = await current().entries(); // the first is that of the import
      expect(entries.map(({ detaljer, ...entry }) => entry)).to.deep.equal([
        { ...entryOf(kald(first.kald)), ...about, version: 1 },
        { ...entryOf(kald(second.kald)), ...about, version: 2 },
      ]);
      const digests = entries.map(({ detaljer }) => (JSON.parse(detaljer!) as { indhold: string }).indhold);
      for (const digest of digests) expect(digest).to.match(/^[0-9a-f]{64}$/);
      expect(digests[0], 'of what each version says').to.not.equal(digests[1]);
    });

    it('has an entry of a refused Save: the code and the citizen, and no version', async () => {
      const borger = nyBorger();
      const command = saveCommand({ Personnummer: borger });
      await current().store.save(command);
      expect(await current().entries()).to.deep.equal([
        { ...entryOf(kald(command.kald)), udfald: 'afvist', fejlkode: 1014, personnummer: borger },
      ]);
    });

    it('has an entry of every Get, also of one that finds nothing', async () => {
      const borger = nyBorger();
      const query = getQuery(borger);
      await current().store.get(query);
      expect(await current().entries()).to.deep.equal([
        { ...entryOf(kald(query.kald)), personnummer: borger },
      ]);
    });

    it('has an entry of a Get that was refused (4575), with the citizen that was asked for', async () => {
      const borger = nyBorger();
      const query = getQuery(borger, somAkasse('11'));
      await current().store.get(query);
      expect(await current().entries()).to.deep.equal([
        { ...entryOf(kald(query.kald)), udfald: 'afvist', fejlkode: 4575, personnummer: borger },
      ]);
    });

    it('has an entry of a call that was refused before it reached the rules', async () => {
      const head = kald({ operation: 'GetTidligPension', personnummer: nyBorger() });
      await current().store.recordRefusal({ kald: head, fejlkode: 1013 });
      expect(await current().entries()).to.deep.equal([
        { ...entryOf(head), udfald: 'afvist', fejlkode: 1013, personnummer: head.personnummer! },
      ]);
    });

    it('has an entry of a call of which next to nothing is known', async () => {
      const { modtaget, idag, correlationId } = kald();
      await current().store.recordRefusal({ kald: { modtaget, idag, correlationId }, fejlkode: 1014 });
      expect(await current().entries()).to.deep.equal([
        { tidspunkt: NU.toISOString(), correlationId, udfald: 'afvist', fejlkode: 1014 },
      ]);
    });

    it('has them in the order in which the calls were answered, one for each', async () => {
      const borger = nyBorger();
      const asked: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        const command = saveCommand({ Personnummer: borger, ...(i % 2 === 0 && kompensation('2026-01-01')) });
        const query = getQuery(borger, i % 2 === 0 ? somAkasse('11') : { omfang: 'alle' });
        await current().store.save(command);
        await current().store.get(query);
        asked.push(command.kald.correlationId, query.kald.correlationId);
      }
      expect((await current().entries()).map(({ correlationId }) => correlationId)).to.deep.equal(asked);
    });
  });
}
