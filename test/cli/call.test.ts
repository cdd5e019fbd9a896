// `pension call save` and `call get`: one call, its answer for people or as JSON, its refusal with code and remedy.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readSaveFile } from '../../src/cli/client/save-file.ts';
import { CommandFailed } from '../../src/cli/outcome.ts';
import { encodeSaveRequest } from '../../src/contract/encode.ts';
import { type CliOptions, pension } from '../support/cli.ts';
import { saveEnvelope } from '../support/envelopes.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const MEDLEM11 = '2902610001';
const OVERGANG = { TidligPensionOvergangsdato: '2026-01-01', TidligPensionAfgoerelsesdato: '2025-11-20' };

describe('pension call', () => {
  const dir = tempDir();
  let service: TestService;
  let at: readonly string[];
  before(async () => {
    service = await startTestService();
    at = ['--url', service.url, '--world', service.world];
  });
  after(() => service.stop());

  const call = (what: string, argument: string, more: readonly string[] = [], options: CliOptions = {}) =>
    pension(['call', what, argument, ...at, ...more], options);

  const file = (name: string, text: string): string => {
    writeFileSync(path.join(dir, name), text);
    return path.join(dir, name);
  };

  describe('save', () => {
    const json = (personnummer: string, more: object = {}): string =>
      JSON.stringify({
        personnummer,
        overgangTilTidligPension: {
          tidligPensionOvergangsdato: '2026-01-01',
          tidligPensionAfgoerelsesdato: '2025-11-20',
          tidligPensionOphoersdato: null,
        },
        ...more,
      });
    const request = (Personnummer: string) => ({ Personnummer, OvergangTilTidligPension: OVERGANG });

    /** Saves, and gives the forløb that the citizen then has. */
    async function savedAs(personnummer: string, argument: string, options: CliOptions = {}) {
      const { code, stdout, stderr } = await call('save', argument, [], options);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(new RegExp(`^saved ${GUID.source}\n$`));
      const read = await call('get', personnummer, ['--json']);
      const [forloeb, ...others] = JSON.parse(read.stdout);
      expect(others).to.deep.equal([]);
      expect(stdout).to.contain(forloeb.tidligPensionIdentifier);
      return forloeb.overgangTilTidligPension;
    }
    const overgang = {
      tidligPensionOvergangsdato: '2026-01-01',
      tidligPensionAfgoerelsesdato: '2025-11-20',
    };

    it('reads JSON', async () => {
      expect(await savedAs('2902630001', file('a.json', `\uFEFF${json('2902630001')}`))).to.deep.equal(
        overgang,
      );
    });
    it('reads the request as XML', async () => {
      const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${encodeSaveRequest(request('2902630002'))}`;
      expect(await savedAs('2902630002', file('b.xml', xml))).to.deep.equal(overgang);
    });
    it('reads the request out of a whole envelope', async () => {
      expect(await savedAs('2902630003', file('c.xml', saveEnvelope(request('2902630003'))))).to.deep.equal(
        overgang,
      );
    });
    it('reads standard input for -', async () => {
      expect(await savedAs('2902630004', '-', { stdin: json('2902630004') })).to.deep.equal(overgang);
    });

    it('prints the identifier as JSON, and overwrites what has one', async () => {
      const first = await call('save', '-', ['--json'], { stdin: json('2902630005') });
      const { tidligPensionIdentifier } = JSON.parse(first.stdout);
      const stdin = json('2902630005', { tidligPensionIdentifier, overgangTilTidligPension: null });
      const second = await call('save', '-', ['--json'], { stdin });
      expect(JSON.parse(second.stdout)).to.deep.equal({ tidligPensionIdentifier });
      expect((await call('get', '2902630005')).stdout).to.equal(
        `forløb ${tidligPensionIdentifier}\n  annulled\n`,
      );
    });

    it('ends with code 1 on a refusal, with its code, text, remedy and Source', async () => {
      await call('save', '-', [], { stdin: json('2902630006') });
      const { code, stdout, stderr } = await call('save', '-', ['--json'], { stdin: json('2902630006') });
      expect(stderr).to.match(/9434 \(Forløb må ikke overlappe andet Tidlig Pension forløb\)/);
      expect(stderr)
        .to.match(/End or annul the forløb/)
        .and.match(new RegExp(`Source ${GUID.source}`));
      expect(stderr).not.to.contain('2902630006');
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    });

    const unusable: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
      'is neither JSON nor XML': ['personnummer,start', /neither JSON nor XML; see .*--help/],
      'is empty': ['', /neither JSON nor XML/],
      'is no object': ['[]', /must be an object/],
      'has a field nobody knows': [
        '{"personummer":"2902630007"}',
        /unknown field personummer; known: Personnummer/,
      ],
      'lacks the personnummer': ['{}', /expected Personnummer/],
      'has a number for a text': ['{"personnummer":101610007}', /ten digits/],
      'has a date that does not exist': [
        json('2902630007').replace('2026-01-01', '2026-02-30'),
        /existing calendar date/,
      ],
      'is not well-formed XML': ['<a>\n<b></a>', /not well-formed XML: line 2, column \d+/],
      'is XML about something else': ['<a/>', /holds no SaveTidligPensionRequest in the namespace/],
    };
    for (const [what, [text, says]] of Object.entries(unusable)) {
      it(`takes no file that ${what}`, () => {
        expect(() => readSaveFile(text))
          .to.throw(CommandFailed, says)
          .with.property('message')
          .that.does.not.contain('2902630007');
      });
    }
    it('sends nothing of a file that it cannot use, and says why', async () => {
      const [bad, none] = await Promise.all([
        call('save', '-', [], { stdin: '{}' }),
        call('save', path.join(dir, 'none.json')),
      ]);
      expect(bad.stderr).to.match(/^pension: The file is not valid: .*expected Personnummer/);
      expect(none.stderr).to.match(/^pension: .*none\.json cannot be read/);
      for (const { code, stdout } of [bad, none])
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    });
  });

  describe('get', () => {
    it('shows every forløb with its dates', async () => {
      const stdin = JSON.stringify({
        Personnummer: '2902630010',
        OvergangTilTidligPension: { ...OVERGANG, TidligPensionOphoersdato: '2026-06-30' },
        Kompensationsudbetaling: { Kompensationsafgoerelsesdato: '2026-02-02' },
      });
      await call('save', '-', [], { stdin });
      const { code, stdout, stderr } = await call('get', '2902630010');
      expect(stdout.replace(GUID, 'GUID')).to.equal(
        'forløb GUID\n  tidlig pension   2026-01-01 to 2026-06-30, decided 2025-11-20\n  kompensation     decided 2026-02-02\n',
      );
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    });
    it('says so when there is no forløb', async () => {
      const [people, program] = await Promise.all([call('get', MEDLEM11), call('get', MEDLEM11, ['--json'])]);
      expect(people).to.include({ code: 0, stdout: 'no forløb\n' });
      expect(program).to.include({ code: 0, stdout: '[]\n' });
    });
    it('reads the personnummer from standard input for -', async () => {
      const [good, bad] = await Promise.all([
        call('get', '-', [], { stdin: ` ${MEDLEM11}\r\n` }),
        call('get', '-', [], { stdin: '' }),
      ]);
      expect(good).to.include({ code: 0, stdout: 'no forløb\n' });
      expect(bad).to.include({ code: 2, stdout: '' });
      expect(bad.stderr).to.match(/ten digits/);
    });
  });
});
