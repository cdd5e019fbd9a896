// The forløb: one course of Tidlig Pension of one citizen, named by a GUID, and what one version of it says.

import type { RegistrationType } from '../contract/messages.ts';
import type { Dato } from './dato.ts';
import type { Periode } from './periode.ts';
import type { Personnummer } from './personnummer.ts';

declare const brand: unique symbol;

/** The TidligPensionIdentifier: a GUID in lower case. */
export type ForloebId = string & { readonly [brand]: 'ForloebId' };

/** GUIDs compare without regard to case and are written in lower case. */
export const forloebId = (guid: string): ForloebId => guid.toLowerCase() as ForloebId;

/** The decision that a citizen goes over to Tidlig Pension. */
export interface Overgang {
  /** First day on Tidlig Pension. */
  readonly overgangsdato: Dato;
  /** Date of the decision. */
  readonly afgoerelsesdato: Dato;
  /** Last day; without it the forløb has no end. */
  readonly ophoersdato?: Dato;
}

/** The decision that Kompensationsbeløb is paid out. */
export interface Kompensation {
  readonly afgoerelsesdato: Dato;
}

/** The whole state of a forløb after one indberetning. With neither block it is annulled. */
export interface Tilstand {
  readonly overgang?: Overgang;
  readonly kompensation?: Kompensation;
}

/** A forløb as it stands: its latest version. */
export interface Forloeb extends Tilstand {
  readonly forloebId: ForloebId;
  /** 1 for the first registered forløb of the citizen, 2 for the next, and so on. */
  readonly nr: number;
  /** 1 after the first indberetning, one more after each that follows. */
  readonly version: number;
}

/** One accepted indberetning, as it is stored: a new version of a forløb. */
export interface ForloebVersion extends Forloeb {
  readonly personnummer: Personnummer;
  readonly registrationType: RegistrationType;
}

/** Annulled: the latest version has neither block. */
export const erAnnulleret = (tilstand: Tilstand): boolean =>
  tilstand.overgang === undefined && tilstand.kompensation === undefined;

/** The period a forløb occupies: from overgangsdato to ophørsdato; none when annulled or only kompensation. */
export const periodeAf = (tilstand: Tilstand): Periode | undefined =>
  tilstand.overgang && {
    start: tilstand.overgang.overgangsdato,
    ...(tilstand.overgang.ophoersdato === undefined ? {} : { slut: tilstand.overgang.ophoersdato }),
  };
