// The password of a database is found where PostgreSQL's own programs find it.

import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { passwordIn, passwordOf } from '../../../src/store/postgres/password.ts';
import { tempDir } from '../../support/temp.ts';

const LOGIN = { host: 'db.example.dk', port: '5432', database: 'pension', user: 'pension' };

describe('the password of a database', () => {
  it('is that of the first line that fits', () => {
    const text = [
      '# a comment:5432:pension:pension:no',
      'other.example.dk:5432:pension:pension:no',
      'db.example.dk:5433:pension:pension:no',
      '*:*:pension:pension:first',
      'db.example.dk:5432:pension:pension:second',
    ].join('\n');
    expect(passwordIn(text, LOGIN)).to.equal('first');
    expect(passwordIn(text, { ...LOGIN, user: 'another' })).to.equal(undefined);
  });

  it('may hold colons and backslashes', () => {
    expect(passwordIn('*:*:*:*:a\\:b\\\\c\r\n', LOGIN)).to.equal('a:b\\c');
  });

  it('is looked up anew each time, and PGPASSWORD goes before the file', () => {
    const file = path.join(tempDir(), 'pgpass');
    writeFileSync(file, '*:*:*:*:old\n', { mode: 0o600 });
    expect(passwordOf(LOGIN, { PGPASSFILE: file })).to.equal('old');
    writeFileSync(file, '*:*:*:*:new\n');
    expect(passwordOf(LOGIN, { PGPASSFILE: file })).to.equal('new');
    expect(passwordOf(LOGIN, { PGPASSFILE: file, PGPASSWORD: 'own' })).to.equal('own');
    expect(passwordOf(LOGIN, {})).to.equal(undefined);
  });

  it('is not taken from a file that others can read, or that is not there', () => {
    const file = path.join(tempDir(), 'pgpass');
    writeFileSync(file, '*:*:*:*:x\n');
    chmodSync(file, 0o640);
    expect(() => passwordOf(LOGIN, { PGPASSFILE: file })).to.throw('chmod 600');
    expect(() => passwordOf(LOGIN, { PGPASSFILE: `${file}-none` })).to.throw('cannot be read');
  });
});
