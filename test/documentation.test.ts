// Holds the documentation to the code. With PENSION_TEST_UPDATE_DOCS=1 the tables that follow from it
// are written anew.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Command } from 'commander';
import { makeProgram } from '../src/cli/main.ts';
import { LIMITS } from '../src/contract/limits.ts';
import {
  BODY_NOT_VALID,
  CHECKS_ABOUT_A_CITIZEN,
  CHECKS_OF_EVERY_CALL,
  CHECKS_OF_SEQUENCE_REQUEST,
  NO_SUCH_SEQUENCE,
  RULES_OF_SAVE,
} from './support/checks-in-order.ts';
import {
  auditEventsTable,
  auditFieldsTable,
  errorCodesTable,
  limitsTable,
  policyTable,
  refusalsTable,
  scopesList,
  settingsTable,
} from './support/docs-tables.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'src/README.md',
  'test/README.md',
  'bench/README.md',
  'fixtures/README.md',
  ...docs(),
];

function docs(): string[] {
  return existsSync(path.join(ROOT, 'docs'))
    ? readdirSync(path.join(ROOT, 'docs')).map((file) => `docs/${file}`)
    : [];
}

/** What is written from the code: the page, the name of its block there, and how it is made. */
const FROM_CODE: readonly [string, string, () => string][] = [
  ['README.md', 'settings', settingsTable],
  ['README.md', 'error codes', errorCodesTable],
  ['docs/operations.md', 'limits', limitsTable],
  ['docs/access.md', 'policy', policyTable],
  ['docs/access.md', 'scopes', scopesList],
  ['docs/access.md', 'refusals', refusalsTable],
  ['docs/audit.md', 'audit fields', auditFieldsTable],
  ['docs/audit.md', 'audit events', auditEventsTable],
];

const program = await makeProgram();

describe('what follows from the code', () => {
  for (const [page, name, make] of FROM_CODE) {
    it(`is in ${page}: ${name}`, () => {
      const block = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
      if (process.env.PENSION_TEST_UPDATE_DOCS) {
        writeFileSync(
          path.join(ROOT, page),
          read(page).replace(block, (_, open, close) => `${open}${make()}\n${close}`),
        );
      }
      expect(block.exec(read(page))?.[0]).to.equal(`<!-- ${name} -->\n${make()}\n<!-- /${name} -->`);
    });
  }
});

describe('docs/safety.md', () => {
  it('has a figure for each promise', () => {
    const rows = [
      ...read('docs/safety.md').matchAll(/^\| ([RS][0-9]+(?: on PostgreSQL)?|[a-z]+) \|(.*)\|$/gm),
    ];
    const without = rows.filter(([, id, cells]) => id !== 'id' && cells!.split('|').at(-1)!.trim() === '');
    expect(without.map(([, id]) => id)).to.deep.equal([]);
    expect(rows.length).to.be.above(20);
    expect(read('docs/safety.md')).to.not.match(/@\w+@/);
  });
});

describe('each limit', () => {
  it('is named by a test', () => {
    const tests = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(`test/${file}`))
      .join('\n');
    const unnamed = Object.keys(LIMITS).filter((limit) => !new RegExp(`\\b${limit}\\b`).test(tests));
    expect(unnamed).to.deep.equal([]);
  });
});

describe('CHANGELOG.md', () => {
  it('begins with the version of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(/^## (\S+)$/m.exec(read('CHANGELOG.md'))?.[1]).to.equal(version);
  });
});

describe('README.md', () => {
  it('names every setting of `pension serve --help`', () => {
    let help = '';
    const serve = program.commands.find((command) => command.name() === 'serve')!;
    serve.configureOutput({ writeOut: (text) => (help += text) });
    serve.outputHelp();
    for (const [, name] of settingsTable().matchAll(/`(PENSION_\w+)`/g)) expect(help).to.include(name!);
  });
});

describe('docs/access.md', () => {
  it('lists the checks in the order in which the service makes them', () => {
    const [, section] = /## The order of checks\n([\s\S]*?)\n## /.exec(read('docs/access.md'))!;
    const listed = [...section!.matchAll(/\| ([0-9]{4}) \|$/gm)].map(([, code]) => Number(code));
    const made = [
      ...CHECKS_OF_EVERY_CALL,
      ...CHECKS_OF_SEQUENCE_REQUEST,
      BODY_NOT_VALID,
      ...CHECKS_ABOUT_A_CITIZEN.slice(CHECKS_OF_EVERY_CALL.length + 1),
      { code: 4575 },
      NO_SUCH_SEQUENCE,
      ...RULES_OF_SAVE,
    ].map(({ code }) => code);
    const steps = (codes: readonly number[]): number[] =>
      codes.filter((code, index) => code !== codes[index - 1]);
    expect(steps(listed)).to.deep.equal(steps(made));
  });
});

describe('the documentation', () => {
  const verbs = [...read('Makefile').matchAll(/^([a-z-]+):.*## /gm)].map((match) => match[1]!);

  for (const page of PAGES) {
    it(`${page} names only commands and options that exist`, () => {
      for (const [line] of read(page).matchAll(/(?:npx pension|`pension|^ *pension) [^`\n|#]*/gm))
        checkCommandLine(program, line);
      for (const [, verb] of read(page).matchAll(/\bmake ([a-z][a-z-]+)\b(?=[`\s]*(?:`|$|#))/gm))
        expect(verbs, page).to.include(verb!);
    });

    it(`${page} links only to files that exist`, () => {
      for (const [, target] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
        expect(existsSync(path.join(ROOT, path.dirname(page), target!)), `${page}: ${target}`).to.equal(true);
      }
    });
  }

  it('every command has help with an example', () => {
    const visit = (command: Command): void => {
      if (command.commands.length > 0) {
        for (const child of command.commands) visit(child);
        return;
      }
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help, command.name()).to.match(/Example:\n {2}\S/);
    };
    visit(program);
  });
});

/** Walks a command line down the program: every word that should be a command is one, every option is known. */
function checkCommandLine(program: Command, line: string): void {
  const words = line
    .trim()
    .replace(/^(npx |`)?pension /, '')
    .split(/\s+/);
  let command = program;
  while (command.commands.length > 0 && words.length > 0 && /^[a-z]/.test(words[0]!)) {
    const next = command.commands.find((child) => child.name() === words[0]);
    if (next === undefined) expect.fail(`no such command: ${line}`);
    command = next;
    words.shift();
  }
  for (const option of words.filter(
    (word) => word.startsWith('--') && word !== '--help' && word !== '--version',
  )) {
    expect(
      command.options.map((known) => known.long),
      line,
    ).to.include(option.replace(/[^a-z-].*$/, ''));
  }
}
