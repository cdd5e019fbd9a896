// `pension demo`, which is what `make run` runs: the whole story from a batch to the a-kasser, twice, and what it prints
// to be typed again can be typed again.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';
import { withSettings } from '../../src/cli/demo/story.ts';
import { pension, startPension } from '../support/cli.ts';
import { tempDir } from '../support/temp.ts';

const ROOT = fileURLToPath(PACKAGE_ROOT);
const FLYTTER = '2902610025';

describe('pension demo', function () {
  this.timeout(60_000);
  const dir = path.join(tempDir(), 'world');

  /** Runs the story to where it goes on serving, does something beside it, and ends it with Ctrl-C. */
  async function tell(beside: (url: string) => Promise<void> = async () => undefined): Promise<string> {
    const demo = startPension(['demo', dir], { env: { PENSION_PORT: '0' }, cwd: ROOT });
    const [, url] = await demo.sees('stdout', /The service goes on serving at (\S+) until Ctrl-C/);
    await beside(url!);
    demo.signal('SIGINT');
    const { code, stdout, stderr } = await demo.result;
    expect(code, stderr).to.equal(0);
    return stdout;
  }

  const beskeder = (akasse: string): { personnummer: string; registrationType: string }[] =>
    readFileSync(path.join(dir, `beskeder-${akasse}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('tells of a batch, of two a-kasser that fetch, of one that takes a member over, and of an annulment', async () => {
    const story = await tell(async (url) => {
      const at = ['--url', url, '--world', dir];
      const file = path.join(dir, 'beskeder-22.jsonl');
      const again = await pension(['akasse', 'poll', '--as', '22', '--out', file, '--json', ...at]);
      expect(JSON.parse(again.stdout), again.stderr).to.include({ added: 0 });
    });
    expect(story).to.match(/saved +19\n/);
    expect(story).to.match(/Create {2}2902610001 /);
    expect(story).to.match(new RegExp(`get ${FLYTTER} --as 22 [^\n]*\nforløb `));
    expect(story).to.match(new RegExp(`get ${FLYTTER} --as 11 [^\n]*\n\\(exit code 1\\)`));
    expect(story).to.match(new RegExp(`Update {2}${FLYTTER} {2}\\S+ {2}annulled\n`));
    expect(story).to.match(/^67 .*waiting.*never polled/m);
    expect(beskeder('11').map(({ registrationType }) => registrationType)).to.include.members([
      'Create',
      'Update',
    ]);
    expect(beskeder('22').at(-1)).to.include({ personnummer: FLYTTER, registrationType: 'Update' });
  });

  it('goes on where it left off when it is run again', async () => {
    const before = beskeder('11');
    const story = await tell();
    expect(story).to.include('going on with it');
    expect(story).to.match(/saved +19\n/);
    expect(story).to.include('Nothing new');
    expect(beskeder('11')).to.deep.equal(before);
  });
});

describe('a command line that the demo prints', () => {
  const dir = tempDir();
  writeFileSync(path.join(dir, 'env'), 'PENSION_STORE=sqlite:own.db\nPENSION_TLS=on\n');
  /** What the line runs, and on which store. */
  const typed = (store: string): string =>
    execFileSync(
      'sh',
      ['-c', `npx() { echo "$PENSION_STORE $PENSION_TLS $*"; }; ${withSettings({ dir, store }, 'outbox')}`],
      { encoding: 'utf8' },
    );

  it('has the settings of the world', () => {
    expect(typed('sqlite:own.db')).to.equal('sqlite:own.db on pension outbox\n');
    expect(withSettings({ dir, store: 'sqlite:own.db' }, 'outbox')).not.to.include('PENSION_STORE');
  });

  it('is for the store that the user has chosen for the demo', () => {
    expect(typed('sqlite:a b/$other.db')).to.equal('sqlite:a b/$other.db on pension outbox\n');
    const address = 'postgres://pension@127.0.0.1:25432/pension';
    expect(typed(address)).to.equal(`${address} on pension outbox\n`);
  });

  it('has no password', () => {
    const line = withSettings({ dir, store: 'postgres://pension:hemmelig@127.0.0.1/pension' }, 'outbox');
    expect(line).not.to.include('hemmelig');
  });
});
