// The citizens of the experiments with a service that is killed or stopped: who they are, and of which a-kasse.

import type { Personnummer } from '../../src/domain/personnummer.ts';
import { makeMemberStore } from '../support/member-store.ts';

/** The a-kasser that have members. */
export const AKASSER = ['11', '22'] as const;
/** Calls go to so many citizens at a time, so that they meet; and to others as rounds go by, so that none has too many. */
const AT_A_TIME = 8;
const NEW_EACH_ROUND = 3;

/** Citizen number `nr` (from 0): a day that never was. One of ten is a member of no a-kasse. */
const borgerNr = (nr: number): Personnummer => `290265${String(nr).padStart(4, '0')}` as Personnummer;
const akasseOf = (nr: number): string | undefined => (nr % 10 === 9 ? undefined : AKASSER[nr % 2]);

/** Makes the store of that address, with a register for so many rounds. */
export async function makeRegister(store: string, rounds: number): Promise<void> {
  const borgere = rounds * NEW_EACH_ROUND + AT_A_TIME;
  const members = Array.from({ length: borgere }, (_, nr) => nr).flatMap((nr) => {
    const akasse = akasseOf(nr);
    return akasse === undefined ? [] : [{ akasse, personnummer: borgerNr(nr) }];
  });
  await makeMemberStore(store, members);
}

/** Citizens that a round is about. */
export const borgereOf = (round: number): string[] =>
  Array.from({ length: AT_A_TIME }, (_, at) => borgerNr(round * NEW_EACH_ROUND + at));
