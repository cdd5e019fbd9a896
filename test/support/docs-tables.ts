// The tables of the documentation that follow from code: settings and error codes.

import { SETTING_DOCS } from '../../src/cli/settings.ts';
import { FEJLKATALOG } from '../../src/contract/fejlkatalog.ts';

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

/** The table of error codes, as Markdown. */
export const errorCodesTable = (): string =>
  [
    row('code', 'text (`faultstring`)', 'at fault', 'retry helps', 'what to do'),
    row('---', '---', '---', '---', '---'),
    ...Object.entries(FEJLKATALOG).map(([kode, { tekst, skyld, retry, raad }]) =>
      row(kode, tekst, skyld === 'Client' ? 'sender' : 'service', retry ? 'yes' : 'no', raad),
    ),
  ].join('\n');
