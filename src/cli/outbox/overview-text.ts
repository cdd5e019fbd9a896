// The overview of the outbox for people: a line for each a-kasse, and what waits for a recipient.

import { isLate } from '../../notify/watch.ts';
import type { OutboxOverview } from '../../store/outbox.ts';
import { elapsed, inWords, since } from './age.ts';
import type { NamedAkasse, QueueLine } from './lines.ts';
import { AARSAG } from './words.ts';

/** The whole overview. */
export function overviewText(
  lines: readonly QueueLine[],
  { without }: Pick<OutboxOverview, 'without'>,
  now: Date,
): string {
  return [
    ...lines.flatMap((line) => queueText(line, now)),
    '',
    without.length === 0 ? 'No besked is without a recipient.' : 'Beskeder without a recipient:',
    ...without.map(({ aarsag, antal }) => `${String(antal).padStart(7)}  ${AARSAG[aarsag]}`),
    '',
  ].join('\n');
}

/** What is to be said of an a-kasse whose oldest besked has waited for so many minutes. */
export const lateQueues = (lines: readonly QueueLine[], minutes: number, now: Date): string[] =>
  lines
    .filter(({ oldest }) => oldest !== undefined && isLate(oldest, minutes, now))
    .map(
      (line) =>
        `${title(line)}: ${waitingText(line)}, the oldest for ${inWords(elapsed(line.oldest!, now))}; ${pollText(line, now)}`,
    );

function queueText(line: QueueLine, now: Date): string[] {
  const oldest = line.oldest === undefined ? '' : `, the oldest since ${since(line.oldest, now)}`;
  const head = `${title(line)}: ${waitingText(line)}${oldest}; ${pollText(line, now)}`;
  if (line.open === undefined) return [head];
  const { identifier, antal, opened, lastCall } = line.open;
  return [
    head,
    `   open sequence ${identifier}: ${antal} since ${since(opened, now)}, last call ${since(lastCall, now)}`,
  ];
}

const nameOf = ({ akasse, name }: NamedAkasse): string => (name === undefined ? akasse : `${akasse} ${name}`);

function title(line: QueueLine): string {
  if (line.afloeser !== undefined)
    return `${nameOf(line)} (taken over; ${nameOf(line.afloeser)} reads its queue)`;
  return line.name === undefined
    ? `${line.akasse} (not in the reference data; nobody can read its queue)`
    : nameOf(line);
}

const waitingText = ({ waiting }: QueueLine): string => `${waiting} waiting`;

/** When it last polled; of one that has been taken over only the polls of its successor tell. */
function pollText({ lastPoll, afloeser }: QueueLine, now: Date): string {
  if (afloeser !== undefined) return `polled by ${afloeser.akasse}`;
  return lastPoll === undefined ? 'never polled' : `last poll ${since(lastPoll, now)}`;
}
