// `pension serve`: runs the service until it is told to stop.

import type { Command } from 'commander';
import { shownAddress } from '../../store/open-store.ts';
import { makeLog } from '../log.ts';
import { say } from '../outcome.ts';
import { type RunningService, startService, TLS_OFF_WARNING } from '../service.ts';
import { SETTING_DOCS } from '../setting-docs.ts';
import { readSettings } from '../settings.ts';
import { unknownSettings } from '../unknown-settings.ts';

/** Adds the command. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the service; settings come from the environment')
    .addHelpText(
      'after',
      `\nSettings:\n${settingsHelp()}\n\nExample:\n  pension init world && set -a && . world/env && set +a &&\n    pension import medlemskaber world/medlemskaber.csv && pension serve`,
    )
    .action(serve);
}

const WIDTH = Math.max(...SETTING_DOCS.map(({ name }) => name.length)) + 2;

const settingsHelp = (): string =>
  SETTING_DOCS.map(
    ({ name, default: value, meaning }) =>
      `  ${name.padEnd(WIDTH)}${meaning.replaceAll('`', '')}${value && ` (default ${value})`}`,
  ).join('\n');

async function serve(): Promise<void> {
  const settings = readSettings(process.env);
  const log = makeLog(settings.logLevel);
  for (const name of unknownSettings(process.env))
    log.warn(`${name} is not a setting of this program; it has no effect`);
  // Nobody shall overlook it for a level that was set for other reasons.
  if (settings.tls === 'off' && settings.logLevel === 'error') say(TLS_OFF_WARNING);
  let service: RunningService | undefined;
  // From the first moment on: unhandled, the signal would end the process.
  const reload = (): void => service?.reload();
  process.on('SIGHUP', reload);
  service = await startService(settings, log);
  log.info('listening', {
    url: service.url,
    store: shownAddress(settings.store),
    tls: settings.tls === 'off' ? 'off' : settings.tls.mode,
  });
  const stopped = untilStopped(); // before anybody is told that it may be stopped
  process.stdout.write(`listening ${service.url}\n`);
  await stopped;
  log.info('stopping');
  await service.stop();
  process.off('SIGHUP', reload);
  log.info('stopped');
  await log.close();
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once, as usual. */
export const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
