// Beskeder for tests, pollers over them, and the file that comes of it.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Besked,
  type Delays,
  makeAkasseClient,
  type PollOptions,
  type PollResult,
  pollBeskeder,
  type WsrmClient,
} from '../../../src/cli/akasse-poll/library.ts';
import type { TidligPensionRegistration } from '../../../src/contract/messages.ts';
import { type RunningCli, startPension } from '../../support/cli.ts';
import { tempDir } from '../../support/temp.ts';

const digits = (number: number, length: number): string => String(number).padStart(length, '0');

/** A besked for each number below 10 000; each third is an Update, of which every other one annuls. */
export function registration(number: number): TidligPensionRegistration {
  const isUpdate = number % 3 === 2;
  return {
    MessageIdentifier: `0190a1b2-0000-7000-8000-${digits(number, 12)}`,
    RequestUserMetadata: {
      RequestUserStructure: {
        UserFullName: 'system : job',
        RequestUserTypeIdentifier: { CodeListItemIdentifier: 3 },
        UserIdentifier: 'test',
      },
      RequestOrganisationStructure: {
        OrganisationTypeIdentifier: { CodeListItemIdentifier: 50 },
        OrganisationCode: '12345678',
      },
      RegistrationDateTime: '2026-02-03T14:05:06.7891234+01:00',
    },
    RegistrationType: isUpdate ? 'Update' : 'Create',
    EventDate: '2026-02-03T14:05:06.789+01:00',
    Personnummer: `290262${digits(number, 4)}`,
    TidligPensionIdentifier: `5f1d0c30-0001-4000-8000-${digits(number, 12)}`,
    ...(number % 6 !== 5 && {
      OvergangTilTidligPension: {
        TidligPensionOvergangsdato: '2026-01-01',
        TidligPensionAfgoerelsesdato: '2025-11-20',
        ...(number % 2 === 0 && { TidligPensionOphoersdato: '2026-12-31' }),
      },
    }),
    ...(number % 6 === 4 && { Kompensationsudbetaling: { Kompensationsafgoerelsesdato: '2025-11-21' } }),
  };
}

/** That many of them. */
export const registrations = (count: number): TidligPensionRegistration[] =>
  Array.from({ length: count }, (_, number) => registration(number));

/** Their identifiers. */
export const identifiers = (count: number): string[] =>
  registrations(count).map(({ MessageIdentifier }) => MessageIdentifier);

/** As many attempts as usual, without the waits. */
export const AT_ONCE: Delays = { retries: [1, 1, 1, 1, 1], longest: 0, sleep: async () => undefined };

/** What a poll into memory came to. */
export interface Polled {
  readonly result: PollResult;
  /** What was given to `keep`, transfer by transfer. */
  readonly kept: readonly (readonly Besked[])[];
}

/** A client for the queue at that address. */
export const clientOf = (url: string): Promise<WsrmClient> =>
  makeAkasseClient({ url, organisation: { type: 2, code: '22' } });

/** Polls once, without waits. */
export async function pollOnce(url: string, options: Partial<PollOptions> = {}): Promise<Polled> {
  const client = await clientOf(url);
  const kept: (readonly Besked[])[] = [];
  const keep = async (beskeder: readonly Besked[]): Promise<void> => void kept.push(beskeder);
  try {
    return { result: await pollBeskeder({ client, keep, delays: AT_ONCE, ...options }), kept };
  } finally {
    client.disconnect();
  }
}

/** A file to poll into and the command over it. */
export interface PollFolder {
  readonly file: string;
  start(url: string, ...options: string[]): RunningCli;
  /** The beskeder in the file, which is whole. */
  read(): Besked[];
}

/** A new folder for the file. */
export function pollFolder(): PollFolder {
  const file = path.join(tempDir(), 'beskeder.jsonl');
  return {
    file,
    start: (url, ...options) =>
      startPension(['akasse', 'poll', '--out', file, '--url', url, '--organisation', '2:22', ...options]),
    read: () => {
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, 'utf8').split('\n');
      if (lines.pop() !== '') throw new Error('the last line has no end');
      return lines.map((line) => JSON.parse(line) as Besked);
    },
  };
}
