// A service whose register has members of the a-kasser, and a way to fill their queues.

import type { Personnummer } from '../../src/domain/personnummer.ts';
import { textOf } from './answers.ts';
import { saveEnvelope } from './envelopes.ts';
import { makeMemberStore, membersOf } from './member-store.ts';
import { newStore } from './new-store.ts';
import { send } from './raw-client.ts';
import { startTestService, type TestService } from './service.ts';
import { overgang } from './store-fixtures.ts';

/** Members that each a-kasse of these tests has. */
export const MEMBERS = 40;

/** The citizen of that number (from 0) who is a member of the a-kasse. Each is a day that never was. */
export const member = (akasse: string, nr: number): Personnummer =>
  `290263${String(Number(akasse) * 100 + nr).padStart(4, '0')}` as Personnummer;

/** The a-kasser of the demo world; 31 has been taken over by 67. */
const AKASSER = ['11', '22', '67', '31'] as const;

/** Starts a service with members. */
export async function startQueueService(env: Readonly<Record<string, string>> = {}): Promise<TestService> {
  const store = await newStore();
  await makeMemberStore(
    store,
    AKASSER.flatMap((akasse) => membersOf(akasse, MEMBERS, member)),
  );
  return startTestService({ PENSION_STORE: store, ...env });
}

/** Saves a forløb of a citizen, or a new version of it; gives its identifier. */
export async function saveOne(
  service: TestService,
  personnummer: string,
  { id, ...blocks }: { readonly id?: string; readonly start?: string; readonly annul?: true } = {},
): Promise<string> {
  const answer = await send(service, {
    body: saveEnvelope({
      Personnummer: personnummer,
      ...(id && { TidligPensionIdentifier: id }),
      ...(blocks.annul ? {} : overgang(blocks.start ?? '2026-01-01')),
    }),
  });
  const made = textOf(answer.body, 'CreatedItemIdentifier');
  if (made === undefined) throw new Error(`the Save was refused: ${answer.body}`);
  return made;
}
