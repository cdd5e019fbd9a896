// What the headers claim, judged against reference data, certificate and policy table: the checks between valid
// headers and the body.

import { afvist, type Fejl, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { ActiveOrganisation, RequestUserMetadata } from '../contract/messages.ts';
import type { OperationName } from '../contract/names.ts';
import type { Dato } from '../domain/dato.ts';
import type { Laeseadgang } from '../domain/laeseadgang.ts';
import { type AkasseKode, koderAf } from '../domain/medlemskab.ts';
import type { Identitet } from './identitet.ts';
import type { Organisationer, Organisationsart } from './organisationer.ts';
import { AFVISNINGER, type Omfang, TILLADTE_ORGANISATIONER } from './tilladte-organisationer.ts';

/** What is judged: the headers of a call, who makes it, and when. */
export interface Krav {
  readonly operation: OperationName;
  readonly activeOrganisation: ActiveOrganisation;
  readonly requestUserMetadata: RequestUserMetadata;
  readonly identitet: Identitet;
  readonly idag: Dato;
}

/**
 * Judges the headers, in this order: organisation type not in the list (8173; ActiveOrganisation first), user type
 * not in the list (8174), a type that is not served (4413), an organisation the certificate may not act for or that
 * lacks the operation, an a-kasse unknown or merged away (1013). Gives about whom the operation may be called.
 */
export function decideAdgang(krav: Krav, organisationer: Organisationer): Resultat<Omfang> {
  const listed = checkCodeLists(krav, organisationer);
  if (listed !== undefined) return afvist(listed);
  const { OrganisationTypeIdentifier: type } = krav.activeOrganisation;
  const art = organisationer.artAf(type)!;
  const celle = TILLADTE_ORGANISATIONER[krav.operation][art];
  if (celle === AFVISNINGER.artIkkeBetjent.kode) {
    return afvist(
      fejl(celle, `Organisation type ${type} in ActiveOrganisationHeader is known but not served here.`),
    );
  }
  const refusal = checkActsFor(krav) ?? checkAkasse(krav, art, organisationer);
  if (refusal !== undefined) return afvist(refusal);
  if (celle === AFVISNINGER.operationIkkeTilladt.kode) {
    return afvist(fejl(celle, `Organisations of type ${type} may not call ${krav.operation}.`));
  }
  return ok(celle);
}

function checkCodeLists(
  { activeOrganisation, requestUserMetadata }: Krav,
  organisationer: Organisationer,
): Fejl | undefined {
  const active = activeOrganisation.OrganisationTypeIdentifier;
  if (organisationer.artAf(active) === undefined) {
    return fejl(8173, `OrganisationTypeIdentifier ${active} in ActiveOrganisationHeader is not in the list.`);
  }
  const request =
    requestUserMetadata.RequestOrganisationStructure.OrganisationTypeIdentifier.CodeListItemIdentifier;
  if (organisationer.artAf(request) === undefined) {
    return fejl(
      8173,
      `OrganisationTypeIdentifier ${request} in RequestOrganisationStructure (RequestUserMetadataHeader) is not in the list.`,
    );
  }
  const user = requestUserMetadata.RequestUserStructure.RequestUserTypeIdentifier.CodeListItemIdentifier;
  if (!organisationer.harBrugertype(user)) {
    return fejl(8174, `RequestUserTypeIdentifier ${user} in RequestUserMetadataHeader is not in the list.`);
  }
  return undefined;
}

function checkActsFor({ activeOrganisation, identitet }: Krav): Fejl | undefined {
  const { OrganisationTypeIdentifier: type, OrganisationCode: code } = activeOrganisation;
  if (identitet.system === undefined) return undefined;
  if (identitet.system.organisations.some((own) => own.type === type && own.code === code)) return undefined;
  return fejl(
    AFVISNINGER.certifikatIkkeTilknyttet.kode,
    'The client certificate may not act for the organisation in ActiveOrganisationHeader.',
  );
}

function checkAkasse(
  { activeOrganisation, idag }: Krav,
  art: Organisationsart,
  organisationer: Organisationer,
): Fejl | undefined {
  if (art !== 'akasse') return undefined;
  const akasse = organisationer.akasse(activeOrganisation.OrganisationCode);
  if (akasse === undefined) {
    return fejl(
      AFVISNINGER.akasseUkendt.kode,
      'The a-kasse in ActiveOrganisationHeader is not in the list; codes are two digits, compared as text.',
    );
  }
  const afloeser = organisationer.afloesere(idag)[akasse.code];
  if (afloeser === undefined) return undefined;
  return fejl(
    AFVISNINGER.akasseOvertaget.kode,
    `A-kasse ${akasse.code} has been taken over; its successor ${afloeser} calls instead.`,
  );
}

/** Whose queue a caller may empty: the a-kasse it is, and every code it answers for. */
export interface Koeadgang {
  readonly omfang: 'egen-koe';
  readonly akasse: AkasseKode;
  readonly koder: readonly AkasseKode[];
}

/** What the policy table gives for a call, as plain data that the store can judge by. */
export type Adgang = Laeseadgang | Koeadgang;

/** A scope of the table, with what it needs to know of the caller. */
export function adgangFor(
  omfang: Omfang,
  krav: Krav,
  organisationer: Organisationer,
  tidligereMaaneder: number,
): Adgang {
  if (omfang === 'alle') return { omfang };
  const akasse = krav.activeOrganisation.OrganisationCode as AkasseKode;
  const afloesere = organisationer.afloesere(krav.idag);
  return omfang === 'egen-koe'
    ? { omfang, akasse, koder: koderAf(akasse, afloesere) }
    : { omfang, akasse, afloesere, tidligereMaaneder };
}
