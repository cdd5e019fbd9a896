// A sequence that an a-kasse has opened and left: some process rolls it back when its time is over.

import { setTimeout as sleep } from 'node:timers/promises';
import { column, reading } from '../support/store-rows.ts';
import type { Crowd } from './crowd.ts';
import type { Fleet } from './fleet.ts';
import { AKASSER } from './register.ts';

/** Saves before it, so that something waits. */
const SAVES = 20;
/** A minute until it is idle, half of one until somebody looks, and patience, in milliseconds. */
const ROLLED_BACK = 180_000;
/** By then every process has looked again. */
const LOOKED_AGAIN = 35_000;

/** Leaves one and waits; gives what is wrong, which is nothing when it was rolled back once. */
export async function leaveIdle(crowd: Crowd, fleet: Fleet): Promise<string[]> {
  for (let made = 0; made < SAVES; made += 1) await crowd.savers[0]!.one(fleet.target('udk'), 'new');
  const [akasse] = AKASSER;
  const left = await crowd.pollers.get(akasse)!.leave(fleet.target(akasse));
  if (left === undefined) return ['no sequence could be opened to be left idle'];
  for (const until = performance.now() + ROLLED_BACK; (await rolledBack(fleet.store, left)) === 0; ) {
    if (performance.now() > until) return ['a sequence that was left idle was not rolled back'];
    await sleep(500);
  }
  await sleep(LOOKED_AGAIN);
  const times = await rolledBack(fleet.store, left);
  return times === 1 ? [] : [`a sequence that was left idle was rolled back ${times} times`];
}

/** How many entries say that the sequence was rolled back. */
async function rolledBack(store: string, sequence: string): Promise<number> {
  const of = (table: string): string =>
    `(SELECT count(*) FROM ${table} WHERE operation = 'RulSequenceTilbage' AND sequence = ?)`;
  const counted = `SELECT ${of('audit_entry')} + ${of('audit_intake')}`;
  const [times] = await reading(store, (tables) => column<number>(tables, counted, sequence, sequence));
  return times!;
}
