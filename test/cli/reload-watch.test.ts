// Seeing that a file has changed, and what a reload makes of it.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeReload, stampOf, watchFiles } from '../../src/cli/reload.ts';
import type { SettingFiles } from '../../src/cli/setting-files.ts';
import { SettingsError } from '../../src/cli/settings.ts';
import { tempDir } from '../support/temp.ts';

const INTERVAL = 1_000;

describe('watching files', () => {
  const file = (text: string): string => {
    const at = path.join(tempDir(), 'file');
    writeFileSync(at, text);
    return at;
  };

  it('sees other text of the same length, a file in its place, and that it is gone', () => {
    const at = file('one');
    const stamps = [stampOf([at])];
    writeFileSync(at, 'two');
    stamps.push(stampOf([at]));
    writeFileSync(`${at}.new`, 'two');
    renameSync(`${at}.new`, at);
    stamps.push(stampOf([at]));
    rmSync(at);
    stamps.push(stampOf([at]));
    expect(new Set(stamps)).to.have.length(4);
  });

  it('tells of a change that was made before it began, once, and of nothing after its end', async () => {
    const at = file('one');
    const before = stampOf([at]);
    writeFileSync(at, 'two');
    let told = 0;
    const stop = watchFiles([at], before, () => {
      told += 1;
    });
    await sleep(2.5 * INTERVAL);
    stop();
    expect(told).to.equal(1);
    writeFileSync(at, 'three');
    await sleep(1.5 * INTERVAL);
    expect(told).to.equal(1);
  });
});

describe('a reload', () => {
  const filesOf = (digests: Record<string, string>) =>
    ({ digests: new Map(Object.entries(digests)), remarks: ['look'] }) as unknown as SettingFiles;

  const reloading = (answers: readonly (() => SettingFiles)[], use: (changed: readonly string[]) => void) => {
    const lines: unknown[] = [];
    const collect = (text: string, fields?: object) => void lines.push(fields ? [text, fields] : text);
    const left = [...answers];
    const reload = makeReload({
      first: filesOf({ A: '1', B: '1' }),
      read: () => left.shift()!(),
      use: (_, changed) => use(changed),
      log: { error: collect, warn: collect, info: collect, debug: collect },
    });
    return { reload, lines };
  };

  it('uses what has changed, compared with what was used last', () => {
    const used: unknown[] = [];
    const next = () => filesOf({ A: '2', B: '1' });
    const { reload, lines } = reloading([next, next, next], (changed) => used.push(changed));
    reload('changed');
    reload('changed');
    reload('asked');
    expect(used).to.deep.equal([['A']]);
    expect(lines).to.deep.equal([
      'look',
      ['reloaded', { changed: ['A'] }],
      'look',
      ['reloaded', { changed: [] }],
    ]);
  });

  it('tries again after what could not be read, and after what could not be used', () => {
    const used: unknown[] = [];
    let isBroken = true;
    const next = () => filesOf({ A: '2', B: '2' });
    const unreadable = (): SettingFiles => {
      throw new SettingsError(['A: bad']);
    };
    const { reload, lines } = reloading([unreadable, next, next], (changed) => {
      if (isBroken) throw new Error('OpenSSL does not like it');
      used.push(changed);
    });
    reload('changed');
    reload('changed');
    isBroken = false;
    reload('changed');
    const refused = (problem: string) => [
      'not reloaded; what was read before stays in force',
      { problems: [problem] },
    ];
    expect(lines).to.deep.equal([
      refused('A: bad'),
      refused('Error: OpenSSL does not like it'),
      'look',
      ['reloaded', { changed: ['A', 'B'] }],
    ]);
    expect(used).to.deep.equal([['A', 'B']]);
  });
});
