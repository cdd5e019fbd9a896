// What each operation does with a request that has passed every check before the rules: asks the store, and puts
// its answer in the words of the contract.

import type { Adgang } from '../access/adgang.ts';
import { type Fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { RequestUserMetadata } from '../contract/messages.ts';
import { forloebMessage, iVisningsorden } from '../domain/get.ts';
import { readIndberetning, readKnownPersonnummer } from '../domain/indberetning.ts';
import type { Laeseadgang } from '../domain/laeseadgang.ts';
import type { Afloesere } from '../domain/medlemskab.ts';
import type { Ports } from '../domain/ports.ts';
import type { PullDoor } from '../notify/pull/door.ts';
import type { Koe } from '../store/outbox.ts';
import type { CallStore, Kald } from '../store/store.ts';
import type { Handlers } from './dispatcher.ts';

/** What the edge has established about a call by the time an operation runs. */
export interface CallContext {
  readonly correlationId: string;
  readonly kald: Kald & { readonly requestUserMetadata: RequestUserMetadata };
  /** About whom the call may be made. */
  readonly adgang: Adgang;
  readonly afloesere: Afloesere;
  /** The identifier in SequenceRequest, of an operation that needs it. */
  readonly sequence?: string;
}

/** Every operation, on a store and on the door of the outbox. */
export function makeOperations(store: CallStore, door: PullDoor, ports: Ports): Handlers<CallContext> {
  const refuse = async (kald: Kald, refusal: Fejl): Promise<Resultat<never>> => {
    await store.recordRefusal({ kald, fejlkode: refusal.kode });
    return { ok: false, fejl: refusal };
  };
  return {
    async SaveTidligPension(request, { kald, afloesere }) {
      const indberetning = readIndberetning(request);
      if (!indberetning.ok) return refuse(kald, indberetning.fejl);
      const saved = await store.save({
        kald,
        indberetning: indberetning.value,
        nytId: ports.newForloebId(),
        messageIdentifier: ports.newId(),
        afloesere,
      });
      return saved.ok ? ok({ CreatedItemIdentifier: saved.value.forloebId }) : saved;
    },
    async GetTidligPension(request, { kald, adgang }) {
      const personnummer = readKnownPersonnummer(request.Personnummer);
      if (!personnummer.ok) return refuse(kald, personnummer.fejl);
      const forloeb = await store.get({ kald, personnummer: personnummer.value, adgang: laeser(adgang) });
      return forloeb.ok ? ok({ TidligPension: iVisningsorden(forloeb.value).map(forloebMessage) }) : forloeb;
    },
    CreateSequence: (_request, { kald, adgang }) => door.create({ kald, koe: koeAf(adgang) }),
    CloseSequence: (request, { kald, adgang }) => door.close(request, { kald, koe: koeAf(adgang) }),
    TerminateSequence: (request, { kald, adgang }) => door.terminate(request, { kald, koe: koeAf(adgang) }),
    GetTidligPensionVersion1: (_request, { kald, adgang, sequence }) =>
      door.fetch(sequence!, { kald, koe: koeAf(adgang) }),
  };
}

/** What a reading may read. The policy table gives it for operations that read, and for no others. */
function laeser(adgang: Adgang): Laeseadgang {
  if (adgang.omfang === 'egen-koe') throw new Error('the policy table gives no scope for reading');
  return adgang;
}

/** Whose queue a transfer is about. The policy table gives it for operations of the queue, and for no others. */
function koeAf(adgang: Adgang): Koe {
  if (adgang.omfang !== 'egen-koe') throw new Error('the policy table gives no queue');
  return adgang;
}
