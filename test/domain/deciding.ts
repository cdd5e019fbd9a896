// Asks the rules about an indberetning in one line: what is accepted, what is refused, what stands already.

import { expect } from 'chai';
import type { Fejl } from '../../src/contract/fejlkatalog.ts';
import type { SaveTidligPensionRequest } from '../../src/contract/messages.ts';
import { type Forloeb, type ForloebVersion, forloebId } from '../../src/domain/forloeb.ts';
import { readIndberetning } from '../../src/domain/indberetning.ts';
import { decideSave, type SaveGrundlag } from '../../src/domain/save.ts';
import { nyBorger } from '../support/domain-model.ts';

/** What an indberetning says, but for the citizen. */
export type Sagt = Partial<SaveTidligPensionRequest>;

/** One of ten identifiers, in order. */
export const ID = (n: number) => forloebId(`a0000000-0000-4000-8000-00000000000${n}`);
/** The identifier that is given to what names none. */
export const NYT = ID(9);
export const borger = nyBorger();

function decide(message: Sagt, grundlag: Partial<SaveGrundlag> = {}) {
  const said = readIndberetning({ Personnummer: borger, ...message });
  if (!said.ok) throw new Error('not a message that reaches the rules');
  return decideSave(said.value, { borgersForloeb: [], nytId: NYT, ...grundlag });
}

/** The version that comes of it; fails when it is refused. */
export function accepted(...args: Parameters<typeof decide>): ForloebVersion {
  const decision = decide(...args);
  if (!decision.ok) expect.fail(`refused: ${decision.fejl.message}`);
  return decision.value;
}

/** The refusal; fails when it is accepted. */
export function refused(...args: Parameters<typeof decide>): Fejl {
  const decision = decide(...args);
  if (decision.ok) expect.fail('accepted');
  return decision.fejl;
}

/** A forløb that stands, as it became by an accepted indberetning. */
export function standing(n: number, message: Sagt, version = 1): Forloeb {
  return { ...accepted({ ...message, TidligPensionIdentifier: ID(n) }), nr: n, version };
}

/** A forløb that was annulled by its second version. */
export const annulled = (n: number): Forloeb => ({ forloebId: ID(n), nr: n, version: 2 });
