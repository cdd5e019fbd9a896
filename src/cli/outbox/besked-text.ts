// What an identifier means, for people: the sequence, if it is one, and each besked with all that became of it.

import type { BeskedFacts, OutboxFinding, SequenceFacts } from '../../store/outbox.ts';
import { since } from './age.ts';
import type { Shown } from './shown.ts';
import { destination, STATE } from './words.ts';

/** The whole explanation. */
export function findingText(
  { sequence }: Pick<OutboxFinding, 'sequence'>,
  beskeder: readonly Shown<BeskedFacts>[],
  now: Date,
): string {
  const parts = beskeder.map((besked) => beskedLines(besked, now));
  if (sequence !== undefined) parts.unshift(sequenceLines(sequence, now));
  return `${parts.map((lines) => `${lines.join('\n')}\n`).join('\n')}`;
}

const row = (name: string, value: string): string => `  ${name.padEnd(10)} ${value}`;

function sequenceLines(sequence: SequenceFacts, now: Date): string[] {
  const { identifier, akasse, state, antal, opened, lastCall, fetched, ended } = sequence;
  return [
    `sequence ${identifier}`,
    row('a-kasse', akasse),
    row('holds', `${antal} ${antal === 1 ? 'besked' : 'beskeder'}`),
    row('state', STATE[state]),
    row('opened', since(opened, now)),
    row('last call', since(lastCall, now)),
    row('fetched', fetched === undefined ? 'never' : since(fetched, now)),
    ...(ended === undefined ? [] : [row('ended', since(ended, now))]),
  ];
}

function beskedLines(besked: Shown<BeskedFacts>, now: Date): string[] {
  const { modtager, modtagerAarsag: aarsag, eventDate, delivered } = besked;
  return [
    `besked ${besked.messageIdentifier}`,
    row('citizen', besked.personnummer),
    row('forløb', `${besked.forloebId} version ${besked.version} (${besked.registrationType})`),
    row('recipient', destination({ modtager, aarsag })),
    row('queued', eventDate === undefined ? 'not yet: it has no recipient' : since(eventDate, now)),
    row('delivered', delivered === undefined ? 'no' : since(delivered, now)),
    ...sequencesText(besked).map((text, at) => row(at === 0 ? 'held by' : '', text)),
  ];
}

const sequencesText = ({ sequences }: Pick<BeskedFacts, 'sequences'>): string[] =>
  sequences.length === 0
    ? ['no sequence so far']
    : sequences.map(({ identifier, state }) => `${identifier} ${STATE[state]}`);
