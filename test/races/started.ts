// Services that start at the same moment on one store, and a call to each of them that shows that it serves.

import { randomUUID } from 'node:crypto';
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

/** A Save of a new citizen through a service that is up, and Gets of that one and of one who was there before. */
export const useIt = (running: RunningCli, nr: number, old: OldForloeb | undefined): Promise<string> =>
  callIt(running, nr, old).catch(async (error: Error) => {
    running.signal('SIGTERM');
    error.message += `; the service said: ${(await running.result).stderr}`;
    throw error;
  });

async function callIt(running: RunningCli, nr: number, old: OldForloeb | undefined): Promise<string> {
  const [, url] = await running.sees('stdout', /^listening (\S+)\n/m);
  const client = await Client.connect(url!);
  const sagt: Sagt = { mark: `start ${nr}`, borger: nyBorger(), guid: randomUUID(), kompensation: 20_454 };
  const udfald = readSaved(await client.call(saveRequest(sagt)));
  if ('kode' in udfald || udfald.guid !== sagt.guid) throw new Error(`Save: ${JSON.stringify(udfald)}`);
  const shows = async (borger: string, guid: string, tilstand: Tilstand): Promise<void> => {
    expect([...(await getAll(client, borger))]).to.deep.equal([[guid, tilstand]]);
  };
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
