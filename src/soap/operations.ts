// What each operation does with a request that has passed every check before the rules: asks the store, and puts
// its answer in the words of the contract.

import { type Fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { RequestUserMetadata } from '../contract/messages.ts';
import { forloebMessage, iVisningsorden } from '../domain/get.ts';
import { readIndberetning, readKnownPersonnummer } from '../domain/indberetning.ts';
import type { Laeseadgang } from '../domain/laeseadgang.ts';
import type { Afloesere } from '../domain/medlemskab.ts';
import type { Ports } from '../domain/ports.ts';
import type { CallStore, Kald } from '../store/store.ts';
import type { Handlers } from './dispatcher.ts';

/** What the edge has established about a call by the time an operation runs. */
export interface CallContext {
  readonly correlationId: string;
  readonly kald: Kald & { readonly requestUserMetadata: RequestUserMetadata };
  readonly adgang: Laeseadgang;
  readonly afloesere: Afloesere;
}

/** The operations of PensionService on a store. */
export function makeOperations(store: CallStore, ports: Ports): Handlers<CallContext> {
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
      const forloeb = await store.get({ kald, personnummer: personnummer.value, adgang });
      return forloeb.ok ? ok({ TidligPension: iVisningsorden(forloeb.value).map(forloebMessage) }) : forloeb;
    },
  };
}
