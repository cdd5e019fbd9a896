// The lock of a file also where a file can have no second name, as on FAT and many a network share.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { releaseLock, takeLock } from '../../src/cli/lock.ts';
import { CommandFailed } from '../../src/cli/outcome.ts';
import { whileFailing } from '../support/failing-fs.ts';
import { tempDir } from '../support/temp.ts';

const USER = { command: 'pension backup', file: 'backup', consequence: 'no backup was made' };

describe('a lock where there are no hard links', () => {
  const place = (): string => path.join(tempDir(), 'backup.db');
  for (const code of ['EPERM', 'EOPNOTSUPP'])
    it(`is taken once, and let go (${code})`, () =>
      whileFailing('linkSync', code, () => {
        const file = place();
        takeLock(file, USER);
        expect(readFileSync(`${file}.lock`, 'utf8')).to.equal(String(process.pid));
        expect(() => takeLock(file, USER)).to.throw(CommandFailed, `process ${process.pid}`);
        releaseLock(file);
        expect(readdirSync(path.dirname(file))).to.deep.equal([]);
      }));

  it('is taken from a process that was killed', () =>
    whileFailing('linkSync', 'EPERM', () => {
      const file = place();
      writeFileSync(`${file}.lock`, '999999999');
      takeLock(file, USER);
      expect(readFileSync(`${file}.lock`, 'utf8')).to.equal(String(process.pid));
      releaseLock(file);
    }));

  it('is not taken from a process that is just writing it', () =>
    whileFailing('linkSync', 'EPERM', () => {
      const file = place();
      writeFileSync(`${file}.lock`, '');
      const other = spawn('sh', ['-c', `sleep 0.1; printf $$ > ${file}.lock; exec sleep 60`]);
      try {
        expect(() => takeLock(file, USER)).to.throw(CommandFailed, `process ${other.pid}`);
      } finally {
        other.kill('SIGKILL');
      }
    }));

  it('is taken where one was killed before it had written it', () =>
    whileFailing('linkSync', 'EPERM', () => {
      const file = place();
      writeFileSync(`${file}.lock`, '');
      takeLock(file, USER);
      expect(readFileSync(`${file}.lock`, 'utf8')).to.equal(String(process.pid));
      releaseLock(file);
    }));
});
