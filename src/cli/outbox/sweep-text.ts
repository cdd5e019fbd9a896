// What a sweep found, for people.

import type { MissingBesked, SweepResult } from '../../store/outbox.ts';
import type { Shown } from './shown.ts';
import { destination } from './words.ts';

/** What a sweep found and did, personnumre masked. */
interface Swept extends Omit<SweepResult, 'missing'> {
  readonly missing: readonly Shown<MissingBesked>[];
}

/** The counts, and a line for each version without its besked. */
export const sweepText = ({ versions, missing }: Swept): string =>
  [
    `${versions} versions looked at, ${missing.length} without a besked`,
    ...missing.map((version) => `  ${versionText(version)}`),
    '',
  ].join('\n');

function versionText({
  forloebId,
  version,
  personnummer,
  modtager,
  modtagerAarsag: aarsag,
}: Shown<MissingBesked>): string {
  const of = `forløb ${forloebId} version ${version}, ${personnummer}`;
  if (aarsag === undefined) return of;
  return `${of}; ${aarsag === 'overhalet' ? 'kept, but' : 'queued again,'} ${destination({ modtager, aarsag })}`;
}
