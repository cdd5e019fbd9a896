// What the database itself refuses of the transfer: a besked leaves once, with a terminated sequence that holds it, and
// what a sequence held is never told otherwise.

import { expect } from 'chai';
import { Direct } from './direct.ts';

const S1 = 'c0000000-0000-4000-8000-000000000001';
const S2 = 'c0000000-0000-4000-8000-000000000002';
const AT = '2026-11-22T08:00:00.000Z';

describe('the SQLite database keeps the transfer by itself:', () => {
  let direct: Direct;
  beforeEach(() => {
    direct = new Direct();
    for (let nr = 0; nr < 2; nr += 1) {
      direct.first({
        besked: { modtager: '11', modtager_aarsag: 'nuvaerende-akasse', event_date: AT },
      });
    }
    direct.first(); // besked 3 has no recipient
    run(`INSERT INTO sequence (identifier, akasse, koder, state, antal, opened, last_call)
         VALUES ('${S1}', '11', '["11"]', 'open', 1, '${AT}', '${AT}')`);
    run(hold(1, 1));
  });
  afterEach(() => direct.db.close());

  const run = (sql: string): void => void direct.db.exec(sql);
  const hold = (sequence: number, besked: number): string =>
    `INSERT INTO sequence_besked SELECT ${sequence}, besked_nr, personnummer FROM besked WHERE besked_nr = ${besked}`;
  const terminate = (): void =>
    run(`UPDATE sequence SET state = 'terminated', ended = '${AT}' WHERE sequence_nr = 1`);
  const deliver = (besked: number, sequence = 1): string =>
    `UPDATE besked SET delivered = '${AT}', delivered_in = ${sequence} WHERE besked_nr = ${besked}`;

  const refused = (rule: RegExp | string, sql: string): void => {
    expect(() => run(sql), sql).to.throw(rule);
  };

  it('it lets a besked leave with its terminated sequence', () => {
    terminate();
    run(deliver(1));
    expect(direct.db.prepare('SELECT delivered_in FROM besked WHERE besked_nr = 1').pluck().get()).to.equal(
      1,
    );
  });

  it('it refuses to let one leave with an open sequence, with one that does not hold it, or with none', () => {
    const rule = 'besked_leaves_once_and_with_its_sequence';
    refused(rule, deliver(1));
    terminate();
    refused(rule, deliver(2));
    refused(rule, `UPDATE besked SET delivered = '${AT}' WHERE besked_nr = 1`);
  });

  it('it refuses to let one leave twice, or come back', () => {
    terminate();
    run(deliver(1));
    refused('besked_leaves_once_and_with_its_sequence', deliver(1));
    refused(
      'besked_leaves_once_and_with_its_sequence',
      'UPDATE besked SET delivered = NULL, delivered_in = NULL WHERE besked_nr = 1',
    );
  });

  it('it refuses a besked that is delivered before it was queued', () => {
    expect(() => direct.first({ besked: { delivered: AT } })).to.throw(
      'besked_is_queued_before_it_is_delivered',
    );
  });

  it('it refuses to terminate a sequence that does not hold what it was opened over', () => {
    run(hold(1, 2));
    expect(terminate).to.throw('sequence_is_terminated_whole');
  });

  it('it refuses two open sequences of an a-kasse, and an identifier that was used', () => {
    const open = (identifier: string, akasse: string): string =>
      `INSERT INTO sequence (identifier, akasse, koder, state, antal, opened, last_call)
       VALUES ('${identifier}', '${akasse}', '[]', 'open', 1, '${AT}', '${AT}')`;
    refused('sequence_is_never_replaced', open(S2, '11'));
    refused('sequence_is_never_replaced', open(S1, '22'));
    refused('sequence_is_never_replaced', open(S1, '22').replace('INSERT', 'INSERT OR REPLACE'));
    expect(() => run(open(S2, '22'))).to.not.throw();
  });

  it('it refuses a sequence that ends twice, opens again, says something else or goes', () => {
    terminate();
    refused('sequence_ends_once', "UPDATE sequence SET state = 'closed' WHERE sequence_nr = 1");
    refused('sequence_ends_once', "UPDATE sequence SET state = 'open', ended = NULL WHERE sequence_nr = 1");
    refused('sequence_is_never_deleted', 'DELETE FROM sequence');
    const db = new Direct().db;
    db.exec(`INSERT INTO sequence (identifier, akasse, koder, state, antal, opened, last_call)
             VALUES ('${S2}', '11', '[]', 'open', 1, '${AT}', '${AT}')`);
    for (const change of ["akasse = '22'", 'antal = 2', `identifier = '${S1}'`, "opened = ''"]) {
      expect(() => db.exec(`UPDATE sequence SET ${change}`), change).to.throw(
        'sequence_never_says_something_else',
      );
    }
    db.close();
  });

  it('it refuses more beskeder than a sequence may hold, a state there is not, and an open one that is empty', () => {
    const made = (state: string, antal: number): string =>
      `INSERT INTO sequence (identifier, akasse, koder, state, antal, opened, last_call, ended)
       VALUES ('${S2}', '22', '[]', '${state}', ${antal}, '${AT}', '${AT}', ${state === 'open' ? 'NULL' : `'${AT}'`})`;
    for (const [state, antal] of [
      ['open', 501],
      ['open', 0],
      ['closed', 0],
      ['forgotten', 1],
    ] as const) {
      refused(/CHECK constraint failed/, made(state, antal));
    }
    expect(() => run(made('open', 500))).to.not.throw();
  });

  it('it refuses to hold what has no recipient, has left, or is of another citizen; or to hold it too late', () => {
    const rule = 'sequence_besked_waits_in_the_queue';
    refused(rule, hold(1, 3));
    run(`INSERT INTO sequence (identifier, akasse, koder, state, antal, opened, last_call)
         VALUES ('${S2}', '22', '[]', 'open', 1, '${AT}', '${AT}')`);
    refused(rule, hold(2, 1)); // two open ones over the same besked
    refused(rule, `INSERT INTO sequence_besked VALUES (1, 2, '2902610099')`);
    terminate();
    refused(rule, hold(1, 2));
  });

  it('it refuses to change or take away what a sequence holds', () => {
    refused('sequence_besked_is_never_changed', 'UPDATE sequence_besked SET besked_nr = 2');
    refused('sequence_besked_is_never_deleted', 'DELETE FROM sequence_besked');
  });

  it('it lets what nobody has fetched be forgotten once it is given back, and nothing else', () => {
    const close = (fetched: string): void =>
      run(
        `UPDATE sequence SET state = 'closed', ended = '${AT}', fetched = ${fetched} WHERE sequence_nr = 1`,
      );
    direct.db.exec('SAVEPOINT here');
    close(`'${AT}'`);
    refused('sequence_besked_is_never_deleted', 'DELETE FROM sequence_besked');
    direct.db.exec('ROLLBACK TO here');
    close('NULL');
    expect(() => run('DELETE FROM sequence_besked')).to.not.throw();
  });
});
