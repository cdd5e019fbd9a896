// The overview of the outbox as JSON, for programs.

import type { OutboxOverview } from '../../store/outbox.ts';
import type { QueueLine } from './lines.ts';

/** The overview as an object to print. */
export const overviewJson = (
  lines: readonly QueueLine[],
  { without }: Pick<OutboxOverview, 'without'>,
  now: Date,
) => ({ now: now.toISOString(), queues: lines, withoutRecipient: without });
