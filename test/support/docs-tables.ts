// The tables of the documentation that follow from code: settings, error codes, the policy, and the audit trail.

import { readFileSync } from 'node:fs';
import { AUDIT_EVENTS, AUDIT_FIELDS } from '../../src/access/audit/entry.ts';
import {
  AFVISNINGER,
  OMFANG,
  ORGANISATIONSARTER,
  TILLADTE_ORGANISATIONER,
} from '../../src/access/tilladte-organisationer.ts';
import { SETTING_DOCS } from '../../src/cli/setting-docs.ts';
import { FEJLKATALOG } from '../../src/contract/fejlkatalog.ts';
import { LIMITS } from '../../src/contract/limits.ts';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The table of settings, as Markdown. */
export const settingsTable = (): string =>
  [
    row('variable', 'default', 'meaning'),
    row('---', '---', '---'),
    ...SETTING_DOCS.map(({ name, default: value, meaning }) =>
      row(`\`${name}\``, value === '' ? '' : /\s/.test(value) ? value : `\`${value}\``, meaning),
    ),
  ].join('\n');

/** The table of limits, as Markdown: what the file that has them says of each. */
export const limitsTable = (): string => {
  const source = readFileSync(new URL('../../src/contract/limits.ts', import.meta.url), 'utf8');
  const meanings = new Map(
    [...source.matchAll(/\/\*\* ([^\n]*) \*\/\n +(\w+):/g)].map(([, meaning, name]) => [name!, meaning!]),
  );
  return [
    row('limit', '', 'what it is'),
    row('---', '--:', '---'),
    ...Object.entries(LIMITS).map(([name, value]) =>
      row(`\`${name}\``, value.toLocaleString('en').replaceAll(',', ' '), meanings.get(name) ?? ''),
    ),
  ].join('\n');
};

/** The table of error codes, as Markdown. */
export const errorCodesTable = (): string =>
  [
    row('code', 'text (`faultstring`)', 'at fault', 'retry helps', 'what to do'),
    row('---', '---', '---', '---', '---'),
    ...Object.entries(FEJLKATALOG).map(([kode, { tekst, skyld, retry, raad }]) =>
      row(kode, tekst, skyld === 'Client' ? 'sender' : 'service', retry ? 'yes' : 'no', raad),
    ),
  ].join('\n');

type Art = keyof typeof ORGANISATIONSARTER;

/** Who may call what, as Markdown. */
export const policyTable = (): string =>
  [
    row('operation', ...Object.values(ORGANISATIONSARTER)),
    row('---', ...Object.keys(ORGANISATIONSARTER).map(() => '---')),
    ...Object.entries(TILLADTE_ORGANISATIONER).map(([operation, celler]) =>
      row(
        `\`${operation}\``,
        ...(Object.keys(ORGANISATIONSARTER) as Art[]).map((art) => {
          const celle = celler[art];
          return typeof celle === 'number' ? `no: ${celle}` : OMFANG[celle].navn;
        }),
      ),
    ),
  ].join('\n');

/** What each scope means, as Markdown. */
export const scopesList = (): string =>
  Object.entries(OMFANG)
    .map(([omfang, { navn, regler }]) =>
      [`**${navn}** (\`${omfang}\`)`, '', ...Object.values(regler).map((regel) => `- ${regel}`)].join('\n'),
    )
    .join('\n\n');

/** What the policy refuses, as Markdown. */
export const refusalsTable = (): string =>
  [
    row('code', 'when'),
    row('---', '---'),
    ...Object.values(AFVISNINGER).map(({ kode, naar }) => row(String(kode), naar)),
  ].join('\n');

/** The fields of an audit entry, as Markdown. */
export const auditFieldsTable = (): string =>
  [
    row('field', 'holds'),
    row('---', '---'),
    ...AUDIT_FIELDS.map(({ name, meaning }) => row(`\`${name}\``, meaning)),
  ].join('\n');

/** The events that leave an audit entry, as Markdown. */
export const auditEventsTable = (): string =>
  [
    row('`operation`', 'when'),
    row('---', '---'),
    ...Object.entries(AUDIT_EVENTS).map(([event, meaning]) =>
      row(event === '(none)' ? event : `\`${event}\``, meaning),
    ),
  ].join('\n');
