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
  newId: () => v7(),
  newSalt,
};

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
