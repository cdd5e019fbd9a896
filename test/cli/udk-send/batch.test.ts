// A batch file is taken whole or refused whole: every bad line by its number and with its reason.

import { expect } from 'chai';
import { readBatch } from '../../../src/cli/udk-send/batch.ts';
import { demoWorld } from '../../support/service.ts';
import { batch, batchFolder, HEADER, newForloeb } from './batches.ts';

const GOOD = newForloeb(1);
const UNSENT = 'https://127.0.0.1:1';

const badOf = (content: string | Uint8Array): [line: number, reason: string][] => {
  const read = readBatch(Buffer.from(content as string));
  return read.ok ? [] : read.bad.map(({ line, reason }) => [line, reason]);
};
const linesOf = (content: string) => {
  const read = readBatch(Buffer.from(content));
  if (!read.ok) throw new Error(JSON.stringify(read.bad));
  return read.lines;
};

describe('a batch file', () => {
  it('says of each line what is to be sent', () => {
    const [line] = linesOf(
      batch('r,2902620001,5F1D0C30-0001-4000-8000-000000000004,2026-01-01,2025-11-20,2026-02-03,2026-02-04'),
    );
    expect(line).to.deep.equal({
      line: 2,
      reference: 'r',
      request: {
        Personnummer: '2902620001',
        TidligPensionIdentifier: '5f1d0c30-0001-4000-8000-000000000004',
        OvergangTilTidligPension: {
          TidligPensionOvergangsdato: '2026-01-01',
          TidligPensionAfgoerelsesdato: '2025-11-20',
          TidligPensionOphoersdato: '2026-02-03',
        },
        Kompensationsudbetaling: { Kompensationsafgoerelsesdato: '2026-02-04' },
      },
    });
  });

  it('leaves out what a line leaves empty', () => {
    expect(linesOf(batch('r,2902620001,,,,,'))[0]!.request).to.deep.equal({ Personnummer: '2902620001' });
  });

  it('may have no lines', () => expect(linesOf(`${HEADER}\n`)).to.deep.equal([]));

  const forms: Readonly<Record<string, string>> = {
    'LF line ends': `${HEADER}\n${GOOD}\n`,
    'CRLF line ends': `${HEADER}\r\n${GOOD}\r\n`,
    'no line end at the end': `${HEADER}\n${GOOD}`,
    'a byte order mark': `\uFEFF${HEADER}\n${GOOD}\n`,
    'a byte order mark and quotes': `\uFEFF"${HEADER.replaceAll(',', '","')}"\r\n"${GOOD.replaceAll(',', '","')}"\r\n`,
    'empty lines at the end': `${HEADER}\n${GOOD}\n\n\n`,
  };
  for (const [form, content] of Object.entries(forms)) {
    it(`may have ${form}`, () => expect(linesOf(content)).to.deep.equal(linesOf(batch(GOOD))));
  }

  it('may have its columns in another order', () => {
    const content = `${HEADER.split(',').reverse().join(',')}\n${GOOD.split(',').reverse().join(',')}\n`;
    expect(linesOf(content)).to.deep.equal(linesOf(batch(GOOD)));
  });

  it('may have commas, quotes and line ends in a quoted reference', () => {
    expect(linesOf(batch(`"a ""b"", c\nd"${GOOD.slice(5)}`))[0]!.reference).to.equal('a "b", c\nd');
  });

  const bad: Readonly<Record<string, readonly [line: string, reason: RegExp]>> = {
    'no reference': [',2902620001,,2026-01-01,2025-11-20,,', /^reference is empty$/],
    'a blank reference': [' ,2902620001,,2026-01-01,2025-11-20,,', /^reference is empty$/],
    'no personnummer': ['r,,,2026-01-01,2025-11-20,,', /personnummer must be ten digits/],
    'a hyphen in the personnummer': [
      'r,290262-0001,,2026-01-01,2025-11-20,,',
      /personnummer must be ten digits/,
    ],
    'an impossible day': ['r,3201620001,,2026-01-01,2025-11-20,,', /a possible day and month/],
    'an identifier that is no GUID': [
      'r,2902620001,1234,2026-01-01,2025-11-20,,',
      /tidligPensionIdentifier must be a GUID/,
    ],
    'the GUID of zeros': ['r,2902620001,00000000-0000-0000-0000-000000000000,,,,2026-01-01', /not all zeros/],
    'a date that does not exist': [
      'r,2902620001,,2026-02-30,2025-11-20,,',
      /^overgangsdato must be an existing date/,
    ],
    'a date written otherwise': [
      'r,2902620001,,01-01-2026,2025-11-20,,',
      /^overgangsdato must be .*YYYY-MM-DD/,
    ],
    'a date with a zone': ['r,2902620001,,2026-01-01Z,2025-11-20,,', /^overgangsdato must be/],
    'the unset date of .NET': ['r,2902620001,,,,,0001-01-01', /^kompensationsafgoerelsesdato must be/],
    'no afgoerelsesdato': [
      'r,2902620001,,2026-01-01,,,',
      /overgangsdato and afgoerelsesdato belong together/,
    ],
    'only an afgoerelsesdato': ['r,2902620001,,,2026-01-01,,', /belong together/],
    'only an ophoersdato': ['r,2902620001,,,,2026-01-01,', /ophoersdato needs an overgangsdato/],
    'too few fields': ['r,2902620001', /it has 2 fields; expected 7/],
    'too many fields': [`${GOOD},x`, /it has 8 fields; expected 7/],
    'the reference of an earlier line': [GOOD, /reference is the same as on line 2/],
  };
  for (const [what, [line, reason]] of Object.entries(bad)) {
    it(`is refused for a line with ${what}`, () => {
      const [found, ...others] = badOf(batch(GOOD, line, newForloeb(2)));
      expect(others).to.deep.equal([]);
      expect(found![0]).to.equal(3);
      expect(found![1])
        .to.match(reason)
        .and.not.match(/\d{6}-?\d{4}/);
    });
  }

  it('has every problem of a line reported, and every bad line', () => {
    const found = badOf(batch('r,1,x,,,2026-01-01,', GOOD, ',2902620001,,,,,', 'a'));
    expect(found.map(([line]) => line)).to.deep.equal([2, 4, 5]);
    expect(found[0]![1]).to.match(/personnummer .*; tidligPensionIdentifier .*; ophoersdato needs/);
  });

  it('is refused when it is something else', () => {
    expect(badOf('')).to.deep.equal([[1, 'the file is empty; expected a header line']]);
    expect(badOf('\n\n')).to.deep.equal([[1, 'the file is empty; expected a header line']]);
    expect(badOf(Buffer.from(batch('ø'), 'latin1'))).to.deep.equal([[2, 'it is not UTF-8']]);
    expect(badOf(Buffer.from(batch(GOOD), 'utf16le')).map(([line]) => line)).to.deep.equal([1]);
    expect(badOf(`${GOOD}\n`)[0]![1]).to.match(/^the header line must be reference,personnummer,/);
    expect(badOf(`${HEADER},more\n`)[0]![1]).to.match(/unknown: 1 column/);
    expect(badOf(`${HEADER.replace('ophoersdato', 'ophørsdato')}\n`)[0]![1]).to.match(/missing: ophoersdato/);
    expect(badOf(`${HEADER},reference\n`)[0]![1]).to.match(/^the header line must be/);
  });

  describe('has its lines numbered as an editor shows them', () => {
    const multi = (number: number, end = '\n'): string =>
      `"a${end}b${end}${number}"${newForloeb(number).slice(5)}`;
    for (const end of ['\n', '\r\n']) {
      const name = end === '\n' ? 'LF' : 'CRLF';
      const numbers = (...lines: string[]): number[] =>
        badOf([HEADER, ...lines, ''].join(end)).map(([line]) => line);
      it(`after empty lines (${name})`, () => expect(numbers('', GOOD, '', 'bad')).to.deep.equal([5]));
      it(`after a field of several lines (${name})`, () => {
        expect(numbers(multi(1, end), 'bad', multi(2, end), GOOD, 'bad')).to.deep.equal([5, 10]);
      });
      it(`in a record of several lines, where it begins (${name})`, () => {
        expect(numbers(GOOD, `${multi(1, end)},more`, GOOD)).to.deep.equal([3, 6]);
      });
      it(`in a record of several lines after an empty line (${name})`, () => {
        expect(numbers('', `${multi(1, end)},more`)).to.deep.equal([3]);
      });
    }

    it('where quotes are wrong, without hiding the lines that follow', () => {
      const wrong = badOf(batch(GOOD, `x"y${GOOD.slice(5)}`, 'bad', `"z"z${GOOD.slice(5)}`, 'bad'));
      expect(wrong.map(([line]) => line)).to.deep.equal([3, 4, 5, 6]);
      expect(wrong[0]![1]).to.match(/quotes are not as in RFC 4180/);
    });
    it('and a line is good whose predecessor has wrong quotes', () => {
      expect(badOf(batch(`"z"z${GOOD.slice(5)}`, GOOD)).map(([line]) => line)).to.deep.equal([2]);
    });
    it('where a quote is opened and never closed', () => {
      const wrong = badOf(batch(GOOD, `"x${GOOD.slice(5)}`, newForloeb(2), newForloeb(3)));
      expect(wrong.map(([line]) => line)).to.deep.equal([3]);
    });
  });

  it('with a bad line is not sent at all: exit code 1, each line on stderr, no personnummer, no receipts', async () => {
    const folder = batchFolder(await demoWorld(), batch(GOOD, '2902620009,29026200091,,,,,', 'x,2902620008'));
    const { code, stdout, stderr } = await folder.start(UNSENT).result;
    expect(stderr)
      .to.contain(`${folder.file}:3: personnummer`)
      .and.contain(`${folder.file}:4: it has 2 fields`);
    expect(stderr).to.match(/has 2 bad line\(s\); nothing was sent\. Correct them/);
    expect(stderr).not.to.match(/290262\d{4}/);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(folder.read()).to.deep.equal([]);
  });

  it('with nothing in it is sent at once', async () => {
    const folder = batchFolder(await demoWorld(), batch());
    expect((await folder.start(UNSENT).result).code).to.equal(0);
  });
});
