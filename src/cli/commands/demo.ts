// `pension demo DIR`, behind `make run`: a demo world, the service on it, one UDK batch, what came of it, and what
// to try next. A second run goes on where the first one left off.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import { DEFAULT_URL, DEFAULT_WORLD } from '../client/target.ts';
import { PACKAGE_ROOT } from '../contract-files.ts';
import { readCsv } from '../csv.ts';
import { makeLog } from '../log.ts';
import { startService } from '../service.ts';
import { readSettings } from '../settings.ts';
import { RECEIPT_COLUMNS } from '../udk-send/receipts.ts';
import { demoBorgere } from '../world/demo-borgere.ts';
import { initWorld } from './init.ts';
import { untilStopped } from './serve.ts';

const BATCH = 'fixtures/world/udk-batch.csv';

/** Runs a command line of this program and gives its exit code. */
type Run = (argv: readonly string[]) => Promise<number>;

/** Adds the command; `run` is the program itself, for the demo shows its commands at work. */
export function addDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .description('make a demo world if there is none, serve it, and send one UDK batch through SOAP')
    .argument('<dir>', 'folder of the demo world')
    .addHelpText('after', '\nExample:\n  pension demo var')
    .action((dir: string) => demo(dir, run));
}

async function demo(dir: string, run: Run): Promise<void> {
  const command = async (...argv: string[]): Promise<void> => {
    show(`$ npx pension ${argv.join(' ')}`);
    const code = await run(argv);
    // A refusal is part of the story.
    show(code === 0 ? '' : `(exit code ${code})\n`);
  };
  if (existsSync(path.join(dir, 'env'))) {
    show(`A demo world is in ${dir}/ already; going on with it.`);
  } else {
    await initWorld(dir);
    show(`A demo world was made in ${dir}/: a CA, certificates, organisations, memberships.`);
  }
  // What the user has set goes before what the world says: another port, for instance.
  const world = parseEnv(readFileSync(path.join(dir, 'env'), 'utf8'));
  for (const [name, value] of Object.entries(world)) process.env[name] ??= value;
  await command('import', 'medlemskaber', path.join(dir, 'medlemskaber.csv'));
  const log = makeLog('warn');
  const server = await startService(readSettings(process.env), log);
  show(`listening ${server.url}\n`);
  const receipts = path.join(dir, 'receipts.csv');
  const at = ['--url', server.url, '--world', dir];
  await command('udk', 'send', inPackage(BATCH), '--receipts', receipts, '--as', 'udk', ...at);
  show(`What became of each line (${receipts}):\n\n${receiptLines(receipts)}`);
  for (const { title, borger, as } of TOUR) {
    show(`# ${title}`);
    await command('call', 'get', demoBorgere[borger].personnummer, '--as', as, ...at);
  }
  show(whatNext(server.url, dir));
  await untilStopped();
  await server.stop();
  await log.close();
}

/** What the tour reads after the batch, and as whom. */
const TOUR = [
  { title: 'An a-kasse reads its member.', borger: 'medlem11', as: 'akasse-11' },
  {
    title: 'UDK reads a forløb that was annulled, and the one that followed.',
    borger: 'tidligereMedEfterloen',
    as: 'udk',
  },
  { title: 'Another a-kasse may not.', borger: 'medlem11', as: 'akasse-22' },
] as const;

/** The path of a file of the package, as seen from here. */
const inPackage = (file: string): string =>
  path.relative(process.cwd(), fileURLToPath(new URL(file, PACKAGE_ROOT)));

const show = (text: string): void => void process.stdout.write(`${text}\n`);

/** The receipts for people: reference, outcome, error code. */
function receiptLines(file: string): string {
  const { records } = readCsv(readFileSync(file), RECEIPT_COLUMNS);
  return records
    .map(
      ({ values }) =>
        `  ${values.reference!.padEnd(36)}${`${values.outcome} ${values.errorCode}`.trimEnd()}\n`,
    )
    .join('');
}

/** What to try next; the addresses of the demo are left out where they are the defaults. */
function whatNext(url: string, dir: string): string {
  const at = `${url === DEFAULT_URL ? '' : ` --url ${url}`}${dir === DEFAULT_WORLD ? '' : ` --world ${dir}`}`;
  const call = `npx pension call`;
  return `
The service goes on serving at ${url} until Ctrl-C. In another terminal, try:

  an a-kasse reads its member, and another one may not (4575):
    ${call} get ${demoBorgere.medlem22.personnummer} --as akasse-22${at}
    ${call} get ${demoBorgere.medlem22.personnummer} --as akasse-67${at}
  UDK reports a decision:
    ${call} save ${inPackage('fixtures/world/indberetning.json')} --as udk${at}
  the batch again, of which nothing is sent twice:
    npx pension udk send ${inPackage(BATCH)} --receipts ${path.join(dir, 'receipts.csv')}${at}
  why, and who has looked (these read the store with the settings of the demo world):
    (set -a; . ${path.join(dir, 'env')}; echo ${demoBorgere.medlem22.personnummer} | npx pension medlemskab show -)
    (set -a; . ${path.join(dir, 'env')}; npx pension audit list --last 5; npx pension audit verify)
  the contract:
    curl --cacert ${path.join(dir, 'ca.pem')} '${url}/PjaktassWCFTservice/1/PensionService.svc?wsdl'

README.md has the tour; ${dir}/ holds all of the demo and may be deleted.`;
}
