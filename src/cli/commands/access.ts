// `pension access`: prints who may do what, from the policy table that the service judges by.

import type { Command } from 'commander';
import {
  AFVISNINGER,
  OMFANG,
  ORGANISATIONSARTER,
  TIDLIGERE_MAANEDER,
  TILLADTE_ORGANISATIONER,
} from '../../access/tilladte-organisationer.ts';
import { readSome } from '../some-settings.ts';

/** For how long a former a-kasse may read, and whether the environment says so or nobody does. */
interface Months {
  readonly months: number;
  readonly from: 'setting' | 'default';
}

/** Adds the command. */
export function addAccess(program: Command): void {
  program
    .command('access')
    .description('print who may do what: the policy table that the service judges by')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Works without any settings. ${TIDLIGERE_MAANEDER.setting} is read from the environment of this command; give it the
one of the service to see what holds there.

Example:
  pension access`,
    )
    .action(({ json = false }: { json?: boolean }) => {
      const former = formerMonths(process.env);
      process.stdout.write(json ? `${JSON.stringify(policy(former))}\n` : describe(former));
    });
}

/** Reads this one setting, by the rule of the service; what else a service needs is not asked for. */
function formerMonths(env: Readonly<Record<string, string | undefined>>): Months {
  const value = env[TIDLIGERE_MAANEDER.setting];
  const { [TIDLIGERE_MAANEDER.setting]: months } = readSome(env, TIDLIGERE_MAANEDER.setting);
  return { months, from: value ? 'setting' : 'default' };
}

const policy = ({ months, from }: Months) => ({
  formerMonths: months,
  formerMonthsFrom: from,
  operations: Object.fromEntries(
    Object.entries(TILLADTE_ORGANISATIONER).map(([operation, celler]) => [
      operation,
      Object.fromEntries(Object.entries(celler).map(([art, celle]) => [art, cellAsJson(celle)])),
    ]),
  ),
  scopes: Object.fromEntries(
    Object.entries(OMFANG).map(([omfang, { navn, regler }]) => [
      omfang,
      { name: navn, rules: Object.values(regler) },
    ]),
  ),
  refusals: Object.values(AFVISNINGER).map(({ kode, naar }) => ({ errorCode: kode, when: naar })),
});

function describe({ months, from }: Months): string {
  const arter = Object.keys(ORGANISATIONSARTER) as (keyof typeof ORGANISATIONSARTER)[];
  const table = [
    ['operation', ...Object.values(ORGANISATIONSARTER)],
    ...Object.entries(TILLADTE_ORGANISATIONER).map(([operation, celler]) => [
      operation,
      ...arter.map((art) => cellInWords(celler[art])),
    ]),
  ];
  const scopes = Object.entries(OMFANG).flatMap(([omfang, { navn, regler }]) => [
    `${navn} (${omfang})`,
    ...Object.values(regler).map(listItem),
    '',
  ]);
  return [
    'Who may do what (tilladte organisationer)',
    '',
    ...columns(table),
    '',
    ...scopes,
    `N is ${months} calendar months (${TIDLIGERE_MAANEDER.setting}, ${from === 'setting' ? 'as set here' : 'not set here: the default'}).`,
    '',
    'Refused, in the order in which it is judged',
    ...Object.values(AFVISNINGER).map(({ kode, naar }) => listItem(`${kode}: ${naar}`)),
    '',
  ].join('\n');
}

const cellAsJson = (celle: keyof typeof OMFANG | number) =>
  typeof celle === 'number' ? { errorCode: celle } : { scope: celle };

/** A cell of the table for people: the name of a scope, or `no` and the code. */
const cellInWords = (celle: keyof typeof OMFANG | number): string =>
  typeof celle === 'number' ? `no (${celle})` : OMFANG[celle].navn;

const listItem = (text: string): string =>
  wrap(text, 100)
    .map((line, n) => `${n === 0 ? '  - ' : '    '}${line}`)
    .join('\n');

/** Lines of at most so many characters, broken at spaces. */
const wrap = (text: string, width: number): string[] =>
  text.match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)`, 'g')) ?? [];

/** Rows as lines whose columns stand under each other. */
const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
};
