// What becomes of an indberetning: the next version of a forløb, or a refusal. Pure: everything it needs to know is
// given to it, and the store enforces the same rules a second time.

import { afvist, type Fejl, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import { erFoer } from './dato.ts';
import { erAnnulleret, type Forloeb, type ForloebId, type ForloebVersion, periodeAf } from './forloeb.ts';
import type { Indberetning } from './indberetning.ts';
import { beskrivPeriode, overlapper } from './periode.ts';
import type { Personnummer } from './personnummer.ts';

/** What is known when an indberetning is judged. */
export interface SaveGrundlag {
  /** Every forløb of the citizen, as it stands. */
  readonly borgersForloeb: readonly Forloeb[];
  /** The citizen to whom the identifier of the indberetning already belongs, if it belongs to anyone. */
  readonly ejer?: Personnummer;
  /** The identifier a new forløb gets when the indberetning names none. */
  readonly nytId: ForloebId;
}

/**
 * Judges an indberetning, in this order: an identifier of another citizen (1014), a first write with neither block
 * (1014), end before start (4636), overlap with another forløb of the citizen (9434, naming the earliest).
 */
export function decideSave(indberetning: Indberetning, grundlag: SaveGrundlag): Resultat<ForloebVersion> {
  const id = indberetning.forloebId ?? grundlag.nytId;
  const hidtil = grundlag.borgersForloeb.find((forloeb) => forloeb.forloebId === id);
  const refusal =
    checkEjer(indberetning, grundlag) ??
    checkFoerste(indberetning, hidtil) ??
    checkDatoer(indberetning) ??
    checkOverlap(indberetning, id, grundlag.borgersForloeb);
  if (refusal !== undefined) return afvist(refusal);
  const { overgang, kompensation, personnummer } = indberetning;
  return ok({
    personnummer,
    forloebId: id,
    nr: hidtil?.nr ?? grundlag.borgersForloeb.length + 1,
    version: (hidtil?.version ?? 0) + 1,
    registrationType: hidtil === undefined ? 'Create' : 'Update',
    ...(overgang && { overgang }),
    ...(kompensation && { kompensation }),
  });
}

function checkEjer(indberetning: Indberetning, { ejer }: SaveGrundlag): Fejl | undefined {
  if (ejer === undefined || ejer === indberetning.personnummer) return undefined;
  return fejl(
    1014,
    `TidligPensionIdentifier ${indberetning.forloebId} already names a forløb of another citizen; nothing was changed. Use another identifier, or leave it out.`,
  );
}

function checkFoerste(indberetning: Indberetning, hidtil: Forloeb | undefined): Fejl | undefined {
  if (hidtil !== undefined || !erAnnulleret(indberetning)) return undefined;
  return fejl(
    1014,
    'The first indberetning of a forløb must hold OvergangTilTidligPension or Kompensationsudbetaling; with neither it would annul a forløb that does not exist.',
  );
}

function checkDatoer({ overgang }: Indberetning): Fejl | undefined {
  if (overgang?.ophoersdato === undefined || !erFoer(overgang.ophoersdato, overgang.overgangsdato))
    return undefined;
  return fejl(
    4636,
    `TidligPensionOphoersdato ${overgang.ophoersdato} is before TidligPensionOvergangsdato ${overgang.overgangsdato}; the same day is allowed.`,
  );
}

/** The rule of overlap: a forløb is never compared with itself, and one without a period overlaps nothing. */
function checkOverlap(
  indberetning: Indberetning,
  id: ForloebId,
  borgersForloeb: readonly Forloeb[],
): Fejl | undefined {
  const ny = periodeAf(indberetning);
  if (ny === undefined) return undefined;
  const clashes = borgersForloeb
    .filter((andet) => andet.forloebId !== id)
    .flatMap((andet) => {
      const periode = periodeAf(andet);
      return periode !== undefined && overlapper(ny, periode) ? [{ id: andet.forloebId, periode }] : [];
    })
    .sort((a, b) =>
      a.periode.start === b.periode.start ? compare(a.id, b.id) : compare(a.periode.start, b.periode.start),
    );
  const foerste = clashes[0];
  if (foerste === undefined) return undefined;
  return fejl(
    9434,
    `Perioden ${beskrivPeriode(ny)} overlapper forløb ${foerste.id}, ${beskrivPeriode(foerste.periode)}. Ret datoerne, eller afslut eller annullér det andet forløb først.`,
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
