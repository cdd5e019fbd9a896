// The policy table: which kind of organisation may do what. Nothing else in the program decides it.

import type { OperationName } from '../contract/names.ts';
import type { Organisationsart } from './organisationer.ts';

/** About whom an operation may be called: every citizen, or an a-kasse's own (see domain/laeseadgang.ts). */
export type Omfang = 'alle' | 'egne-medlemmer';

/** What is not in the table is not allowed (1013). */
export const TILLADTE_ORGANISATIONER: Readonly<
  Record<OperationName, Readonly<Partial<Record<Organisationsart, Omfang>>>>
> = {
  SaveTidligPension: { udk: 'alle', star: 'alle' },
  GetTidligPension: { udk: 'alle', star: 'alle', akasse: 'egne-medlemmer' },
};
