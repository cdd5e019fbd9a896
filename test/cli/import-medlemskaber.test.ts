// `pension import medlemskaber`: all of the file or nothing, every bad line named, the same file twice no change.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { type CliResult, pension, worldEnv } from '../support/cli.ts';
import { demoWorld, startTestService, type TestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const HEADER = 'personnummer,akasse,start,slut,afgangsaarsag,efterloen,tilbagekaldt';
const csv = (...lines: string[]): string => `${[HEADER, ...lines].join('\n')}\n`;

describe('pension import medlemskaber', () => {
  let env: Record<string, string>;
  let dir: string;
  beforeEach(async () => {
    env = worldEnv(await demoWorld()); // with a new store
    dir = tempDir();
  });

  const load = (content: string | Uint8Array, ...options: string[]): Promise<CliResult> => {
    const file = path.join(dir, 'medlemskaber.csv');
    writeFileSync(file, content);
    return pension(['import', 'medlemskaber', file, ...options], { env });
  };
  const loaded = async (content: string, ...options: string[]): Promise<Record<string, number>> => {
    const { code, stdout, stderr } = await load(content, '--json', ...options);
    expect(code).to.equal(0);
    expect(stderr).to.match(/^(?:There was no store .*pension\.db; it has been made\.\n)?$/);
    return JSON.parse(stdout);
  };
  /** What is said of each bad line. */
  const refused = async (content: string | Uint8Array, ...options: string[]): Promise<[number, string][]> => {
    const { code, stdout, stderr } = await load(content, ...options);
    expect({ code, stdout }, stderr).to.deep.equal({ code: 1, stdout: '' });
    const [last, ...lines] = stderr.trimEnd().split('\n').reverse();
    expect(last).to.match(new RegExp(`has ${lines.length} bad line\\(s\\); nothing was changed`));
    return lines.reverse().map((line) => {
      const [, number, reason] = /^.*medlemskaber\.csv:(\d+): (.*)$/.exec(line)!;
      return [Number(number), reason!];
    });
  };

  it('counts what is new, changed, unchanged, and changes nothing by the same file again', async () => {
    const first = csv('2902610001,11,2000-01-01,,,,', '2902610002,22,2000-01-01,2010-01-01,U,2010-01-02,');
    expect(await loaded(first)).to.deep.equal({ new: 2, changed: 0, unchanged: 0, recalled: 0, released: 0 });
    expect(await loaded(first)).to.deep.equal({ new: 0, changed: 0, unchanged: 2, recalled: 0, released: 0 });
    const next = csv('2902610002,22,2000-01-01,2010-01-01,U,,', '2902610003,67,2000-01-01,,,,');
    expect(await loaded(next)).to.deep.equal({ new: 1, changed: 1, unchanged: 0, recalled: 0, released: 0 });
  });

  it('says the counts to people too', async () => {
    const { code, stdout } = await load(csv('2902610001,11,2000-01-01,,,,'));
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'new 1, changed 0, unchanged 0\n' });
  });

  it('recalls with --whole what is not in the file, once', async () => {
    await loaded(csv('2902610001,11,2000-01-01,,,,', '2902610002,22,2000-01-01,,,,'));
    const whole = csv('2902610001,11,2000-01-01,,,,');
    expect(await loaded(whole, '--whole')).to.deep.equal({
      new: 0,
      changed: 0,
      unchanged: 1,
      recalled: 1,
      released: 0,
    });
    expect(await loaded(whole, '--whole')).to.deep.equal({
      new: 0,
      changed: 0,
      unchanged: 1,
      recalled: 0,
      released: 0,
    });
  });

  it('reads a file with byte order mark, CRLF, quotes and its columns in another order', async () => {
    const content = `\uFEFFakasse,personnummer,start,slut,afgangsaarsag,efterloen,tilbagekaldt\r\n"11",2902610001,"2000-01-01",,,,true\r\n`;
    expect(await loaded(content)).to.include({ new: 1 });
  });

  it('names every bad line with its reason, repeats no personnummer, and loads nothing', async () => {
    const good = '2902610001,11,2000-01-01,,,,';
    const bad = await refused(
      csv(
        good,
        '010160-0001,11,2000-01-01,,,,',
        '2902610002,99,2000-01-01,,,,',
        '2902610003,11,2000-02-30,,,,',
        '2902610004,11,2000-01-01,1999-12-31,,,',
        '2902610005,11,2000-01-01,,X,,',
        '2902610006,11,2000-01-01,,,1.1.2020,',
        '2902610007,11,2000-01-01,,,,yes',
        '2902610008,11',
        '2902630009,99,x,,,,nej',
      ),
    );
    const reasons = [
      /personnummer must be ten digits/,
      /akasse is not in the list/,
      /start must be an existing date/,
      /slut is before start/,
      /afgangsaarsag must be one of S, K/,
      /efterloen must be an existing date/,
      /tilbagekaldt must be true or empty/,
      /has 2 fields; expected 7/,
      /akasse .*; start .*; tilbagekaldt/,
    ];
    expect(bad.map(([line]) => line)).to.deep.equal(reasons.map((_, at) => at + 3));
    for (const [at, reason] of reasons.entries()) expect(bad[at]![1]).to.match(reason);
    expect(JSON.stringify(bad)).not.to.match(/0101600|010160-/);
    expect(await loaded(csv(good)), 'nothing was there').to.include({ new: 1 });
  });

  it('names the lines that do not go together, and loads nothing', async () => {
    await loaded(csv('2902610001,11,2000-01-01,2005-12-31,,,'));
    const bad = await refused(
      csv(
        '2902610002,11,2000-01-01,,,,',
        '2902610002,22,2000-01-01,,,,',
        '2902610003,11,2000-01-01,,,,',
        '2902610003,11,2000-01-01,2001-01-01,,,',
        '2902610001,22,2005-12-31,,,,',
      ),
    );
    const lines = new Set(bad.map(([line]) => line));
    expect(bad.find(([line]) => line === 2 || line === 3)?.[1]).to.match(/start on 2000-01-01/);
    expect(lines.has(5)).to.equal(true);
    expect(bad.find(([line]) => line === 5)?.[1]).to.match(/stand on line 4 already/);
    expect(bad.find(([line]) => line === 6)?.[1]).to.match(
      /ends on 2005-12-31, on or after the next start .* in the register already/,
    );
    expect(await loaded(csv('2902610003,11,2000-01-01,,,,'))).to.include({ new: 1 });
  });

  it('names in one run what is wrong with a line and what does not go together', async () => {
    const bad = await refused(
      csv(
        '2902610001,99,2000-01-01,,,,',
        '2902610002,11,2000-01-01,,,,',
        '2902610002,22,2000-01-01,,,,',
        'x',
      ),
    );
    expect(bad.map(([line]) => line)).to.deep.equal([2, 3, 5]);
  });

  it('writes every bad line as CSV too, or the header alone when there is none', async () => {
    const errors = path.join(dir, 'errors.csv');
    await refused(csv('2902610001,99,2000-01-01,,X,,', 'x,y'), '--errors', errors);
    const [header, ...lines] = readFileSync(errors, 'utf8').split('\n');
    expect(header).to.equal('line,reason');
    expect(lines).to.have.length(3);
    expect(lines[0]).to.match(/^2,"?akasse is not in the list of a-kasser; afgangsaarsag must be .*"$/);
    expect(lines[1]).to.equal('3,it has 2 fields; expected 7');
    await loaded(csv('2902610001,11,2000-01-01,,,,'), '--errors', errors);
    expect(readFileSync(errors, 'utf8')).to.equal('line,reason\n');
  });

  it('loads nothing when the file for errors cannot be written', async () => {
    const nowhere = path.join(dir, 'none', 'errors.csv');
    const { code, stderr } = await load(csv('2902610001,11,2000-01-01,,,,'), '--errors', nowhere);
    expect({ code, stderr }).to.have.property('code', 1);
    expect(stderr).to.match(/errors\.csv cannot be written/);
    expect(await loaded(csv('2902610001,11,2000-01-01,,,,'))).to.include({ new: 1 });
  });

  it('writes no list of errors over anything but such a list', async () => {
    const store = env.PENSION_STORE!.replace('sqlite:', '');
    await loaded(csv());
    const before = readFileSync(store);
    const { code, stderr } = await load(csv(), '--errors', store);
    expect(code).to.equal(1);
    expect(stderr).to.match(/is there and is no list of bad lines; name another one/);
    expect(readFileSync(store).equals(before)).to.equal(true);
    const list = path.join(tempDir(), 'errors.csv');
    for (let run = 0; run < 2; run += 1) await loaded(csv(), '--errors', list);
    expect(readFileSync(list, 'utf8')).to.equal('line,reason\n');
  });

  it('refuses a file that is something else', async () => {
    expect(await refused('')).to.deep.equal([[1, 'the file is empty; expected a header line']]);
    expect((await refused('a,b\n'))[0]).to.match(/1,the header line must be personnummer,akasse,/);
    const latin1 = Buffer.from(csv('2902610001,11,2000-01-01,,æ,,'), 'latin1');
    expect(await refused(latin1)).to.deep.equal([[2, 'it is not UTF-8']]);
    const none = await pension(['import', 'medlemskaber', path.join(dir, 'none.csv')], { env });
    expect(none.stderr).to.match(/none\.csv cannot be read/);
    expect(none.code).to.equal(1);
    const folder = await pension(['import', 'medlemskaber', dir], { env });
    expect(folder.stderr).to.match(/cannot be read \(it is a folder\)/);
    expect(folder.code).to.equal(1);
  });

  it('names the settings that are missing', async () => {
    const { code, stderr } = await pension(['import', 'medlemskaber', 'x.csv']);
    expect(stderr).to.match(/PENSION_ORGANISATIONER is not set/);
    expect(code).to.equal(1);
  });

  it('is seen at once by a service that runs on the same store', async () => {
    const service: TestService = await startTestService({ PENSION_STORE: env.PENSION_STORE! });
    try {
      const read = () =>
        pension(['call', 'get', '2902610001', '--as', '11', '--url', service.url, '--world', service.world]);
      expect((await read()).stderr).to.match(/4575/);
      await loaded(csv('2902610001,11,2000-01-01,,,,'));
      expect((await read()).stdout).to.equal('no forløb\n');
      await loaded(csv('2902610001,11,2000-01-01,,,,true'));
      expect((await read()).stderr).to.match(/4575/);
    } finally {
      await service.stop();
    }
  });
});
