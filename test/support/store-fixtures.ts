// What the tests of a store need: commands and queries with sensible defaults, and a way to look at what was kept.

import { randomBytes, randomUUID } from 'node:crypto';
import type { NewAuditEntry } from '../../src/access/audit/entry.ts';
import type { RequestUserMetadata, SaveTidligPensionRequest } from '../../src/contract/messages.ts';
import type { Dato } from '../../src/domain/dato.ts';
import { forloebId } from '../../src/domain/forloeb.ts';
import { readIndberetning } from '../../src/domain/indberetning.ts';
import type { Laeseadgang } from '../../src/domain/laeseadgang.ts';
import type { AkasseKode } from '../../src/domain/medlemskab.ts';
import type { Personnummer } from '../../src/domain/personnummer.ts';
import type {
  AfvistLinje,
  GetQuery,
  Kald,
  MedlemskabImport,
  MedlemskabImportResult,
  MedlemskabLinje,
  SaveCommand,
  Store,
  StorePorts,
} from '../../src/store/store.ts';
import { type ModelIndberetning, type ModelRegister, windowDay } from './domain-model.ts';

/** When every call of the fixtures is made, and the day that is in Copenhagen. */
export const NU = new Date('2026-11-22T07:50:00.123Z');
export const IDAG = '2026-11-22' as Dato;

/** A clock that stands still until it is set, and true chance. */
export const portsOf = (clock: { readonly now: Date }): StorePorts => ({
  now: () => clock.now,
  newId: randomUUID,
  newSalt: () => randomBytes(16),
});

/** A clock that stands still, and true chance. */
export const portsAt = (now: Date): StorePorts => portsOf({ now });

/** A version as it is kept: `null` for what is not there. */
export interface KeptVersion {
  readonly forloebId: string;
  readonly version: number;
  readonly personnummer: string;
  readonly indberettet: string;
  readonly correlationId: string;
  readonly overgangsdato: string | null;
  readonly afgoerelsesdato: string | null;
  readonly ophoersdato: string | null;
  readonly kompensationsafgoerelsesdato: string | null;
  readonly requestUserMetadata: RequestUserMetadata;
}

/** A row of the outbox. */
export interface KeptBesked {
  readonly messageIdentifier: string;
  readonly forloebId: string;
  readonly version: number;
  readonly personnummer: string;
  readonly registrationType: string;
  readonly modtager: string | null;
  readonly modtagerAarsag: string;
  readonly eventDate: string | null;
}

/** An entry of the audit trail, without its number. */
export type KeptEntry = NewAuditEntry;

/** A store under test, and what it has kept. Each list is in the order in which it was written. */
export interface StoreUnderTest {
  readonly store: Store;
  /** What the store takes for now; may be set. */
  readonly clock: { now: Date };
  versions(): Promise<KeptVersion[]>;
  beskeder(): Promise<KeptBesked[]>;
  /** MessageIdentifiers of the beskeder that have left the queue. */
  delivered(): Promise<string[]>;
  entries(): Promise<KeptEntry[]>;
  /** Every row of `forloeb` and `medlemskab`, in any form that can be compared with itself. */
  standing(): Promise<unknown>;
}

const metadata: RequestUserMetadata = {
  RequestUserStructure: {
    UserFullName: 'Tidlig Pension : Batch <æøå>',
    RequestUserTypeIdentifier: { CodeListItemIdentifier: 3 },
    UserIdentifier: 'CVR:99999999-UUID:3f1c',
    UserEmail: 'batch@example.invalid',
  },
  RequestOrganisationStructure: {
    OrganisationTypeIdentifier: { CodeListItemIdentifier: 50 },
    OrganisationCode: '99999999',
  },
  RegistrationDateTime: '2026-11-22T08:50:00.1234567+01:00',
};

/** The head of a call by UDK. */
export const kald = (overrides: Partial<Kald> = {}): Kald & { requestUserMetadata: RequestUserMetadata } => ({
  modtaget: NU,
  idag: IDAG,
  correlationId: randomUUID(),
  operation: 'SaveTidligPension',
  certificate: 'ab'.repeat(32),
  system: 'udk',
  activeOrganisation: { OrganisationTypeIdentifier: 51, OrganisationCode: '88888888' },
  requestUserMetadata: metadata,
  ...overrides,
});

/** The command of a Save that says what the message says. */
export function saveCommand(
  message: SaveTidligPensionRequest,
  overrides: Partial<SaveCommand> = {},
): SaveCommand {
  const indberetning = readIndberetning(message);
  if (!indberetning.ok) throw new Error('the fixture is not a message that reaches a store');
  return {
    kald: kald(),
    indberetning: indberetning.value,
    nytId: forloebId(randomUUID()),
    messageIdentifier: randomUUID(),
    afloesere: {},
    ...overrides,
  };
}

/** The block that says a citizen goes over on the first date, until the second if there is one. */
export const overgang = (overgangsdato: string, ophoersdato?: string, afgoerelsesdato = '2025-12-01') => ({
  OvergangTilTidligPension: {
    TidligPensionOvergangsdato: overgangsdato,
    TidligPensionAfgoerelsesdato: afgoerelsesdato,
    ...(ophoersdato && { TidligPensionOphoersdato: ophoersdato }),
  },
});

export const kompensation = (afgoerelsesdato: string) => ({
  Kompensationsudbetaling: { Kompensationsafgoerelsesdato: afgoerelsesdato },
});

/** A Get, by UDK or by who else is named. */
export const getQuery = (personnummer: Personnummer, adgang: Laeseadgang = { omfang: 'alle' }): GetQuery => ({
  kald: kald({ operation: 'GetTidligPension' }),
  personnummer,
  adgang,
});

/** What an a-kasse may read. */
export const somAkasse = (akasse: string, afloesere: Record<string, string> = {}): Laeseadgang => ({
  omfang: 'egne-medlemmer',
  akasse: akasse as AkasseKode,
  afloesere: afloesere as Record<string, AkasseKode>,
  tidligereMaaneder: 42,
});

/** A line of the membership register. */
export const medlemskabLinje = (
  linje: number,
  personnummer: Personnummer,
  akasse: string,
  start: string,
  rest: { slut?: string; efterloen?: string; afgangsaarsag?: string; tilbagekaldt?: boolean } = {},
): MedlemskabLinje =>
  ({ tilbagekaldt: false, ...rest, linje, personnummer, akasse, start }) as MedlemskabLinje;

/** The entry that an operator's command leaves. */
export const operatorEntry = (operation: NewAuditEntry['operation']): NewAuditEntry => ({
  tidspunkt: NU.toISOString(),
  correlationId: randomUUID(),
  operation: operation!,
  udfald: 'udfoert',
  system: 'pension',
  userIdentifier: 'os:operator',
});

/** Imports lines as the command does; the errors, if any, as a list. */
export async function importMedlemskaber(
  store: Store,
  register: Partial<MedlemskabImport> & { readonly linjer: Iterable<MedlemskabLinje | AfvistLinje> },
): Promise<Extract<MedlemskabImportResult, { ok: true }> | { ok: false; fejl: readonly AfvistLinje[] }> {
  const result = await store.medlemskaber.import({
    hele: false,
    idag: IDAG,
    afloesere: {},
    entry: operatorEntry('ImportMedlemskaber'),
    ...register,
  });
  if (result.ok) return result;
  const fejl: AfvistLinje[] = [];
  for await (const linje of result.fejl) fejl.push(linje);
  return { ok: false, fejl };
}

/** The message that a command of the model stands for. */
export function messageOf(register: ModelRegister, sagt: ModelIndberetning): SaveTidligPensionRequest {
  const guid = sagt.guid === undefined ? undefined : register.guids[sagt.guid]!;
  const slut = sagt.overgang?.slut;
  return {
    Personnummer: register.personnumre[sagt.borger]!,
    ...(guid && { TidligPensionIdentifier: sagt.upper ? guid.toUpperCase() : guid }),
    ...(sagt.overgang &&
      overgang(
        windowDay(sagt.overgang.start),
        slut === undefined ? undefined : windowDay(slut),
        windowDay(sagt.overgang.afgjort),
      )),
    ...(sagt.kompensation !== undefined && kompensation(windowDay(sagt.kompensation))),
  };
}
