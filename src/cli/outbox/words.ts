// Why a besked goes where it goes, and what became of a sequence, in words.

import type { BeskedAarsag } from '../../domain/besked-modtager.ts';
import type { AkasseKode } from '../../domain/medlemskab.ts';
import type { SequenceFacts } from '../../store/outbox.ts';

/** The reason, to be read after the recipient or after "nobody". */
export const AARSAG: Readonly<Record<BeskedAarsag, string>> = {
  'nuvaerende-akasse': 'the current a-kasse',
  'seneste-akasse-med-efterloen': 'the latest previous a-kasse, with a date of efterløn',
  'seneste-akasse-uden-efterloen':
    'there was no current a-kasse, and the latest previous membership has no date of efterløn',
  'intet-medlemskab': 'no membership that counts had begun',
  overhalet: 'not sent, for a later version of the forløb has its place or was handed out before it',
};

/** What became of a besked: to whom it goes, that it waits, or that it is not sent. */
export function destination({
  modtager,
  aarsag,
}: {
  readonly modtager?: AkasseKode | undefined;
  readonly aarsag: BeskedAarsag;
}): string {
  if (modtager !== undefined) return `a-kasse ${modtager}: ${AARSAG[aarsag]}`;
  return aarsag === 'overhalet' ? AARSAG[aarsag] : `nobody yet, it waits: ${AARSAG[aarsag]}`;
}

/** What a sequence is doing to the beskeder that it holds, or has done. */
export const STATE: Readonly<Record<SequenceFacts['state'], string>> = {
  open: 'open: its beskeder are being fetched',
  terminated: 'terminated: its beskeder have left the queue',
  closed: 'closed: its beskeder went back to the queue',
  'rolled-back': 'rolled back, for it was idle too long: its beskeder went back to the queue',
};
