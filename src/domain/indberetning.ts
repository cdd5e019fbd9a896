// From the message of a Save or Get to values of the domain. The schema has vouched for the form.

import { afvist, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { SaveTidligPensionRequest, TidligPensionMessage } from '../contract/messages.ts';
import { type Dato, readDato } from './dato.ts';
import { type ForloebId, forloebId, type Tilstand } from './forloeb.ts';
import { type Personnummer, readPersonnummer, UKENDT_PERSONNUMMER } from './personnummer.ts';

/** What one Save says: the whole state of one forløb. Without an identifier it begins a new forløb. */
export interface Indberetning extends Tilstand {
  readonly personnummer: Personnummer;
  readonly forloebId?: ForloebId;
}

/** Reads a schema-valid Save; 1001 for the unknown personnummer. */
export function readIndberetning(message: SaveTidligPensionRequest): Resultat<Indberetning> {
  const personnummer = readKnownPersonnummer(message.Personnummer);
  if (!personnummer.ok) return personnummer;
  return ok({
    personnummer: personnummer.value,
    ...(message.TidligPensionIdentifier && { forloebId: forloebId(message.TidligPensionIdentifier) }),
    ...readTilstand(message),
  });
}

/** Reads a schema-valid personnummer; 1001 for ten zeros, which stand for "unknown" on the platform. */
export function readKnownPersonnummer(text: string): Resultat<Personnummer> {
  if (text === UKENDT_PERSONNUMMER) {
    return afvist(
      fejl(1001, 'Personnummer is ten zeros, which stands for "unknown"; a real personnummer is required.'),
    );
  }
  const personnummer = readPersonnummer(text);
  if (personnummer === undefined) throw new Error('schema and domain disagree about what a personnummer is');
  return ok(personnummer);
}

function readTilstand(message: Omit<TidligPensionMessage, 'TidligPensionIdentifier'>): Tilstand {
  const { OvergangTilTidligPension: overgang, Kompensationsudbetaling: kompensation } = message;
  return {
    ...(overgang && {
      overgang: {
        overgangsdato: datoOf(overgang.TidligPensionOvergangsdato),
        afgoerelsesdato: datoOf(overgang.TidligPensionAfgoerelsesdato),
        ...(overgang.TidligPensionOphoersdato && { ophoersdato: datoOf(overgang.TidligPensionOphoersdato) }),
      },
    }),
    ...(kompensation && {
      kompensation: { afgoerelsesdato: datoOf(kompensation.Kompensationsafgoerelsesdato) },
    }),
  };
}

function datoOf(text: string): Dato {
  const dato = readDato(text);
  if (dato === undefined) throw new Error('schema and domain disagree about what a date is');
  return dato;
}
