// The file that beskeder are kept in: added to, never doubled, whole again after a kill or a power cut, and never cut
// where it is somebody else's.

import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { toBesked, toLine } from '../../../src/cli/akasse-poll/besked.ts';
import { type BeskedFile, openBeskedFile } from '../../../src/cli/akasse-poll/library.ts';
import { tempDir } from '../../support/temp.ts';
import { registrations } from './beskeder.ts';

const BESKEDER = registrations(20).map(toBesked);
const LINES = BESKEDER.map(toLine);

describe('a file of beskeder', () => {
  let file: string;
  beforeEach(() => {
    file = path.join(tempDir(), 'beskeder.jsonl');
  });
  const text = (): string => readFileSync(file, 'utf8');
  const using = async <T>(use: (opened: BeskedFile) => Promise<T>): Promise<T> => {
    const opened = await openBeskedFile(file);
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  };
  const problem = (at = file): Promise<string> =>
    openBeskedFile(at).then(
      (opened) => opened.close().then(() => 'none'),
      (error: Error) => error.message,
    );

  it('is made for its owner alone, and is empty until something comes', async () => {
    await using((opened) => opened.keep([]));
    expect(text()).to.equal('');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('holds each besked once, in the order in which they came, over any number of runs', async () => {
    await using((opened) => opened.keep(BESKEDER.slice(0, 3)));
    const counts = await using(async (opened) => {
      await opened.keep(BESKEDER.slice(1, 5));
      await opened.keep(BESKEDER.slice(2, 6));
      await opened.keep([BESKEDER[6]!, BESKEDER[6]!]);
      return opened.counts;
    });
    expect(text()).to.equal(LINES.slice(0, 7).join(''));
    expect(counts).to.deep.equal({ creates: 3, updates: 1, alreadyThere: 6 });
  });

  it('knows a besked by its identifier in upper case too', async () => {
    const upper = { ...BESKEDER[0]!, messageIdentifier: BESKEDER[0]!.messageIdentifier.toUpperCase() };
    writeFileSync(file, toLine(upper));
    await using((opened) => opened.keep([BESKEDER[0]!, upper]));
    expect(text()).to.equal(toLine(upper));
  });

  it('that a kill has torn anywhere in its last line is cut back to its whole lines', async () => {
    const whole = LINES.slice(0, 2).join('');
    for (let at = 1; at < LINES[2]!.length; at += 7) {
      writeFileSync(file, whole + LINES[2]!.slice(0, at));
      await using(async (opened) => {
        expect(text()).to.equal(whole);
        await opened.keep(BESKEDER.slice(1, 4));
      });
      expect(text()).to.equal(LINES.slice(0, 4).join(''));
    }
  });

  const powerCuts: Readonly<Record<string, string>> = {
    'zeros to the end': '\0'.repeat(9_000),
    'a line that goes over into zeros': `${LINES[2]!.slice(0, 100)}${'\0'.repeat(5_000)}`,
  };
  for (const [what, tail] of Object.entries(powerCuts)) {
    it(`that a power cut has left with ${what} is cut back to what is whole`, async () => {
      for (const whole of [LINES.slice(0, 2).join(''), '']) {
        writeFileSync(file, whole + tail);
        await using((opened) => opened.keep(BESKEDER.slice(2, 5)));
        expect(text()).to.equal(whole + LINES.slice(2, 5).join(''));
      }
    });
  }

  const foreign: Readonly<Record<string, readonly [string, number]>> = {
    'a line of something else': [`${LINES[0]}hello\n${LINES[1]}`, 2],
    'an empty line': [`${LINES[0]}\n${LINES[1]}`, 2],
    'a line of other JSON': ['{"a":1}\n', 1],
    'a number': ['1\n', 1],
    'a besked without its forløb': [LINES[0]!.replace(/"tidligPensionIdentifier":"[^"]+",/, ''), 1],
    'a besked of another kind': [LINES[0]!.replace('Create', 'Delete'), 1],
    'something else without a line end': [`${LINES[0]}hello`, 2],
    'text without a line end': ['-----BEGIN PRIVATE KEY-----', 1],
    'a line of ours that is not one': ['{"messageIdentifier":"my other data', 1],
    'zeros, and more behind them than one answer can be': [LINES[0] + '\0'.repeat(8_388_609), 2],
    'a line longer than any answer': [`${LINES[0]}{"messageIdentifier":"${'a'.repeat(9_000_000)}`, 2],
  };
  const damaged: Readonly<Record<string, readonly [string, number]>> = {
    'a database': ['SQLite format 3\0\u0010\0\u0001\u0001\0\n', 1],
    'zeros among other bytes': ['\0\0\u0001\0', 1],
    'zeros, and lines behind them': [`${LINES[0]}${'\0'.repeat(4_096)}${LINES[3]}${LINES[4]}`, 2],
    'a line of zeros with its end': [`${LINES[0]}${'\0'.repeat(40)}\n${LINES[3]}`, 2],
    'one zero in its first line': [`${LINES[0]!.slice(0, 50)}\0${LINES[0]!.slice(51)}${LINES[1]}`, 1],
  };
  for (const [what, [content, line]] of Object.entries(damaged)) {
    it(`is left as it is, and called damaged, where it holds ${what}`, async () => {
      writeFileSync(file, content);
      expect(await problem()).to.match(new RegExp(`^${file}:${line}: it is damaged:.*Nothing was fetched`));
      expect(text()).to.equal(content);
    });
  }

  it('keeps a last line that only lacks its end, as an editor may leave it', async () => {
    writeFileSync(file, LINES.slice(0, 2).join('').trimEnd());
    await using((opened) => opened.keep(BESKEDER.slice(0, 4)));
    expect(text()).to.equal(LINES.slice(0, 4).join(''));
  });

  const changes: Readonly<Record<string, () => void>> = {
    removed: () => rmSync(file),
    replaced: () => {
      renameSync(file, `${file}.old`);
      writeFileSync(file, '');
    },
    'cut off': () => writeFileSync(file, ''),
    'written to by another': () => appendFileSync(file, LINES[4]!),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`takes nothing more once it was ${what} while it is open: nothing is said to be kept`, async () => {
      const opened = await openBeskedFile(file);
      try {
        await opened.keep(BESKEDER.slice(0, 1));
        change();
        const failed = await opened.keep(BESKEDER.slice(1, 2)).then(
          () => undefined,
          (error: Error) => error.message,
        );
        expect(failed).to.match(/was removed, replaced or changed while it was in use/);
      } finally {
        await opened.close();
      }
    });
  }

  it('is refused where it has a second name, or is a link to nothing', async () => {
    writeFileSync(file, '');
    linkSync(file, `${file}.other`);
    expect(await problem()).to.match(/it has another name as well/);
    rmSync(file);
    symlinkSync(`${file}.nowhere`, file);
    expect(await problem()).to.match(/it is a link to nothing/);
  });

  for (const [what, [content, line]] of Object.entries(foreign)) {
    it(`is left as it is, and its line named, where it holds ${what}`, async () => {
      writeFileSync(file, content);
      expect(await problem()).to.match(
        new RegExp(`^${file}:${line}: it is not a besked\\..*nothing was fetched`),
      );
      expect(text() === content).to.equal(true);
    });
  }

  it('is refused where it cannot be one', async () => {
    expect(await problem(tempDir())).to.match(/cannot be written: it is not a file\. Nothing was fetched/);
    expect(await problem('/dev/null')).to.match(/it is not a file/);
    expect(await problem(path.join(tempDir(), 'none', 'file'))).to.match(/cannot be written: ENOENT/);
    mkdirSync(`${file}.lock`);
    expect(await problem()).to.match(/Another `akasse poll` is using|cannot be written/);
  });

  it('is open once at a time, also by another name for it and within one process', async () => {
    const other = path.join(path.dirname(file), 'other.jsonl');
    writeFileSync(file, '');
    symlinkSync(file, other);
    await using(async () => {
      expect(await problem()).to.match(/Another `akasse poll` is using .*nothing was fetched/);
      expect(await problem(other)).to.match(/Another `akasse poll` is using/);
    });
    expect(await problem(other)).to.equal('none');
  });

  it('is free again when the process that had it is dead, and not while it lives', async () => {
    const living = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    writeFileSync(`${file}.lock`, String(living.pid));
    expect(await problem()).to.contain(`process ${living.pid}`);
    living.kill('SIGKILL');
    await new Promise((resolve) => living.once('exit', resolve));
    for (const content of [String(living.pid), String(process.pid), '', 'x']) {
      writeFileSync(`${file}.lock`, content);
      await using((opened) => opened.keep([]));
    }
    expect(
      spawnSync('ls', [path.dirname(file)])
        .stdout.toString()
        .trim(),
    ).to.equal('beskeder.jsonl');
  });

  describe('on a disk that fails', () => {
    let prototype: FileHandle;
    const undo: (() => void)[] = [];
    before(async () => {
      const handle = await open('/dev/null');
      prototype = Object.getPrototypeOf(handle) as FileHandle;
      await handle.close();
    });
    afterEach(() => {
      for (const one of undo.splice(0)) one();
    });
    /** Replaces a method of every open file for the rest of the test. */
    const replace = (name: 'write' | 'datasync', by: (...args: never[]) => unknown): void => {
      const original = prototype[name];
      Object.assign(prototype, { [name]: by });
      undo.push(() => Object.assign(prototype, { [name]: original }));
    };

    it('is cut back to what it had, and takes nothing more until it is opened again', async () => {
      await using(async (opened) => {
        await opened.keep(BESKEDER.slice(0, 2));
        const { write } = prototype;
        let calls = 0;
        replace('write', function (this: FileHandle, bytes: Buffer, from: number, _: undefined, at: number) {
          calls += 1;
          if (calls > 1) return Promise.reject(Object.assign(new Error('ENOSPC: no space left'), {}));
          return Reflect.apply(write, this, [bytes, from, 50, at]) as unknown;
        } as never);
        const failed = await opened.keep(BESKEDER.slice(2, 5)).catch((error: Error) => error.message);
        expect(failed).to.match(/could not be written \(ENOSPC.*The beskeder stay in the queue; make room/);
        expect(text()).to.equal(LINES.slice(0, 2).join(''));
        undo.pop()!();
        const later = await opened.keep(BESKEDER.slice(2, 5)).catch((error: Error) => error.message);
        expect(later).to.match(/opened again/);
      });
      await using((opened) => opened.keep(BESKEDER.slice(1, 5)));
      expect(text()).to.equal(LINES.slice(0, 5).join(''));
    });

    it('is cut back too when what was written cannot be made durable', async () => {
      await using(async (opened) => {
        replace('datasync', () => Promise.reject(new Error('EIO')));
        expect(await opened.keep(BESKEDER).catch((error: Error) => error.message)).to.match(/EIO/);
        expect(text()).to.equal('');
        undo.pop()!();
      });
    });

    it('is whole although the disk takes it in pieces', async () => {
      const { write } = prototype;
      replace('write', function (this: FileHandle, bytes: Buffer, from: number, _: undefined, at: number) {
        return Reflect.apply(write, this, [bytes, from, Math.min(13, bytes.length - from), at]) as unknown;
      } as never);
      await using((opened) => opened.keep(BESKEDER));
      expect(text()).to.equal(LINES.join(''));
    });

    it('says that something is kept only after it was made durable, also of what a killed run left', async () => {
      const steps: string[] = [];
      const { write, datasync } = prototype;
      replace('write', function (this: FileHandle, ...args: unknown[]) {
        steps.push('write');
        return Reflect.apply(write, this, args) as unknown;
      } as never);
      replace('datasync', async function (this: FileHandle) {
        await Reflect.apply(datasync, this, []);
        steps.push('durable');
      } as never);
      writeFileSync(file, LINES[0]!);
      await using(async (opened) => {
        steps.push('opened');
        await opened.keep(BESKEDER.slice(0, 3));
        steps.push('kept');
        await opened.keep(BESKEDER.slice(0, 3));
      });
      expect(steps).to.deep.equal(['durable', 'opened', 'write', 'durable', 'kept']);
    });
  });

  it('of a million beskeder is read in little time and memory', async function () {
    this.timeout(60_000);
    const count = 1_000_000;
    for (let at = 0; at < count; at += 10_000) {
      const lines = Array.from({ length: 10_000 }, (_, number) =>
        LINES[0]!.replace('000000000000"', `${String(at + number).padStart(12, '0')}"`),
      );
      appendFileSync(file, lines.join(''));
    }
    const began = performance.now();
    await using(async (opened) => {
      await opened.keep([BESKEDER[0]!]);
      expect(opened.counts.alreadyThere).to.equal(1);
    });
    expect(performance.now() - began).to.be.below(30_000);
    expect(process.memoryUsage().heapUsed).to.be.below(600_000_000);
  });
});
