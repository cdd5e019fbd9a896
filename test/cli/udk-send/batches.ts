// Batches for tests, the command that sends them, and the receipts that come of it.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makePensionClient } from '../../../src/cli/client/pension-client.ts';
import { resolveTarget } from '../../../src/cli/client/target.ts';
import { BATCH_COLUMNS } from '../../../src/cli/udk-send/batch.ts';
import { type RunningCli, startPension } from '../../support/cli.ts';
import type { TestService } from '../../support/service.ts';
import { tempDir } from '../../support/temp.ts';

export const HEADER = BATCH_COLUMNS.join(',');
export const RECEIPTS_HEADER = 'reference,outcome,tidligPensionIdentifier,errorCode,message';
export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A synthetic citizen for each number below 10 000: year 62, which no named citizen of the demo world has. */
export const borger = (number: number): string => `290262${String(number).padStart(4, '0')}`;

/** A batch file with these lines. */
export const batch = (...lines: readonly string[]): string => `${[HEADER, ...lines].join('\n')}\n`;

/** A line that begins a new forløb, one for each number. */
export const newForloeb = (number: number): string =>
  `ref-${number},${borger(number)},,2026-01-01,2025-11-20,,`;

/** That many of them. */
export const newForloebBatch = (count: number): string =>
  batch(...Array.from({ length: count }, (_, at) => newForloeb(at)));

export interface Receipt {
  readonly reference: string;
  readonly outcome: string;
  readonly tidligPensionIdentifier: string;
  readonly errorCode: string;
  readonly message: string;
}

/** A batch file beside the receipts it gets, and the command over them. */
export interface BatchFolder {
  readonly file: string;
  readonly receipts: string;
  /** Starts `udk send` to that address with these further options. */
  start(url: string, ...options: string[]): RunningCli;
  /** What the receipts say, line by line; the messages hold no quotes here. */
  read(): Receipt[];
}

/** A new folder with that batch. `world` has the certificate of the sender. */
export function batchFolder(world: string, content: string | Uint8Array): BatchFolder {
  const dir = tempDir();
  const file = path.join(dir, 'batch.csv');
  const receipts = path.join(dir, 'receipts.csv');
  writeFileSync(file, content);
  return {
    file,
    receipts,
    start: (url, ...options) =>
      startPension(['udk', 'send', file, '--receipts', receipts, '--world', world, '--url', url, ...options]),
    read: () => (existsSync(receipts) ? readReceipts(readFileSync(receipts, 'utf8')) : []),
  };
}

function readReceipts(text: string): Receipt[] {
  const [header, ...lines] = text.trimEnd().split('\n');
  if (header !== RECEIPTS_HEADER) throw new Error(`not the header of receipts: ${header}`);
  return lines.map((line) => {
    const [reference = '', outcome = '', tidligPensionIdentifier = '', errorCode = '', ...message] =
      line.split(',');
    return {
      reference,
      outcome,
      tidligPensionIdentifier,
      errorCode,
      message: message
        .join(',')
        .replace(/^"(.*)"$/, '$1')
        .replaceAll('""', '"'),
    };
  });
}

/** The identifiers of every forløb of each citizen, as UDK reads them. */
export async function forloebOf(service: TestService, borgere: readonly string[]): Promise<string[][]> {
  const target = resolveTarget({ url: service.url, world: service.world, as: 'udk' });
  const client = await makePensionClient(target, 'test', 8);
  try {
    return await Promise.all(
      borgere.map(async (Personnummer) => {
        const answer = await client.get({ Personnummer });
        if (answer.kind !== 'answered') throw new Error(JSON.stringify(answer));
        return answer.value.TidligPension.map((forloeb) => forloeb.TidligPensionIdentifier);
      }),
    );
  } finally {
    client.close();
  }
}
