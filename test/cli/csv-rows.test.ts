// CSV is read in pieces, and the pieces do not show: wherever the file is cut, and whichever way a row is read.

import { expect } from 'chai';
import fc from 'fast-check';
import { readCsv } from '../../src/cli/csv.ts';
import { anyRow, MAX_ROW, type Row, readRows } from '../../src/cli/csv-rows.ts';
import { itRandomly } from '../domain/random.ts';

const rows = (...chunks: (string | Uint8Array)[]): Row[] => [
  ...readRows(chunks.map((chunk) => Buffer.from(chunk as string))),
];
const problems = (...chunks: (string | Uint8Array)[]) =>
  rows(...chunks).map(({ line, fields, problem }) => [line, problem ?? fields]);

/** Reads row after row by the general way only. */
function slowly(text: string): Row[] {
  const found: Row[] = [];
  for (let at = 0, line = 1; at < text.length; ) {
    const { fields, length, lineEnds, problem } = anyRow(text.slice(at));
    const next = text.indexOf('\n', at) + 1;
    if (problem !== undefined) found.push({ line, fields, problem });
    else if (fields.length > 1 || fields[0] !== '') found.push({ line, fields });
    at = problem === undefined ? at + length : next === 0 ? text.length : next;
    line += problem === undefined ? lineEnds : 1;
  }
  return found;
}

/** Text that is CSV, nearly CSV, or not at all. */
const csvLike = fc
  .array(fc.constantFrom('a', 'bc', ',', ',', '"', '""', '\n', '\n', '\r\n', '\r', ' ', '1'), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));
const danish = fc
  .array(fc.constantFrom('a', ',', '"', '\n', 'æ', 'Ø', '€', '😀', '\uFEFF'), { maxLength: 20 })
  .map((parts) => parts.join(''));

describe('rows of CSV', () => {
  itRandomly(
    'are the same the fast way and the general way',
    fc.property(csvLike, (text) => {
      expect(rows(text)).to.deep.equal(slowly(text));
    }),
    3000,
  );

  itRandomly(
    'are the same wherever the file is cut in two, and when it comes byte by byte',
    fc.property(fc.oneof(csvLike, danish), (text) => {
      const bytes = Buffer.from(text);
      const whole = rows(bytes);
      for (let at = 0; at <= bytes.length; at += 1) {
        expect(rows(bytes.subarray(0, at), bytes.subarray(at)), `cut at ${at}`).to.deep.equal(whole);
      }
      expect(rows(...Array.from(bytes, (byte) => Buffer.of(byte)))).to.deep.equal(whole);
    }),
    300,
  );

  itRandomly(
    'are what was written, by line, with any text in the fields',
    fc.property(
      fc.array(fc.array(fc.oneof(fc.string(), danish, csvLike), { minLength: 2, maxLength: 4 }), {
        maxLength: 5,
      }),
      fc.constantFrom('\n', '\r\n'),
      (table, lineEnd) => {
        const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
        const text = `\uFEFF${table.map((fields) => fields.map(quoted).join(',') + lineEnd).join('')}`;
        let line = 1;
        const expected = table.map((fields) => {
          const row = { line, fields };
          line += 1 + fields.join('').split('\n').length - 1;
          return row;
        });
        expect(rows(text)).to.deep.equal(expected);
      },
    ),
  );

  it('may be as long as the limit, and not longer, quoted or not, with any line end', () => {
    for (const end of ['\n', '\r\n', '']) {
      for (const [open, close] of [
        ['', ''],
        ['"', '"'],
      ] as const) {
        const fill = (length: number): string =>
          open + 'x'.repeat(length - open.length - close.length) + close;
        const after = end && 'next\n';
        expect(rows(fill(MAX_ROW) + end + after)[0], JSON.stringify(end)).to.not.have.property('problem');
        expect(problems(fill(MAX_ROW + 1) + end + after)).to.deep.equal([
          [1, `it is longer than ${MAX_ROW} bytes`],
          ...(end ? [[2, ['next']]] : []),
        ]);
      }
    }
  });

  it('that are too long are passed over, however far the next line is, wherever they are cut', () => {
    const long = 'y'.repeat(100_000);
    const expected = [
      [1, ['a']],
      [2, `it is longer than ${MAX_ROW} bytes`],
      [3, ['b']],
    ];
    expect(problems('a\n', ...Array(20).fill(long), '\nb\n')).to.deep.equal(expected);
    expect(problems('a\n"', ...Array(20).fill(long), '\nb\n')).to.deep.equal(expected);
  });

  it('go on with the next line after a quote that is never closed, near the end or far from it', () => {
    expect(problems('a\n"b\nc\n')).to.deep.equal([
      [1, ['a']],
      [2, 'the quotes are not as in RFC 4180: one is opened and never closed'],
      [3, ['c']],
    ]);
    const many = 'c,d\n'.repeat(50_000);
    const found = rows('a\n"b\n', many);
    expect(found).to.have.length(50_002);
    expect(found[1]).to.deep.include({ line: 2, problem: `it is longer than ${MAX_ROW} bytes` });
    expect(found.at(-1)).to.deep.equal({ line: 50_002, fields: ['c', 'd'] });
  });

  it('with bytes that are not UTF-8 are named by their line, and spoil no other', () => {
    const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
    expect(problems(latin1('a,b\næ,ø\nc,d\n"e\nå",f\ng,h\n'))).to.deep.equal([
      [1, ['a', 'b']],
      [2, 'it is not UTF-8'],
      [3, ['c', 'd']],
      [4, 'it is not UTF-8'],
      [6, ['g', 'h']],
    ]);
  });
});

describe('a CSV file', () => {
  it('whose first line is not the header gives nothing but that', () => {
    const { records, bad } = readCsv(Buffer.from('a,c\n1,2\n'), ['a', 'b']);
    expect(records).to.deep.equal([]);
    expect(bad).to.deep.equal([
      { line: 1, reason: 'the header line must be a,b; missing: b; unknown: 1 column(s)' },
    ]);
  });

  it('gives records by name, and each line that cannot be one', () => {
    const { records, bad } = readCsv(Buffer.from('b,a\r\n1,2\r\n\r\n3\r\n"4","5"\r\n'), ['a', 'b']);
    expect(records).to.deep.equal([
      { line: 2, values: { a: '2', b: '1' } },
      { line: 5, values: { a: '5', b: '4' } },
    ]);
    expect(bad).to.deep.equal([{ line: 4, reason: 'it has 1 fields; expected 2' }]);
  });
});
