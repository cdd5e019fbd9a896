// One scripted run against a service that is killed at one chosen system call, and what there is after a restart.

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { addressOf } from '../../src/store/open-store.ts';
import { startPension } from '../support/cli.ts';
import { inWords, isWrong } from '../support/counts.ts';
import type { HistoryCounts } from '../support/history.ts';
import { checkInvariants } from '../support/invariants.ts';
import { makeMemberStore, membersOf } from '../support/member-store.ts';
import { MEMBERS, member } from '../support/queue.ts';
import { startTestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';
import { AKASSE, Caller } from './calls.ts';
import { compareAll } from './intake.ts';
import { ScriptedRun } from './script.ts';
import { readLog, through } from './strace.ts';

/** What changes a file; and what sends an answer, for a call may be kept and not answered. */
export const WRITES = [
  'pwrite64',
  'ftruncate',
  'unlink',
  'unlinkat',
  'fsync',
  'fdatasync',
  'write',
  'writev',
] as const;

/** A moment: before the k-th call of that kind. Without one, the run is not disturbed. */
export interface Moment {
  readonly call: (typeof WRITES)[number];
  readonly k: number;
}

/** What the run starts on. */
export type Beginning = 'no store' | 'a store with members';

/** What came of a run. */
export interface Killed {
  /** False when the run came to its end before the moment. */
  readonly wasKilled: boolean;
  /** What is wrong; empty when all is well. */
  readonly wrong: readonly string[];
  /** What is kept, against what was said; and what the a-kasse processed, against what it is owed. */
  readonly counts: HistoryCounts;
  /** How often each call was made; for a run that was not disturbed. */
  readonly made: ReadonlyMap<string, number>;
}

/** Makes the store that runs start on. */
export async function storeWithMembers(): Promise<string> {
  const file = path.join(tempDir(), 'members.db');
  await makeMemberStore(addressOf(file), membersOf(AKASSE, MEMBERS, member));
  return file;
}

export interface Scene {
  readonly strace: readonly string[];
  readonly organisationer: string;
  readonly members: string;
}

/** Runs the script, with the kill at the moment; restarts, looks, and runs it to its end. */
export async function runKilledAt(scene: Scene, beginning: Beginning, moment?: Moment): Promise<Killed> {
  const folder = tempDir();
  const store = path.join(folder, 'pension.db');
  if (beginning === 'a store with members') copyFileSync(scene.members, store);
  const log = path.join(folder, 'strace.log');
  const inject = moment === undefined ? [] : ['-e', `inject=${moment.call}:signal=KILL:when=${moment.k}`];
  const serve = startPension(['serve'], {
    env: {
      PENSION_TLS: 'off',
      PENSION_PORT: '0',
      PENSION_ORGANISATIONER: scene.organisationer,
      PENSION_STORE: `sqlite:${store}`,
    },
    through: through(scene.strace, [
      '-qq',
      '-s',
      '0',
      '-o',
      log,
      '-e',
      `trace=?${WRITES.join(',?')}`,
      ...inject,
    ]),
  });
  const run = new ScriptedRun(beginning === 'a store with members');
  const listening = await serve.sees('stdout', /^listening (\S+)\n/m).catch(() => undefined);
  if (listening !== undefined) {
    const caller = new Caller(listening[1]!);
    await run.goOn(caller);
    caller.hangUp();
    if (run.interrupted === undefined) serve.signal('SIGTERM');
  }
  const { code, signal, stderr } = await serve.result;
  if (code !== 0 && signal !== 'SIGKILL')
    run.wrong.push(`the service ended with ${code ?? signal}: ${stderr}`);
  const interrupted = run.interrupted === undefined ? 0 : 1;
  await goOnAfter(run, store);
  run.wrong.push(
    ...(await checkInvariants(addressOf(store), { answered: run.answered, unanswered: interrupted })),
  );
  const counts = await compareAll(store, run.history, run.akasse);
  if (isWrong(counts)) run.wrong.push(inWords(counts));
  const made = await countCalls(log, serve.pid);
  return { wasKilled: signal === 'SIGKILL', wrong: run.wrong, counts, made };
}

/** Starts a service on what was left, looks whether all is there, and runs the script to its end. */
async function goOnAfter(run: ScriptedRun, store: string): Promise<void> {
  const service = await startTestService({ PENSION_TLS: 'off', PENSION_STORE: `sqlite:${store}` });
  const asked = { answered: run.answered, unanswered: run.interrupted === undefined ? 0 : 1 };
  run.wrong.push(
    ...(await checkInvariants(addressOf(store), asked)).map((broken) => `after the restart: ${broken}`),
  );
  const caller = new Caller(service.url);
  await run.goOn(caller);
  if (run.interrupted !== undefined) run.wrong.push(`after the restart ${run.interrupted} got no answer`);
  await run.drain(caller);
  caller.hangUp();
  await service.stop();
}

async function countCalls(log: string, pid: number): Promise<Map<string, number>> {
  const made = new Map<string, number>();
  for await (const call of readLog(log))
    if (call.phase === 'begins' && call.pid === String(pid))
      made.set(call.name, (made.get(call.name) ?? 0) + 1);
  return made;
}
