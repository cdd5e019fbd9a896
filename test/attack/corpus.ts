// The messages that attacks begin with: every request of the examples, and one plain envelope of each operation.

import { readdirSync, readFileSync } from 'node:fs';
import type { Operation, ServiceContract } from '../../src/contract/names.ts';
import {
  akasse,
  closeEnvelope,
  createEnvelope,
  fetchEnvelope,
  getEnvelope,
  saveEnvelope,
  terminateEnvelope,
} from '../support/envelopes.ts';
import { calledBy, EXAMPLES, STEPS } from '../support/example-steps.ts';
import { member } from '../support/queue.ts';
import { kompensation, overgang } from '../support/store-fixtures.ts';

/** A message, and where it is sent. */
export interface Message {
  readonly name: string;
  readonly service: ServiceContract;
  readonly operation: Operation;
  readonly text: string;
}

/** Stands for a sequence that is open when the message is sent; as long as any GUID. */
export const LIVE_SEQUENCE = '5e90e4ce-0000-4000-8000-00000000cafe';

const STEP = new RegExp(`/(\\d+-.+-(${STEPS}))\\.request\\.xml$`);

const message = (name: string, step: string, text: string): Message => ({ name, ...calledBy(step), text });

/** The requests of fixtures/examples, in the order of their names, with something in place of each placeholder. */
function examples(): Message[] {
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).sort();
  return files.flatMap((file) => {
    const step = STEP.exec(`/${file}`)?.[2];
    if (step === undefined) return [];
    const isOfSequence = ['fetch', 'terminate', 'close'].includes(step);
    const text = readFileSync(new URL(file, EXAMPLES), 'utf8')
      .replaceAll('{cvr-udk}', '12345678')
      .replaceAll('{cvr-star}', '87654321')
      .replace(/\{guid-(\d+)\}/g, (_, nr: string) =>
        isOfSequence ? LIVE_SEQUENCE : `7d3f0b52-6c1e-4f0a-9b7e-${nr.padStart(12, 'a')}`,
      );
    return [message(file, step, text)];
  });
}

/** Plain ones, about members of a-kasse 22, so that they get as far as a valid message can. */
function plain(): Message[] {
  const [own, borger] = [akasse('22'), member('22', 1)];
  const TidligPensionIdentifier = '2c0c6a52-3d7a-4f4e-8a39-1f1d1c2b3a45';
  return [
    message('plain save', 'save', saveEnvelope({ Personnummer: borger, ...overgang('2026-01-01') })),
    message(
      'plain save with all',
      'save',
      saveEnvelope({
        Personnummer: member('22', 2),
        TidligPensionIdentifier,
        ...overgang('2026-01-01', '2027-01-01'),
        ...kompensation('2026-02-01'),
      }),
    ),
    message('plain get', 'get', getEnvelope(borger)),
    message('plain get of an a-kasse', 'get', getEnvelope(borger, own)),
    message('plain create', 'create', createEnvelope(own)),
    message('plain fetch', 'fetch', fetchEnvelope(LIVE_SEQUENCE, own)),
    message('plain terminate', 'terminate', terminateEnvelope(LIVE_SEQUENCE, own)),
    message('plain close', 'close', closeEnvelope(LIVE_SEQUENCE, own)),
  ];
}

/** All of them, always in the same order. Plain ones stand several times, for they tell most. */
export const makeCorpus = (): readonly Message[] => [
  ...examples(),
  ...Array.from({ length: 8 }, plain).flat(),
];
