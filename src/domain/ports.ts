// The one door through which clock and chance come in, so that everything else can be decided and tested without
// them.

import { randomFillSync, randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { type ForloebId, forloebId } from './forloeb.ts';

export interface Ports {
  /** The instant it is now. */
  now(): Date;
  /** A new TidligPensionIdentifier: random, for it says nothing about when or in what order. */
  newForloebId(): ForloebId;
  /** A new identifier that grows with time: correlation ids and MessageIdentifiers. */
  newId(): string;
  /** Bytes that nobody can guess, to hide what is hashed with them. */
  newSalt(): Uint8Array;
}

/** The machine's own clock and randomness. */
export const systemPorts: Ports = {
  now: () => new Date(),
  newForloebId: () => forloebId(randomUUID()),
  newId,
  newSalt,
};

/** The last identifier: its millisecond, and its number among those of that millisecond. */
const last = { msecs: 0, seq: 0 };

/** Bits of the number that the first one of a millisecond has by chance; it has more, so that it can grow. */
const FIRST_SEQ = 0x3fff_ffff;

function newId(): string {
  const random = newSalt();
  const now = Date.now();
  if (now > last.msecs) {
    last.msecs = now;
    last.seq = new DataView(random.buffer, random.byteOffset).getUint32(0) & FIRST_SEQ;
  } else last.seq += 1; // also when the clock has been set back: they never go back
  return v7({ random, ...last });
}

const SALT_BYTES = 16;
/** Chance is fetched for many salts at a time. */
const pool = new Uint8Array(256 * SALT_BYTES);
let used = pool.length;

function newSalt(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += SALT_BYTES;
  return pool.slice(used - SALT_BYTES, used);
}
