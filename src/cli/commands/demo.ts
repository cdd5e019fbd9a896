// `pension demo DIR`, behind `make run`: a demo world, the service on it, the story of a batch until the a-kasser have
// heard of it, and what to try next. A second run goes on where the first one left off.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import { BATCH, clientOptions, inPackage, type Run, type Stage, tell, withSettings } from '../demo/story.ts';
import { makeLog } from '../log.ts';
import { startService } from '../service.ts';
import { readSettings } from '../settings.ts';
import { demoBorgere } from '../world/demo-borgere.ts';
import { initWorld } from './init.ts';
import { untilStopped } from './serve.ts';

/** Adds the command; `run` is the program itself, for the demo shows its commands at work. */
export function addDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .description('make a demo world if there is none, serve it, and show a batch on its way to the a-kasser')
    .argument('<dir>', 'folder of the demo world')
    .addHelpText('after', '\nExample:\n  pension demo var')
    .action((dir: string) => demo(dir, run));
}

async function demo(dir: string, run: Run): Promise<void> {
  if (existsSync(path.join(dir, 'env'))) {
    show(`A demo world is in ${dir}/ already; going on with it.`);
  } else {
    await initWorld(dir);
    show(`A demo world was made in ${dir}/: a CA, certificates, organisations, memberships.`);
  }
  // What the user has set goes before what the world says: another port, for instance.
  const world = parseEnv(readFileSync(path.join(dir, 'env'), 'utf8'));
  for (const [name, value] of Object.entries(world)) process.env[name] ??= value;
  const store = process.env.PENSION_STORE!;
  const register = path.join(dir, 'medlemskaber.csv');
  if (!existsSync(path.join(dir, 'flytning.csv'))) {
    show(`$ ${withSettings({ dir, store }, `import medlemskaber ${register}`)}`);
    await run(['import', 'medlemskaber', register]);
  }
  const log = makeLog('warn');
  const server = await startService(readSettings(process.env), log);
  const reload = (): void => server.reload();
  process.on('SIGHUP', reload);
  show(`listening ${server.url}\n`);
  const stage: Stage = { dir, url: server.url, store, run };
  await tell(stage);
  const stopped = untilStopped(); // before anybody is told that it may be stopped
  show(whatNext(stage));
  await stopped;
  process.off('SIGHUP', reload);
  await server.stop();
  await log.close();
}

const show = (text: string): void => void process.stdout.write(`${text}\n`);

/** What to try next. */
function whatNext(stage: Stage): string {
  const { url, dir } = stage;
  const at = clientOptions(stage)
    .map((option) => ` ${option}`)
    .join('');
  const borger = demoBorgere.medlem22.personnummer;
  const inWorld = (file: string): string => path.join(dir, file);
  return `
The service goes on serving at ${url} until Ctrl-C. Every line behind a $ above can be typed again in another terminal.
Try also:

  UDK reports a decision, and a second one for the same time, which is refused (9434):
    npx pension call save ${inPackage('fixtures/world/indberetning.json')} --as udk${at}
  the a-kasse hears of it, and goes on listening until Ctrl-C:
    npx pension akasse poll --as 22 --out ${inWorld('beskeder-22.jsonl')} --watch 5${at}
  the batch again, of which nothing is sent twice:
    npx pension udk send ${inPackage(BATCH)} --receipts ${inWorld('receipts.csv')}${at}
  why this a-kasse, and who has looked:
    echo ${borger} | ${withSettings(stage, 'medlemskab show -')}
    ${withSettings(stage, 'audit list --last 12')}
    ${withSettings(stage, 'audit verify')}
  the contract:
    curl --cacert ${inWorld('ca.pem')} '${url}/PjaktassWCFTservice/3/WsrmService.svc?wsdl'

README.md has the tour; ${dir}/ holds all of the demo and may be deleted.`;
}
