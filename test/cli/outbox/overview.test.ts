// `pension outbox`: how each queue stands, for people, for programs and for monitoring.

import { expect } from 'chai';
import { type CliResult, pension, worldEnv } from '../../support/cli.ts';
import { member } from '../../support/queue.ts';
import { demoWorld } from '../../support/service.ts';
import { medlemskabLinje } from '../../support/store-fixtures.ts';
import { Filled, koe } from './filled.ts';

const HOUR = 3_600_000;
const ago = (hours: number): Date => new Date(Date.now() - hours * HOUR);
const INSTANT = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z`;

describe('pension outbox', () => {
  let store: Filled;
  let env: Record<string, string>;
  beforeEach(async () => {
    store = new Filled();
    env = { ...worldEnv(await demoWorld()), PENSION_STORE: store.address };
    await store.register(ago(100), '22', 1, 2, 3);
  });
  const outbox = (...options: string[]): Promise<CliResult> => pension(['outbox', ...options], { env });
  const listed = async (...options: string[]): Promise<string> => {
    const { code, stdout, stderr } = await outbox(...options);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return stdout;
  };
  const lineOf = (text: string, akasse: string): string | undefined =>
    text.split('\n').find((line) => line.startsWith(akasse));

  it('says how many wait, since when, and when the a-kasse last polled', async () => {
    await store.save(ago(77), member('22', 1));
    await store.save(ago(2), member('22', 2));
    const sequence = await store.create(ago(1.5), koe('22'));
    await store.end(ago(1.1), koe('22'), 'CloseSequence', sequence);
    expect(lineOf(await listed(), '22')).to.match(
      new RegExp(
        `^22 Demo a-kasse 22: 2 waiting, the oldest since ${INSTANT} \\(3 days 5 hours ago\\); last poll ${INSTANT} \\(1 hour 6 minutes ago\\)$`,
      ),
    );
  });

  it('shows the open sequence of an a-kasse', async () => {
    await store.save(ago(3), member('22', 1));
    const sequence = await store.create(ago(0.5), koe('22'));
    await store.fetch(ago(0.2), koe('22'), sequence);
    const [, open] = (await listed()).match(/^22 .*\n(.*)$/m)!;
    expect(open).to.match(
      new RegExp(
        `^ {3}open sequence ${sequence}: 1 since ${INSTANT} \\(30 minutes ago\\), last call ${INSTANT} \\(12 minutes ago\\)$`,
      ),
    );
  });

  it('does not take a roll-back, or what an operator closes, for a poll', async () => {
    await store.save(ago(80), member('22', 1));
    await store.create(ago(50), koe('22'));
    await store.at(ago(3), (open) => open.sequences.rollBackIdle(60));
    expect(lineOf(await listed(), '22')).to.match(/last poll \S+ \(2 days 2 hours ago\)$/);
    const sequence = await store.create(ago(2), koe('22'));
    expect((await outbox('close-sequence', sequence)).code).to.equal(0);
    expect(lineOf(await listed(), '22')).to.match(/last poll \S+ \(2 hours ago\)$/);
  });

  it('lists an a-kasse that has nothing and never called, but not one taken over that has nothing', async () => {
    const text = await listed();
    expect(lineOf(text, '11')).to.equal('11 Demo a-kasse 11: 0 waiting; never polled');
    expect(lineOf(text, '67')).to.equal('67 Ledernes (demo): 0 waiting; never polled');
    expect(lineOf(text, '31')).to.equal(undefined);
    expect(text).to.match(/\nNo besked is without a recipient\.\n$/);
  });

  it('shows one that was taken over with its successor, as long as something waits', async () => {
    await store.register(ago(9), '31', 1);
    await store.save(ago(5), member('31', 1));
    expect(lineOf(await listed(), '31')).to.match(
      /^31 Demo a-kasse 31 \(taken over; 67 Ledernes \(demo\) reads its queue\): 1 waiting, .*; polled by 67$/,
    );
    const sequence = await store.create(ago(1), koe('67', '31'));
    expect(await listed()).to.match(new RegExp(`67 Ledernes .*\\n {3}open sequence ${sequence}: 1 since`));
    await store.end(ago(1), koe('67', '31'), 'TerminateSequence', sequence);
    expect(lineOf(await listed(), '31')).to.equal(undefined);
  });

  it('says of a queue that nobody can read that it is so', async () => {
    await store.load(ago(9), [medlemskabLinje(2, member('22', 9), '99', '2010-01-01')]);
    await store.save(ago(5), member('22', 9));
    expect(lineOf(await listed(), '99')).to.match(
      /^99 \(not in the reference data; nobody can read its queue\): 1 /,
    );
  });

  it('counts what waits for a recipient, by reason', async () => {
    const slut = { slut: '2020-01-31', afgangsaarsag: 'U' };
    await store.load(ago(9), [medlemskabLinje(2, member('11', 1), '11', '2010-01-01', slut)]);
    await store.save(ago(5), member('11', 1));
    for (const nr of [2, 3]) await store.save(ago(5), member('11', nr));
    expect(await listed()).to.match(
      /\n\nBeskeder without a recipient:\n {6}2 {2}no membership that counts had begun\n {6}1 {2}there was no current a-kasse, and .* no date of efterløn\n$/,
    );
  });

  it('prints the same as JSON', async () => {
    await store.save(ago(5), member('22', 1));
    await store.register(ago(9), '31', 1);
    await store.save(ago(5), member('31', 1));
    await store.save(ago(5), member('11', 1));
    const identifier = await store.create(ago(4), koe('22'));
    const { now, queues, withoutRecipient } = JSON.parse(await listed('--json'));
    expect(Date.parse(now)).to.be.closeTo(Date.now(), 60_000);
    expect(withoutRecipient).to.deep.equal([{ aarsag: 'intet-medlemskab', antal: 1 }]);
    const times: string[] = [];
    const withoutTimes = JSON.parse(JSON.stringify(queues), (name, value) => {
      if (!['oldest', 'opened', 'lastCall', 'lastPoll'].includes(name)) return value;
      times.push(value);
      return 'then';
    });
    for (const time of times) expect(time).to.match(new RegExp(`^${INSTANT}$`));
    expect(withoutTimes).to.deep.equal([
      { akasse: '11', name: 'Demo a-kasse 11', waiting: 0 },
      {
        akasse: '22',
        name: 'Demo a-kasse 22',
        waiting: 1,
        oldest: 'then',
        open: { identifier, akasse: '22', state: 'open', antal: 1, opened: 'then', lastCall: 'then' },
        lastPoll: 'then',
      },
      {
        akasse: '31',
        name: 'Demo a-kasse 31',
        waiting: 1,
        oldest: 'then',
        afloeser: { akasse: '67', name: 'Ledernes (demo)' },
      },
      { akasse: '67', name: 'Ledernes (demo)', waiting: 0 },
    ]);
  });

  it('with --alarm fails with a line for each a-kasse whose oldest besked has waited longer', async () => {
    await store.save(ago(5), member('22', 1));
    await store.register(ago(9), '31', 1);
    await store.save(ago(3), member('31', 1));
    const quiet = await outbox('--alarm', '301');
    expect(quiet).to.include({ code: 0, stderr: '' });
    const one = await outbox('--alarm', '299');
    expect(one).to.include({ code: 1 });
    expect(one.stdout).to.match(/^22 /m);
    expect(one.stderr).to.match(
      /^pension: 22 Demo a-kasse 22: 1 waiting, the oldest for 5 hours; never polled\n$/,
    );
    const both = await outbox('--alarm', '60', '--json');
    expect(both.code).to.equal(1);
    expect(JSON.parse(both.stdout).queues).to.have.length(4);
    expect(both.stderr).to.match(
      /^pension: 22 .*\npension: 31 Demo a-kasse 31 \(taken over; 67 .*\): 1 waiting, the oldest for 3 hours; polled by 67\n$/,
    );
  });

  it('takes an alarm in whole minutes, and only commands that there are', async () => {
    for (const minutes of ['0', '1.5', 'x', '-1', '5256001'])
      expect(await outbox('--alarm', minutes), minutes).to.include({ code: 2, stdout: '' });
    expect(await outbox('shwo')).to.include({ code: 2, stdout: '' });
  });

  it('leaves an entry under the account that ran it, and makes no store by looking', async () => {
    const before = (await store.entries()).length;
    await listed();
    const left = (await store.entries()).slice(before);
    expect(left).to.have.length(1);
    expect(left[0]).to.include({ operation: 'VisOutbox', udfald: 'udfoert', system: 'pension' });
    expect(left[0]!.userIdentifier).to.match(/^os:./);
    env.PENSION_STORE = `sqlite:${new Filled().file}`;
    const none = await outbox();
    expect(none).to.include({ code: 1, stdout: '' });
    expect(none.stderr).to.match(/PENSION_STORE/);
  });
});
