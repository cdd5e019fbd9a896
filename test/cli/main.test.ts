// The command line itself: help with examples, exit codes, and what goes to which stream.

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Command } from 'commander';
import { PACKAGE_ROOT } from '../../src/cli/contract-files.ts';
import { makeProgram } from '../../src/cli/main.ts';
import { type CliResult, pension } from '../support/cli.ts';

/** The names of every command that does something, as one types them. */
function commandsOf(command: Command, path: readonly string[] = []): string[] {
  if (command.commands.length === 0) return [path.join(' ')];
  return command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]));
}

const COMMANDS = commandsOf(await makeProgram());

/** Runs each command line once, all side by side, before the promises are looked at. */
function runAll(lines: readonly string[]): (line: string) => CliResult {
  const results = new Map<string, CliResult>();
  before(async () => {
    await Promise.all(
      lines.map(async (line) => results.set(line, await pension(line.split(' ').filter(Boolean)))),
    );
  });
  return (line) => results.get(line)!;
}

describe('the command line', () => {
  it('has the commands that users script against', () => {
    expect(COMMANDS).to.include.members([
      'serve',
      'init',
      'import medlemskaber',
      'udk send',
      'call save',
      'call get',
    ]);
  });

  describe('--help', () => {
    const result = runAll(COMMANDS.map((command) => `${command} --help`));
    for (const command of COMMANDS) {
      it(`of ${command} shows how it is used, with an example`, () => {
        const { code, stdout, stderr } = result(`${command} --help`);
        expect(stdout).to.contain(`Usage: pension ${command}`);
        expect(stdout).to.match(new RegExp(`Example:\\n  [^]*pension ${command}\\b`));
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      });
    }
  });

  describe('asked about itself', () => {
    const lines = ['--version', '--help', 'help', 'help udk', 'import --help'];
    const result = runAll(lines);
    it('says its version', () => {
      const { version } = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8'));
      expect(result('--version')).to.include({ code: 0, stdout: `${version}\n`, stderr: '' });
    });
    for (const line of lines.slice(1)) {
      it(`answers '${line}' on stdout`, () => {
        expect(result(line).stdout).to.match(/^Usage: pension/);
        expect(result(line)).to.include({ code: 0, stderr: '' });
      });
    }
  });

  describe('used wrongly', () => {
    const wrong: Readonly<Record<string, RegExp>> = {
      '': /Usage: pension/,
      udk: /Usage: pension udk/,
      sreve: /unknown command 'sreve'.*--help/s,
      'serve --prot 1': /unknown option '--prot'/,
      'serve now': /too many arguments/,
      'import medlemskaber': /missing required argument 'file'/,
      'udk send batch.csv': /--receipts <out>' not specified/,
      'udk send b.csv --receipts r.csv --connections 0': /whole number from 1 to 64/,
      'call get': /missing required argument 'personnummer'/,
      'call get 010160-0001': /ten digits, without a hyphen/,
      'call get 2902610001 --url 127.0.0.1:8443': /--url must be scheme, host and port/,
      'call get 2902610001 --url https://127.0.0.1:8443/path': /--url must be scheme, host and port/,
      'call get 2902610001 --url http://127.0.0.1:1 --organisation UDK': /--organisation must be TYPE:CODE/,
    };
    const result = runAll(Object.keys(wrong));
    for (const [line, says] of Object.entries(wrong)) {
      it(`ends '${line}' with code 2 and says why on stderr`, () => {
        const { code, stdout, stderr } = result(line);
        expect(stderr)
          .to.match(says)
          .and.not.match(/^\s+at /m);
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      });
    }
  });

  it('fails with a word when its output cannot be written, and is quiet when its reader has seen enough', async function () {
    if (process.platform !== 'linux') this.skip(); // no /dev/full elsewhere
    const into = (to: string) => ({ through: ['sh', '-c', `exec "$@" ${to}`, 'sh'] });
    const { code, stderr } = await pension(['access'], into('>/dev/full'));
    expect(code).to.equal(1);
    expect(stderr).to.match(/^pension: the output cannot be written: ENOSPC.*\n$/);
    const head = await pension(['access'], { through: ['sh', '-c', '"$@" | true', 'sh'] });
    expect(head.stderr).to.equal('');
  });
});
