// The calls of a transfer on a store, for the promises about sequences.

import { randomUUID } from 'node:crypto';
import type { Besked } from '../../../src/domain/besked.ts';
import type { AkasseKode } from '../../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../../src/domain/personnummer.ts';
import type { Koe, SequenceCommand } from '../../../src/store/outbox.ts';
import { kald, kompensation, saveCommand } from '../../support/store-fixtures.ts';
import type { CurrentStore } from '../store-promises.ts';

export const IDLE_MINUTES = 60;

/** The queue of an a-kasse, and of those it has taken over. */
export const koe = (akasse: string, ...overtaget: string[]): Koe => ({
  akasse: akasse as AkasseKode,
  koder: [akasse, ...overtaget] as AkasseKode[],
});

/** What a call came to: what it gave, or the code of its refusal with the message. */
export type Outcome<T> = T | { readonly kode: number; readonly message: string };

export function queueCalls(current: CurrentStore) {
  const akasseKald = (queue: Koe, operation: 'CreateSequence' | SequenceCommand['operation']) =>
    kald({
      operation,
      activeOrganisation: { OrganisationTypeIdentifier: 2, OrganisationCode: queue.akasse },
    });
  return {
    /** Saves a version of a forløb with one block; gives its identifier. */
    async save(Personnummer: Personnummer, id?: string): Promise<string> {
      const saved = await current().store.save(
        saveCommand({
          Personnummer,
          ...kompensation('2026-01-01'),
          ...(id && { TidligPensionIdentifier: id }),
        }),
      );
      if (!saved.ok) throw new Error(saved.fejl.message);
      return saved.value.forloebId;
    },
    async create(queue: Koe): Promise<Outcome<{ identifier: string; antal: number }>> {
      const identifier = randomUUID();
      const made = await current().store.sequences.create({
        kald: akasseKald(queue, 'CreateSequence'),
        koe: queue,
        identifier,
        idleMinutes: IDLE_MINUTES,
      });
      return made.ok ? { identifier, antal: made.value.antal } : made.fejl;
    },
    async fetch(queue: Koe, identifier: string): Promise<Outcome<readonly Besked[]>> {
      const operation = 'GetTidligPensionVersion1' as const;
      const fetched = await current().store.sequences.fetch({
        kald: akasseKald(queue, operation),
        koe: queue,
        operation,
        identifier,
        idleMinutes: IDLE_MINUTES,
      });
      return fetched.ok ? fetched.value : fetched.fejl;
    },
    async end(
      operation: 'TerminateSequence' | 'CloseSequence',
      queue: Koe,
      identifier: string,
    ): Promise<Outcome<'ended'>> {
      const ended = await current().store.sequences.end({
        kald: akasseKald(queue, operation),
        koe: queue,
        operation,
        identifier,
        idleMinutes: IDLE_MINUTES,
      });
      return ended.ok ? 'ended' : ended.fejl;
    },
  };
}

/** What a call gave. Throws where it was refused. */
export function given<T>(outcome: Outcome<T>): T {
  if (typeof outcome === 'object' && outcome !== null && 'kode' in outcome) throw new Error(outcome.message);
  return outcome as T;
}

/** The refusal of a call. Throws where it gave something. */
export function refusal(outcome: Outcome<unknown>): { readonly kode: number; readonly message: string } {
  if (typeof outcome === 'object' && outcome !== null && 'kode' in outcome)
    return outcome as { kode: number; message: string };
  throw new Error('it was not refused');
}
