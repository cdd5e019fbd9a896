// I4, as far as a store can show it: what left the queue left once, with the sequence that held it, and nothing else did.

import { type StoreCheck, shownId } from './check.ts';
import type { KeptHold, KeptSequence } from './rows.ts';
import { together } from './together.ts';

const byNumber = <T extends { readonly sequenceNr: number }>(rows: AsyncIterable<T>) => ({
  rows,
  key: ({ sequenceNr }: T) => Number(sequenceNr),
});

/** I4: sequences and what they held. */
export const DELIVERED_ONCE: StoreCheck = {
  id: 'I4',
  says: 'a terminated sequence let go exactly what it held, no other besked has left the queue, and an a-kasse has one open at most',
  counts: 'sequences',
  async *find(rows, { tally }) {
    const open = new Open();
    const lists = {
      sequences: byNumber(rows.sequences()),
      holds: byNumber(rows.holds()),
      deliveries: byNumber(rows.deliveries()),
    };
    for await (const { sequences, holds, deliveries } of together(lists)) {
      const [sequence] = sequences;
      const held = new Set(holds.map(({ beskedNr }) => beskedNr));
      for (const { beskedNr } of deliveries) {
        if (sequence?.state !== 'terminated' || !held.has(beskedNr))
          yield `besked ${beskedNr}: it has left the queue, but no terminated sequence held it`;
      }
      if (sequence === undefined) {
        for (const { beskedNr } of holds) yield `besked ${beskedNr}: a sequence that is not there holds it`;
        continue;
      }
      tally();
      const id = `sequence ${shownId(sequence.identifier)}`;
      for (const problem of problemsOf(sequence, holds)) yield `${id}: ${problem}`;
      if (sequence.state === 'open')
        for (const problem of open.add(sequence, held)) yield `${id}: ${problem}`;
    }
  },
};

function* problemsOf(sequence: KeptSequence, holds: readonly KeptHold[]): Generator<string> {
  const { state, antal, sequenceNr } = sequence;
  // What was given back and never fetched is forgotten.
  const isForgotten = holds.length === 0 && (state === 'closed' || state === 'rolled-back');
  if (holds.length !== antal && !isForgotten)
    yield `it was opened over ${antal} beskeder and holds ${holds.length}`;
  const codes = codesOf(sequence);
  for (const { beskedNr, deliveredIn, modtager } of holds) {
    if (state === 'terminated' && deliveredIn !== sequenceNr)
      yield `it is terminated, but besked ${beskedNr}, which it held, has not left with it`;
    if (state === 'open' && deliveredIn !== null)
      yield `it is open, but besked ${beskedNr} has left the queue`;
    if (modtager === null || !codes.includes(modtager))
      yield `it holds besked ${beskedNr}, which is not for its a-kasse`;
  }
}

function codesOf({ koder, akasse }: KeptSequence): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(koder);
    return Array.isArray(read) ? [akasse, ...read] : [akasse];
  } catch {
    return [akasse];
  }
}

/** The sequences that are open, as far as they have been seen. There are no more than a-kasser. */
class Open {
  readonly #byAkasse = new Map<string, string>();
  readonly #byBesked = new Map<number, string>();

  *add({ akasse, identifier }: KeptSequence, held: ReadonlySet<number>): Generator<string> {
    const other = this.#byAkasse.get(akasse);
    if (other !== undefined) yield `sequence ${shownId(other)} of the same a-kasse is open too`;
    this.#byAkasse.set(akasse, identifier);
    for (const beskedNr of held) {
      const holder = this.#byBesked.get(beskedNr);
      if (holder !== undefined)
        yield `besked ${beskedNr} is in sequence ${shownId(holder)} too, which is open`;
      this.#byBesked.set(beskedNr, identifier);
    }
  }
}
