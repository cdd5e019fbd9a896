// `pension demo DIR`, behind `make run`: a demo world, the service on it, one UDK batch, what came of it, and what
// to try next. A second run goes on where the first one left off.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import { PACKAGE_ROOT } from '../contract-files.ts';
import { makeLog } from '../log.ts';
import { startService } from '../service.ts';
import { readSettings } from '../settings.ts';
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
  Object.assign(process.env, parseEnv(readFileSync(path.join(dir, 'env'), 'utf8')));
  await command('import', 'medlemskaber', path.join(dir, 'medlemskaber.csv'));
  const log = makeLog('warn');
  const server = await startService(readSettings(process.env), log);
  show(`listening ${server.url}\n`);
  const at = ['--url', server.url, '--world', dir];
  await command(
    'udk',
    'send',
    batchPath(),
    '--receipts',
    path.join(dir, 'receipts.csv'),
    '--as',
    'udk',
    ...at,
  );
  for (const { borger, as } of TOUR) {
    show(`# ${demoBorgere[borger].situation}`);
    await command('call', 'get', demoBorgere[borger].personnummer, '--as', as, ...at);
  }
  show(whatNext(server.url, dir));
  await untilStopped();
  await server.stop();
  await log.close();
}

/** Whom the tour reads, and as whom: a member, a member who moved on, and one the caller has nothing to do with. */
const TOUR = [
  { borger: 'medlem11', as: 'akasse-11' },
  { borger: 'medlem67', as: 'akasse-67' },
  { borger: 'flyttet', as: 'akasse-22' },
  { borger: 'medlem11', as: 'akasse-22' },
] as const;

const batchPath = (): string => {
  const absolute = fileURLToPath(new URL(BATCH, PACKAGE_ROOT));
  return path.relative(process.cwd(), absolute);
};

const show = (text: string): void => void process.stdout.write(`${text}\n`);

const whatNext = (url: string, dir: string): string => `
The service goes on serving at ${url} until Ctrl-C. In another terminal, try:

  npx pension call get ${demoBorgere.medlem22.personnummer} --as akasse-22        an a-kasse reads its member
  npx pension call get ${demoBorgere.medlem22.personnummer} --as akasse-67        another one may not: 4575
  npx pension call save fixtures/world/indberetning.json --as udk   UDK reports a decision
  npx pension udk send ${BATCH} --receipts ${dir}/receipts.csv      nothing is sent twice
  curl --cacert ${dir}/ca.pem '${url}/PjaktassWCFTservice/1/PensionService.svc?wsdl'

README.md has the tour; ${dir}/ holds all of the demo and may be deleted.`;
