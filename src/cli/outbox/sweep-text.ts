// What a sweep found, for people.

import type { Swept, SweptVersion } from './sweep.ts';
import { destination } from './words.ts';

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
}: SweptVersion): string {
  const of = `forløb ${forloebId} version ${version}, ${personnummer}`;
  if (aarsag === undefined) return of;
  return `${of}; ${aarsag === 'overhalet' ? 'kept, but' : 'queued again,'} ${destination({ modtager, aarsag })}`;
}
