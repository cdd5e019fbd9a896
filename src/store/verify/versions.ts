// I1, I2, I3 and I5, as far as a store can show them: each forløb with its versions, each version with its besked and its
// audit entry.

import { indholdDigest, indholdIn, type VersionIndhold } from '../indhold.ts';
import type { KeptTilstand } from '../kept/tilstand.ts';
import { type Circumstances, type StoreCheck, shownId } from './check.ts';
import type { KeptBesked, KeptDecision, KeptForloeb, KeptVersion, StoreRows } from './rows.ts';
import { together } from './together.ts';

const byForloeb = <T extends { readonly forloebId: string }>(rows: AsyncIterable<T>) => ({
  rows,
  key: ({ forloebId }: T) => String(forloebId ?? ''),
});

const DATES = ['overgangsdato', 'afgoerelsesdato', 'ophoersdato', 'kompensationsafgoerelsesdato'] as const;
const sayTheSame = (a: KeptTilstand, b: KeptTilstand): boolean => DATES.every((name) => a[name] === b[name]);

/** I1: what Get shows is the last version. */
export const STANDS_AT_LATEST: StoreCheck = {
  id: 'I1',
  says: 'every forløb stands at its latest version and says the same; no version is missing',
  counts: 'forløb',
  async *find(rows, { tally }) {
    const lists = { forloeb: byForloeb(rows.forloeb()), versions: byForloeb(rows.versions()) };
    for await (const { forloeb, versions } of together(lists)) {
      tally();
      const id = `forløb ${shownId((forloeb[0] ?? versions[0])!.forloebId)}`;
      for (const problem of standingProblems(forloeb, versions)) yield `${id}: ${problem}`;
    }
    let last: KeptForloeb | undefined;
    for await (const forloeb of rows.forloebByBorger()) {
      const nr = last?.personnummer === forloeb.personnummer ? last.nr + 1 : 1;
      if (forloeb.nr !== nr)
        yield `forløb ${shownId(forloeb.forloebId)}: it has number ${forloeb.nr} of its citizen, not ${nr}`;
      last = forloeb;
    }
  },
};

function* standingProblems(
  [forloeb, ...others]: readonly KeptForloeb[],
  versions: readonly KeptVersion[],
): Generator<string> {
  const newest = versions.at(-1);
  if (forloeb === undefined) return yield 'it is missing; its versions are there';
  if (others.length > 0) yield `${1 + others.length} forløb have this identifier`;
  if (newest === undefined) return yield 'it has no version';
  const numbers = new Set(versions.map(({ version }) => version));
  for (let version = 1; version < newest.version; version += 1)
    if (!numbers.has(version)) yield `version ${version} is missing`;
  if (versions.some(({ personnummer }) => personnummer !== forloeb.personnummer))
    yield 'not all of its versions are of its citizen';
  if (versions[0]!.overgangsdato === null && versions[0]!.kompensationsafgoerelsesdato === null)
    yield 'it begins without a decision';
  if (forloeb.version !== newest.version)
    yield `it stands at version ${forloeb.version}; its latest is ${newest.version}`;
  else if (!sayTheSame(forloeb, newest)) yield `it does not say what its version ${newest.version} says`;
}

/** What there is of one version. */
interface Whole {
  readonly id: string;
  readonly version: KeptVersion | undefined;
  readonly beskeder: readonly KeptBesked[];
  readonly decisions: readonly KeptDecision[];
}

async function* everyVersion(rows: StoreRows, { tally }: Circumstances): AsyncGenerator<Whole> {
  const lists = {
    versions: byForloeb(rows.versions()),
    beskeder: byForloeb(rows.beskeder()),
    decisions: byForloeb(rows.decisions()),
  };
  for await (const { versions, beskeder, decisions } of together(lists)) {
    const of = {
      versions: Map.groupBy(versions, ({ version }) => version),
      beskeder: Map.groupBy(beskeder, ({ version }) => version),
      decisions: Map.groupBy(decisions, ({ version }) => version),
    };
    const forloeb = shownId((versions[0] ?? beskeder[0] ?? decisions[0])!.forloebId);
    for (const number of new Set([...of.versions.keys(), ...of.beskeder.keys(), ...of.decisions.keys()])) {
      tally();
      yield {
        id: `forløb ${forloeb} version ${number}`,
        version: of.versions.get(number)?.[0],
        beskeder: of.beskeder.get(number) ?? [],
        decisions: of.decisions.get(number) ?? [],
      };
    }
  }
}

/** I2: the outbox. */
export const ONE_BESKED_EACH: StoreCheck = {
  id: 'I2',
  says: 'every version has one besked, with the recipient that the audit trail says, or the reason; identifiers are distinct',
  counts: 'versions',
  async *find(rows, circumstances) {
    for await (const { id, version, beskeder, decisions } of everyVersion(rows, circumstances)) {
      const [besked, ...more] = beskeder;
      if (besked === undefined) {
        if (version !== undefined) yield `${id}: its besked is missing`;
        continue;
      }
      const nr = `besked ${besked.beskedNr} of ${id}`;
      if (more.length > 0) yield `${id}: it has ${beskeder.length} beskeder`;
      if (version === undefined) yield `${nr}: there is no such version`;
      else if (besked.personnummer !== version.personnummer)
        yield `${nr}: it is not of the citizen of its version`;
      if ((besked.registrationType === 'Create') !== (besked.version === 1))
        yield `${nr}: its registration type is not that of its version`;
      if ((besked.modtager === null) !== (besked.eventDate === null))
        yield `${nr}: only one of recipient and time of queueing is there`;
      const decided = decisions.at(-1);
      if (decided !== undefined && (decided.modtager !== besked.modtager || decided.aarsag !== besked.aarsag))
        yield `${nr}: its recipient or reason is not what audit entry ${decided.seq} says`;
    }
    let last: { readonly identifier: string; readonly beskedNr: number } | undefined;
    for await (const row of rows.identifiers()) {
      if (last?.identifier === row.identifier)
        yield `besked ${row.beskedNr}: it has the MessageIdentifier of besked ${last.beskedNr}`;
      last = row;
    }
  },
};

/** I3: a Save is one thing. */
export const SAVED_WHOLE: StoreCheck = {
  id: 'I3',
  says: 'every Save is there whole: version, besked and audit entry, all of one call, or nothing of it; and it says what it said when it was saved',
  counts: 'Saves',
  async *find(rows, circumstances) {
    for await (const { id, version, beskeder, decisions } of everyVersion(rows, circumstances)) {
      const saves = decisions.filter(({ operation }) => operation === 'SaveTidligPension');
      const missing = [
        ...(version === undefined ? ['the version'] : []),
        ...(beskeder.length === 0 ? ['its besked'] : []),
        ...(saves.length === 0 ? ['its audit entry'] : []),
      ];
      const seqs = saves.map(({ seq }) => seq).join(', ');
      if (missing.length > 0)
        yield `${id}: ${missing.join(' and ')} is missing${seqs === '' ? '' : `; audit entry ${seqs} says it was saved`}`;
      if (saves.length > 1) yield `${id}: it was saved more than once, by audit entries ${seqs}`;
      for (const save of version === undefined ? [] : saves) {
        if (save.correlationId !== version!.correlationId)
          yield `${id}: audit entry ${save.seq} is of another call`;
        if (save.personnummer !== version!.personnummer)
          yield `${id}: audit entry ${save.seq} is of another citizen`;
      }
      if (version !== undefined && beskeder[0] !== undefined)
        yield* differences(id, { ...version, messageIdentifier: beskeder[0].messageIdentifier }, decisions);
    }
  },
};

/** The last entry that commits to what a version says, its Save's unless its besked was made anew, is held against it. */
function* differences(
  id: string,
  says: VersionIndhold,
  decisions: readonly KeptDecision[],
): Generator<string> {
  const committed = decisions.findLast(({ detaljer }) => indholdIn(detaljer) !== undefined);
  if (committed !== undefined && indholdIn(committed.detaljer) !== indholdDigest(says))
    yield `${id}: it does not say what audit entry ${committed.seq} says it did`;
}

/** I5: nobody goes back to an older state. */
export const IN_ORDER: StoreCheck = {
  id: 'I5',
  says: 'the beskeder of a forløb to one a-kasse are queued and delivered in the order of the versions',
  counts: 'beskeder',
  async *find(rows, { tally }) {
    for await (const { beskeder } of together({ beskeder: byForloeb(rows.beskeder()) })) {
      const lastTo = new Map<string, KeptBesked>();
      for (const besked of beskeder) {
        tally();
        if (besked.modtager === null) continue;
        const earlier = lastTo.get(besked.modtager);
        lastTo.set(besked.modtager, besked);
        if (earlier === undefined) continue;
        const nr = `besked ${besked.beskedNr}`;
        if (besked.beskedNr < earlier.beskedNr)
          yield `${nr}: it is of a later version of its forløb than besked ${earlier.beskedNr}, and queued before it`;
        if (
          besked.deliveredIn !== null &&
          besked.deliveredIn < (earlier.deliveredIn ?? Number.POSITIVE_INFINITY)
        )
          yield `${nr}: it was delivered before besked ${earlier.beskedNr}, which is of an earlier version of its forløb`;
      }
    }
  },
};
