// `pension outbox show`: what became of a besked, by any identifier that somebody may quote.

import { expect } from 'chai';
import { type CliResult, pension } from '../../support/cli.ts';
import { member } from '../../support/queue.ts';
import { Filled, koe } from './filled.ts';

const NU = new Date(Date.now() - 7_200_000);
const NEVER_WAS = '7c1f7c1e-0000-4000-8000-00000000dead';
const A = member('22', 1);

describe('pension outbox show', () => {
  let store: Filled;
  let id: string;
  let closed: string;
  let terminated: string;
  before(async () => {
    store = new Filled();
    await store.register(NU, '22', 1, 2);
    id = await store.save(NU, A);
    closed = await store.create(NU, koe('22'));
    await store.fetch(NU, koe('22'), closed);
    await store.end(NU, koe('22'), 'CloseSequence', closed);
    terminated = await store.create(NU, koe('22'));
    await store.end(NU, koe('22'), 'TerminateSequence', terminated);
    await store.save(NU, A, id);
  });
  const show = (...args: string[]): Promise<CliResult> =>
    pension(['outbox', 'show', ...args], { env: { PENSION_STORE: store.address } });
  const shown = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await show(...args);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return stdout;
  };
  const lastEntry = async () => (await store.entries()).at(-1)!;

  it('tells of a besked by its MessageIdentifier, in any case', async () => {
    const { id: message } = store.row(id, 1);
    const text = await shown(message.toUpperCase());
    expect(text.replaceAll(/\S+Z \(2 hours[^)]*\)/g, 'THEN')).to.equal(
      [
        `besked ${message}`,
        '  citizen    290263-****',
        `  forløb     ${id} version 1 (Create)`,
        '  recipient  a-kasse 22: the current a-kasse',
        '  queued     THEN',
        '  delivered  THEN',
        `  held by    ${closed} closed: its beskeder went back to the queue`,
        `             ${terminated} terminated: its beskeder have left the queue`,
        '',
      ].join('\n'),
    );
    expect(await lastEntry()).to.include({
      operation: 'VisBesked',
      personnummer: A,
      detaljer: JSON.stringify({ reveal: false, identifier: message }),
    });
  });

  it('tells of every besked of a forløb by its TidligPensionIdentifier', async () => {
    const text = await shown(id);
    expect(text.match(/version \d \(\w+\)/g)).to.deep.equal(['version 1 (Create)', 'version 2 (Update)']);
    expect(text).to.match(/delivered {2}no\n {2}held by {4}no sequence so far\n$/);
  });

  it('tells of a sequence and what it held', async () => {
    const text = await shown(closed);
    expect(text.replaceAll(/\S+Z \(2 hours[^)]*\)/g, 'THEN')).to.match(
      new RegExp(
        `^sequence ${closed}\n {2}a-kasse {4}22\n {2}holds {6}1 besked\n {2}state {6}closed: .*\n` +
          ` {2}opened {5}THEN\n {2}last call {2}THEN\n {2}fetched {4}THEN\n {2}ended {6}THEN\n\nbesked ${store.row(id, 1).id}\n`,
      ),
    );
    expect(await lastEntry()).to.include({ operation: 'VisBesked', sequence: closed });
  });

  it('says of a besked without a recipient why it waits', async () => {
    const waiting = await store.save(NU, member('11', 9));
    expect(await shown(waiting)).to.match(
      /recipient {2}nobody yet, it waits: no membership .*\n {2}queued {5}not yet: it has no recipient\n/,
    );
  });

  it('prints the same as JSON', async () => {
    const { sequence, beskeder } = JSON.parse(await shown(terminated, '--json'));
    expect(sequence).to.include({ identifier: terminated, akasse: '22', state: 'terminated', antal: 1 });
    expect(beskeder).to.have.length(1);
    const { eventDate, delivered, ...besked } = beskeder[0];
    expect([eventDate, delivered]).to.deep.equal([NU.toISOString(), NU.toISOString()]);
    expect(besked).to.deep.equal({
      messageIdentifier: store.row(id, 1).id,
      forloebId: id,
      version: 1,
      personnummer: '290263-****',
      registrationType: 'Create',
      modtager: '22',
      modtagerAarsag: 'nuvaerende-akasse',
      sequences: [
        { identifier: closed, state: 'closed' },
        { identifier: terminated, state: 'terminated' },
      ],
    });
  });

  it('shows the personnummer with --reveal only, which its entry says', async () => {
    expect(await shown(id)).to.not.include(A);
    expect(await shown('--reveal', id)).to.include(`  citizen    ${A}\n`);
    expect((await lastEntry()).detaljer).to.equal(JSON.stringify({ reveal: true, identifier: id }));
    expect(JSON.parse(await shown(id, '--reveal', '--json')).beskeder[0].personnummer).to.equal(A);
  });

  it('fails on an identifier that means nothing here, which leaves an entry too', async () => {
    const none = await show(NEVER_WAS.toUpperCase());
    expect(none).to.include({ code: 1, stdout: '' });
    expect(none.stderr).to.match(
      new RegExp(`^pension: No besked, forløb or sequence .* ${NEVER_WAS} .*PENSION_STORE`),
    );
    const entry = await lastEntry();
    expect(entry).to.include({ operation: 'VisBesked' }).and.not.have.any.keys('personnummer', 'sequence');
    expect(entry.detaljer).to.include(NEVER_WAS);
  });

  it('takes only a GUID, and does not repeat anything else', async () => {
    const before = (await store.entries()).length;
    for (const wrong of [A, '290263-2201', `{${id}}`, id.slice(1), `${id}0`]) {
      const result = await show(wrong);
      expect(result).to.include({ code: 2, stdout: '' });
      expect(result.stderr).to.match(/GUID/).and.not.include(wrong);
    }
    expect(await store.entries()).to.have.length(before);
  });
});
