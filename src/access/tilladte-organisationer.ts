// The policy: which kind of organisation may call which operation, and about whom. Nothing else in the program
// decides it. Written to be read by auditors; `pension access` and docs/access.md print what stands here.
//
// How it is read. A call names the organisation it is made for, in ActiveOrganisationHeader. The list of organisation
// types (organisationer.json) says of which kind that is: UDK, STAR, an a-kasse, or one that is not served. The table
// then gives, for that kind and the operation that is called, either a scope (omfang) or the code that refuses it.
// What each scope means, and what is refused beside the table, stands below it.

import type { OperationName } from '../contract/names.ts';
import type { Organisationsart } from './organisationer.ts';

/** About whom an operation may be called; OMFANG says what each means. */
export type Omfang = 'alle' | 'egne-medlemmer' | 'egen-koe';

/** Refused whoever the citizen is; AFVISNINGER says what each means. */
type Afvist = 1013 | 4413;

/** The table. An operation or a kind without its cell does not compile, so nothing is allowed by being forgotten. */
export const TILLADTE_ORGANISATIONER = {
  SaveTidligPension: { udk: 'alle', star: 'alle', akasse: 1013, other: 4413 },
  GetTidligPension: { udk: 'alle', star: 'alle', akasse: 'egne-medlemmer', other: 4413 },
  CreateSequence: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
  CloseSequence: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
  TerminateSequence: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
  GetTidligPensionVersion1: { udk: 1013, star: 1013, akasse: 'egen-koe', other: 4413 },
} as const satisfies Record<OperationName, Record<Organisationsart, Omfang | Afvist>>;

/** The kinds of organisation, as people call them. */
export const ORGANISATIONSARTER = {
  udk: 'UDK',
  star: 'STAR',
  akasse: 'a-kasse',
  other: 'any other',
} as const satisfies Record<Organisationsart, string>;

/** What each scope means, one sentence a rule. N is TIDLIGERE_MAANEDER, below. */
export const OMFANG = {
  alle: {
    navn: 'every citizen',
    regler: { alle: 'Every citizen (borger), whether known to this service or not.' },
  },
  'egne-medlemmer': {
    navn: 'its own members',
    regler: {
      nuvaerende:
        'Own member: the citizen has a membership (medlemskab) of the calling a-kasse that contains today; its first and its last day count.',
      tidligere:
        'Former member (tidligere medlem): the citizen has no current a-kasse, was a member of the calling one, and today is at most N calendar months after that membership ended; the last of those days counts, and a day that its month does not have becomes the last of the month.',
      'andet-medlemskab':
        'A citizen who is now a member of another a-kasse is refused to every former one, from the first day there; a membership that begins later changes nothing yet.',
      slut: 'A membership ends on its own last day or on the day before the next one that counts begins, whichever is first.',
      afloeser:
        'An a-kasse that has been taken over counts as its successor (afløser), followed to the last: the members of the one are those of the other.',
      tilbagekaldt:
        'A recalled (tilbagekaldt) membership never counts, and what it had closed is open again.',
      ellers:
        'Everyone else is refused with 4575, in the same words whether the citizen is known here, has forløb, or neither.',
    },
  },
  'egen-koe': {
    navn: 'its own queue',
    regler: {
      koe: 'The beskeder whose recipient (modtager) is the calling a-kasse, whatever a-kasse their citizens are members of now, and the sequences that were opened for it.',
      afloeser:
        'Queue and sequences of an a-kasse that has been taken over are those of its successor (afløser), followed to the last at each call.',
      ellers:
        'The sequence of another a-kasse is refused with 1014, in the same words as one that never was.',
    },
  },
} as const satisfies Record<Omfang, { readonly navn: string; readonly regler: Record<string, string> }>;

/** N of the rules above: the setting that holds it, and what it is when that is not set. */
export const TIDLIGERE_MAANEDER = { setting: 'PENSION_FORMER_MONTHS', default: 42 } as const;

/** What is refused beside or by the table, in the order in which it is judged. */
export const AFVISNINGER = {
  artIkkeBetjent: {
    kode: 4413,
    naar: 'The organisation is of a type that the list knows, but of kind `other`: kommune, jobcenter, virksomhed and the like are not served.',
  },
  certifikatIkkeTilknyttet: {
    kode: 1013,
    naar: 'The client certificate is not mapped to the organisation, whichever it is.',
  },
  akasseUkendt: {
    kode: 1013,
    naar: 'The code of the a-kasse is not in the list; codes compare as text, so `067` is not `67`.',
  },
  akasseOvertaget: {
    kode: 1013,
    naar: 'The a-kasse has been taken over: from the day after its last it may call nothing, and its successor (afløser) calls instead.',
  },
  operationIkkeTilladt: {
    kode: 1013,
    naar: 'The kind of organisation does not have the operation.',
  },
  borgerIkkeTilladt: {
    kode: 4575,
    naar: 'The operation is allowed, but not about this citizen.',
  },
} as const satisfies Record<string, { readonly kode: Afvist | 4575; readonly naar: string }>;
