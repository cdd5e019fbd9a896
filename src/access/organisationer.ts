// The reference data `organisationer.json`: code lists, a-kasser and their successors, and which system may act for
// which organisation. Read once, checked whole, and asked by everyone else.

import { z } from 'zod';
import type { Dato } from '../domain/dato.ts';
import { readDato } from '../domain/dato.ts';
import type { Afloesere, AkasseKode } from '../domain/medlemskab.ts';
import { isReadableName, nameKey, partsOfText } from './certificates/distinguished-name.ts';

/** What a kind of organisation is to this service; `other` is listed but not served. */
export type Organisationsart = 'udk' | 'star' | 'akasse' | 'other';

const dato = z.string().transform((text, context) => {
  const value = /^\d{4}-\d{2}-\d{2}$/.test(text) ? readDato(text) : undefined;
  if (value === undefined) {
    context.addIssue({ code: 'custom', message: 'must be a date YYYY-MM-DD' });
    return z.NEVER;
  }
  return value;
});
const akasseKode = z
  .string()
  .regex(/^[0-9]{2}$/, 'must be two digits')
  .transform((code) => code as AkasseKode);
const listNumber = z.int().min(0).max(100_000_000);
const fingerprint = z
  .string()
  .transform((text) => text.replaceAll(':', '').toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the certificate: 64 hexadecimal digits'));

const systemSchema = z
  .strictObject({
    name: z.string().min(1),
    fingerprint256: fingerprint.optional(),
    issuer: z
      .string()
      .refine(
        isReadableName,
        'must be a name such as C=DK, O=…, CN=…, with attributes that are known, or written as object identifiers',
      )
      .optional(),
    subject: z
      .strictObject({
        organizationIdentifier: z.string().min(1).optional(),
        serialNumber: z.string().min(1).optional(),
      })
      .refine(
        (subject) => subject.organizationIdentifier ?? subject.serialNumber,
        'must name organizationIdentifier or serialNumber',
      )
      .optional(),
    organisations: z.array(z.strictObject({ type: listNumber, code: z.string().min(1).max(20) })),
  })
  .refine((system) => system.fingerprint256 ?? system.subject, 'needs fingerprint256, or issuer and subject')
  .refine(
    (system) => (system.subject === undefined) === (system.issuer === undefined),
    'needs issuer and subject together',
  );

const fileSchema = z.strictObject({
  organisationTypes: z.array(
    z.strictObject({ id: listNumber, name: z.string(), kind: z.enum(['udk', 'star', 'akasse', 'other']) }),
  ),
  userTypes: z.array(z.strictObject({ id: listNumber, name: z.string() })),
  akasser: z.array(
    z.strictObject({
      code: akasseKode,
      name: z.string(),
      fra: dato.optional(),
      til: dato.optional(),
      afloeser: akasseKode.optional(),
    }),
  ),
  systems: z.array(systemSchema),
});

type OrganisationerFile = z.infer<typeof fileSchema>;

/** One system that may call: how its certificate is known, and for which organisations it may act. */
export type System = z.infer<typeof systemSchema>;
export type Akasse = OrganisationerFile['akasser'][number];

/** The reference data, checked and ready to be asked. */
export interface Organisationer {
  readonly systems: readonly System[];
  readonly akasser: readonly Akasse[];
  /** What an organisation type is to this service; undefined when it is not in the list. */
  artAf(type: number): Organisationsart | undefined;
  harBrugertype(type: number): boolean;
  akasse(code: string): Akasse | undefined;
  /** Which a-kasse has taken over which on that day, followed to the last. */
  afloesere(dag: Dato): Afloesere;
}

/** Reference data that cannot be used. `message` names every place and what is wrong there. */
export class OrganisationerError extends Error {
  override readonly name = 'OrganisationerError';
}

/** Reads the text of `organisationer.json`. Throws OrganisationerError with every error found. */
export function readOrganisationer(text: string): Organisationer {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new OrganisationerError(`not valid JSON: ${(error as Error).message}`);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    throw new OrganisationerError(
      parsed.error.issues
        .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
        .join('; '),
    );
  }
  const problems = [
    ...duplicates(parsed.data),
    ...ambiguities(parsed.data),
    ...unknownReferences(parsed.data),
    ...loops(parsed.data),
  ];
  if (problems.length > 0) throw new OrganisationerError(problems.join('; '));
  return toOrganisationer(parsed.data);
}

function toOrganisationer(file: OrganisationerFile): Organisationer {
  const arter = new Map(file.organisationTypes.map((type) => [type.id, type.kind]));
  const userTypes = new Set(file.userTypes.map((type) => type.id));
  const akasser = new Map<string, Akasse>(file.akasser.map((akasse) => [akasse.code, akasse]));
  return {
    systems: file.systems,
    akasser: file.akasser,
    artAf: (type) => arter.get(type),
    harBrugertype: (type) => userTypes.has(type),
    akasse: (code) => akasser.get(code),
    afloesere: lastOf((dag) => afloesereOn(akasser, dag)),
  };
}

/** Remembers the last answer: on one day the same is asked at every call. */
function lastOf<T>(answer: (dag: Dato) => T): (dag: Dato) => T {
  let last: { readonly dag: Dato; readonly answer: T } | undefined;
  return (dag) => {
    if (last?.dag !== dag) last = { dag, answer: answer(dag) };
    return last.answer;
  };
}

/** An a-kasse is taken over from the day after its `til`, or from the beginning when it has none. */
const erOvertaget = (akasse: Akasse, dag: Dato): boolean =>
  akasse.afloeser !== undefined && (akasse.til === undefined || akasse.til < dag);

function afloesereOn(akasser: ReadonlyMap<string, Akasse>, dag: Dato): Afloesere {
  const result: Record<string, AkasseKode> = {};
  for (const akasse of akasser.values()) {
    let last = akasse;
    while (erOvertaget(last, dag)) last = akasser.get(last.afloeser!)!;
    if (last !== akasse) result[akasse.code] = last.code;
  }
  return result;
}

function* duplicates(file: OrganisationerFile): Generator<string> {
  const lists: [string, readonly (string | number | undefined)[]][] = [
    ['organisationTypes: id', file.organisationTypes.map((type) => type.id)],
    ['userTypes: id', file.userTypes.map((type) => type.id)],
    ['akasser: code', file.akasser.map((akasse) => akasse.code)],
    ['systems: name', file.systems.map((system) => system.name)],
    ['systems: fingerprint256', file.systems.map((system) => system.fingerprint256)],
  ];
  for (const [what, values] of lists) {
    const seen = new Set<string | number>();
    for (const value of values) {
      if (value === undefined) continue;
      if (seen.has(value)) yield `${what} ${value} is there twice`;
      seen.add(value);
    }
  }
}

/** Systems that one certificate could be of: the same issuer, however written, and subjects that do not exclude each other. */
function* ambiguities(file: OrganisationerFile): Generator<string> {
  const named = file.systems.flatMap(({ name, issuer, subject }) =>
    issuer === undefined || subject === undefined
      ? []
      : [{ name, issuer: nameKey(partsOfText(issuer)), subject }],
  );
  const agree = (a: string | undefined, b: string | undefined): boolean =>
    a === undefined || b === undefined || a === b;
  for (const [at, one] of named.entries()) {
    for (const other of named.slice(at + 1)) {
      const isSame =
        one.issuer === other.issuer &&
        agree(one.subject.organizationIdentifier, other.subject.organizationIdentifier) &&
        agree(one.subject.serialNumber, other.subject.serialNumber);
      if (isSame) yield `systems: one certificate could be that of ${one.name} and of ${other.name}`;
    }
  }
}

function* unknownReferences(file: OrganisationerFile): Generator<string> {
  const codes = new Set<string>(file.akasser.map((akasse) => akasse.code));
  const arter = new Map(file.organisationTypes.map((type) => [type.id, type.kind]));
  for (const akasse of file.akasser) {
    if (akasse.afloeser !== undefined && !codes.has(akasse.afloeser)) {
      yield `akasser: ${akasse.code} has the unknown afloeser ${akasse.afloeser}`;
    }
  }
  for (const system of file.systems) {
    for (const { type, code } of system.organisations) {
      if (!arter.has(type)) yield `systems: ${system.name} acts for the unknown organisation type ${type}`;
      if (arter.get(type) === 'akasse' && !codes.has(code)) {
        yield `systems: ${system.name} acts for the unknown a-kasse ${code}`;
      }
    }
  }
}

function* loops(file: OrganisationerFile): Generator<string> {
  const next = new Map<string, string | undefined>(
    file.akasser.map((akasse) => [akasse.code, akasse.afloeser]),
  );
  for (const start of next.keys()) {
    const path = [start];
    for (let at = next.get(start); at !== undefined; at = next.get(at)) {
      if (at === start) yield `akasser: afloeser goes round in a loop: ${[...path, start].join(' → ')}`;
      if (path.includes(at)) break;
      path.push(at);
    }
  }
}
