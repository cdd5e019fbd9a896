// The password of a database is found where PostgreSQL's own programs find it.

import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { configOf } from '../../../src/store/postgres/connection.ts';
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
  });

  it('that is not there is asked for by the line that is missing', () => {
    const file = path.join(tempDir(), 'pgpass');
    writeFileSync(file, '*:*:*:another:x\n', { mode: 0o600 });
    const line = 'db.example.dk:5432:pension:pension';
    expect(() => passwordOf(LOGIN, { PGPASSFILE: file })).to.throw(`has no line for ${line}`);
    expect(() => passwordOf(LOGIN, {})).to.throw(`${line}:PASSWORD`);
  });

  it('is asked of the file and not of the library', () => {
    const { password } = new pg.Client(configOf('postgres://pension@db.example.dk/pension'));
    expect(password).to.be.a('function');
    expect(configOf('postgres://pension:own@db.example.dk/pension').password).to.equal('own');
  });

  it('is not taken from a file that others can read, or that is not there', () => {
    const file = path.join(tempDir(), 'pgpass');
    writeFileSync(file, '*:*:*:*:x\n');
    chmodSync(file, 0o640);
    expect(() => passwordOf(LOGIN, { PGPASSFILE: file })).to.throw('chmod 600');
    expect(() => passwordOf(LOGIN, { PGPASSFILE: `${file}-none` })).to.throw('cannot be read');
  });
});
