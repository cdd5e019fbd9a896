// What a store holds and how far it goes, for people and for programs.

import type { FileDigest, StoreContents } from '../../store/open-store.ts';

/** A last seal as it is noted elsewhere; nothing where there is none. */
export const sealText = ({ lastSeal }: StoreContents): string | undefined =>
  lastSeal && `${lastSeal.nr}:${lastSeal.hash}`;

/** The lines that say it. */
export function contentsText(contents: StoreContents): string {
  const { schema, forloeb, versions, beskeder, medlemskaber, entries, newestEntry } = contents;
  return [
    `schema      ${schema}`,
    `holds       ${forloeb} forløb, ${versions} versions, ${beskeder} beskeder, ${medlemskaber} memberships`,
    `goes up to  audit entry ${entries}${newestEntry === undefined ? '' : ` of ${newestEntry}`}`,
    `last seal   ${sealText(contents) ?? '(none)'}`,
    '',
  ].join('\n');
}

/** The same as an object. */
export const contentsJson = (contents: StoreContents) => ({
  schema: contents.schema,
  forloeb: contents.forloeb,
  versions: contents.versions,
  beskeder: contents.beskeder,
  memberships: contents.medlemskaber,
  entries: contents.entries,
  newestEntry: contents.newestEntry ?? null,
  lastSeal: sealText(contents) ?? null,
});

/** The part of it that an audit entry says: which file, and up to where it goes. */
export const contentsDetaljer = ({ bytes, sha256 }: FileDigest, contents: StoreContents) => ({
  bytes,
  sha256,
  poster: contents.entries,
  segl: sealText(contents) ?? null,
});
