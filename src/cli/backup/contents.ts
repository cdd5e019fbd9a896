// What a store holds and how far it goes, for people and for programs.

import type { FileDigest, StoreContents } from '../../store/open-store.ts';

/** A last seal as it is noted elsewhere; nothing where there is none. */
export const sealText = ({ lastSeal }: StoreContents): string | undefined =>
  lastSeal && `${lastSeal.nr}:${lastSeal.hash}`;

/** The lines that say it; of a store so damaged that nobody can count what it holds, that. */
export function contentsText(contents: StoreContents | undefined): string {
  if (contents === undefined) return 'holds       what cannot be counted: the store is damaged\n';
  const { schema, forloeb, versions, beskeder, medlemskaber, entries, newestEntry } = contents;
  return [
    `schema      ${schema}`,
    `holds       ${forloeb} forløb, ${versions} versions, ${beskeder} beskeder, ${medlemskaber} memberships`,
    `goes up to  audit entry ${entries}${newestEntry === undefined ? '' : ` of ${newestEntry}`}`,
    `last seal   ${sealText(contents) ?? '(none)'}`,
    '',
  ].join('\n');
}

/** The same as an object; of a store that cannot be counted, with nothing but `null`. */
export const contentsJson = (contents: StoreContents | undefined) => ({
  schema: contents?.schema ?? null,
  forloeb: contents?.forloeb ?? null,
  versions: contents?.versions ?? null,
  beskeder: contents?.beskeder ?? null,
  medlemskaber: contents?.medlemskaber ?? null,
  entries: contents?.entries ?? null,
  newestEntry: contents?.newestEntry ?? null,
  lastSeal: (contents && sealText(contents)) ?? null,
});

/** The part of it that an audit entry says: which file, and up to where it goes. */
export const contentsDetaljer = ({ bytes, sha256 }: FileDigest, contents: StoreContents | undefined) => ({
  bytes,
  sha256,
  ...(contents && { poster: contents.entries, segl: sealText(contents) ?? null }),
});
