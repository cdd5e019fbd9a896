// The queues of the store and the a-kasser of the reference data put together: a line for each that an operator should
// see.

import type { Organisationer } from '../../access/organisationer.ts';
import type { Dato } from '../../domain/dato.ts';
import { type AkasseKode, sidsteAfloeser } from '../../domain/medlemskab.ts';
import type { OutboxOverview, QueueOverview } from '../../store/outbox.ts';

/** An a-kasse by its code, and what it is called, where the reference data has it. */
export interface NamedAkasse {
  readonly akasse: AkasseKode;
  readonly name?: string;
}

/** How the queue of an a-kasse stands, and who reads it. */
export interface QueueLine extends QueueOverview, NamedAkasse {
  /** The a-kasse that has taken it over, and reads its queue. */
  readonly afloeser?: NamedAkasse;
}

/**
 * By code: every a-kasse of the reference data, also one that has nothing and never called, and every other code that
 * has something. One that has been taken over is there only as long as there is something to read.
 */
export function queueLines(
  { queues }: Pick<OutboxOverview, 'queues'>,
  organisationer: Pick<Organisationer, 'akasser' | 'akasse' | 'afloesere'>,
  idag: Dato,
): QueueLine[] {
  const afloesere = organisationer.afloesere(idag);
  const kept = new Map(queues.map((queue) => [queue.akasse, queue]));
  const codes = new Set([...organisationer.akasser.map(({ code }) => code), ...kept.keys()]);
  const named = (akasse: AkasseKode): NamedAkasse => {
    const name = organisationer.akasse(akasse)?.name;
    return { akasse, ...(name !== undefined && { name }) };
  };
  return [...codes].sort().flatMap((code) => {
    const queue: QueueOverview = kept.get(code) ?? { akasse: code, waiting: 0 };
    const last = sidsteAfloeser(code, afloesere);
    if (last === code) return [{ ...queue, ...named(code) }];
    const hasSomething = queue.waiting > 0 || queue.open !== undefined;
    return hasSomething ? [{ ...queue, ...named(code), afloeser: named(last) }] : [];
  });
}
