// The one door through which clock and chance come in, so that everything else can be decided and tested without
// them.

import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { type ForloebId, forloebId } from './forloeb.ts';

export interface Ports {
  /** The instant it is now. */
  now(): Date;
  /** A new TidligPensionIdentifier: random, for it says nothing about when or in what order. */
  newForloebId(): ForloebId;
  /** A new identifier that grows with time: correlation ids and MessageIdentifiers. */
  newId(): string;
}

/** The machine's own clock and randomness. */
export const systemPorts: Ports = {
  now: () => new Date(),
  newForloebId: () => forloebId(randomUUID()),
  newId: () => v7(),
};
