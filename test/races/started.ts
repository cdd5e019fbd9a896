// Services that start at the same moment on one store, and a call to each of them that shows that it serves.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type RunningCli, startPension } from '../support/cli.ts';
import { nyBorger } from '../support/domain-model.ts';
import { Client, getAll, readSaved, saveRequest } from './clients.ts';
import { type Sagt, type Tilstand, tilstandAfter } from './model.ts';
import { raceEnv } from './services.ts';

/** A forløb in an old store, and what Get has to show of it. */
export interface OldForloeb {
  readonly borger: string;
  readonly guid: string;
  readonly tilstand: Tilstand;
}

/** Starts a service on each address, all of them on one store, at the same moment. */
export async function startTogether(addresses: readonly string[]): Promise<RunningCli[]> {
  const env = await raceEnv({ address: '' });
  return addresses.map((address) => startPension(['serve'], { env: { ...env, PENSION_STORE: address } }));
}

/** How long somebody who is refused because the store does not answer tries again, in milliseconds. */
const PATIENCE = 30_000;

/**
 * A Save of a new citizen through a service that is up, and Gets of that one and of one who was there before. `patient`
 * for a store behind a network: where too many processes start at once, it can seem not to answer for a moment (1011).
 */
export const useIt = (
  running: RunningCli,
  nr: number,
  old: OldForloeb | undefined,
  { patient = false } = {},
): Promise<string> =>
  callIt(running, nr, old, patient ? PATIENCE : 0).catch(async (error: Error) => {
    running.signal('SIGTERM');
    error.message += `; the service said: ${(await running.result).stderr}`;
    throw error;
  });

async function callIt(running: RunningCli, nr: number, old: OldForloeb | undefined, patience: number) {
  const [, url] = await running.sees('stdout', /^listening (\S+)\n/m);
  const client = await Client.connect(url!);
  const until = performance.now() + patience;
  const again = async (work: () => Promise<void>): Promise<void> => {
    for (;;) {
      const failed = await work().then(
        () => undefined,
        (error: Error) => error,
      );
      if (failed === undefined) return;
      if (!failed.message.includes('1011') || performance.now() > until) throw failed;
      await sleep(200);
    }
  };
  const sagt: Sagt = { mark: `start ${nr}`, borger: nyBorger(), guid: randomUUID(), kompensation: 20_454 };
  await again(async () => {
    const udfald = readSaved(await client.call(saveRequest(sagt)));
    if ('kode' in udfald || udfald.guid !== sagt.guid) throw new Error(`Save: ${JSON.stringify(udfald)}`);
  });
  const shows = (borger: string, guid: string, tilstand: Tilstand) =>
    again(async () => {
      expect([...(await getAll(client, borger))]).to.deep.equal([[guid, tilstand]]);
    });
  await shows(sagt.borger, sagt.guid!, tilstandAfter(sagt));
  if (old !== undefined) await shows(old.borger, old.guid, old.tilstand);
  client.drop();
  return sagt.borger;
}

/** All of them end by themselves, with exit 1, and say what the pattern says; none of them serves. */
export async function areRefused(started: readonly RunningCli[], says: readonly RegExp[]): Promise<void> {
  for (const one of started) {
    const serves = one.sees('stdout', /^listening /m).then(
      () => expect.fail('it serves'),
      () => one.result, // it ends without
    );
    const { code, stdout, stderr } = await Promise.race([one.result, serves]);
    expect({ code, stdout }, stderr).to.deep.equal({ code: 1, stdout: '' });
    for (const pattern of says) expect(stderr).to.match(pattern);
  }
}
