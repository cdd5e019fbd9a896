// The calls of a transfer as a rule tells them: each must succeed, and gives what the client read in the answer.

import { expect } from 'chai';
import type { Besked, InventoryItem, Outcome } from './client-process.ts';
import type { Fixture, Party } from './fixture.ts';
import type { Parties } from './parties.ts';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What is different in one client. */
export interface Differences {
  /** What it makes of a RegistrationDateTime with seven decimals. */
  readonly registered?: (text: string) => string;
  /** It gives EventDate without its offset, as a moment of UTC. */
  readonly utc?: true;
  /** It cannot send an element as nil. */
  readonly noNil?: true;
}

/** What the rules of the queue are told with: who saves, who reads, and what is different in them. */
export interface Queue {
  readonly fixture: () => Fixture;
  readonly savers: Parties;
  readonly readers: Parties;
  readonly differences: Differences;
}

/** An opened sequence. */
export interface Opened {
  readonly sequence: string;
  readonly inventory: readonly InventoryItem[];
}

/** The a-kasse whose members these rules use. */
const AKASSE = 'akasse-22';

/** Opens a sequence; with 'nil' the four elements of CreateSequence are sent as .NET sends them. */
export async function opened({ readers }: Queue, elements?: 'nil'): Promise<Opened> {
  const outcome = await readers.as(AKASSE).create(elements);
  expect(outcome, JSON.stringify(outcome)).to.have.all.keys('sequence', 'inventory');
  const made = outcome as Opened;
  expect(made.sequence).to.match(UUID);
  return made;
}

/** Fetches the beskeder of a sequence; the header of the answer names that sequence. */
export async function fetched({ readers }: Queue, sequence: string): Promise<readonly Besked[]> {
  const outcome = await readers.as(AKASSE).fetch(sequence);
  expect(outcome, JSON.stringify(outcome)).to.have.all.keys('sequence', 'beskeder');
  const answer = outcome as { sequence: string; beskeder: readonly Besked[] };
  expect(answer.sequence).to.equal(sequence);
  return answer.beskeder;
}

/** Ends a sequence, one way or the other; the answer names it. */
export async function ended({ readers }: Queue, how: 'close' | 'terminate', sequence: string): Promise<void> {
  expect(await readers.as(AKASSE)[how](sequence)).to.deep.equal({ sequence });
}

/** A call that is refused with 1014, whoever makes it. */
export async function isRefused(
  { readers }: Queue,
  call: (client: ReturnType<Parties['as']>) => Promise<Outcome>,
  { as = AKASSE, code = 1014, names = [] }: { as?: Party; code?: number; names?: readonly string[] } = {},
): Promise<void> {
  readers.isFault(await call(readers.as(as)), code, ...names);
}

/** Empties the queue of what an earlier rule left, also where that rule failed with its sequence open. */
export async function emptied(queue: Queue): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const outcome = await queue.readers.as(AKASSE).create();
    if ('fault' in outcome) {
      const open = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(outcome.message)?.[0];
      expect(open, JSON.stringify(outcome)).not.to.equal(undefined);
      await ended(queue, 'close', open!);
    } else {
      const { sequence, inventory } = outcome as Opened;
      if (inventory.length === 0) return;
      await ended(queue, 'terminate', sequence);
    }
  }
  expect.fail('the queue is never empty');
}
