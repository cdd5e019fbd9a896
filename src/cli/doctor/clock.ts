// The clock, the time zone of the business dates, and the Node.js that runs it all.

import type { StoreCondition } from '../../store/store.ts';
import { bad, type Finding, good } from './check.ts';
import type { Machine } from './machine.ts';

/** Milliseconds by which something in the store may be later than now: a clock that was just set right. */
const TOLERANCE = 60_000;
/** When the first Node.js came out that this program runs on: whatever is earlier is no clock that is right. */
const EARLIEST = new Date('2025-05-06T00:00:00Z');
const LEAST_NODE = 24;

const SYNCHRONISE = 'Set the clock, and keep it set by NTP';

/** Instants an hour on either side of a Danish midnight, in summer and in winter, and the day it is there. */
const DAYS_IN_DENMARK = [
  ['2026-06-30T21:30:00Z', '2026-06-30'],
  ['2026-06-30T22:30:00Z', '2026-07-01'],
  ['2025-12-31T22:30:00Z', '2025-12-31'],
  ['2025-12-31T23:30:00Z', '2026-01-01'],
] as const;

/** The clock against what the store has been told, and the days it gives in Europe/Copenhagen. */
export function checkClock({ now, dayAt }: Machine, condition: StoreCondition | undefined): Finding[] {
  const findings: Finding[] = [];
  if (now < EARLIEST) {
    findings.push(bad('clock', `it says ${now.toISOString()}, which is long past`, SYNCHRONISE));
  }
  for (const [what, instant] of instantsIn(condition)) {
    if (Date.parse(instant) > now.getTime() + TOLERANCE) {
      findings.push(
        bad(
          'clock',
          `it says ${now.toISOString()}, but ${what} in the store is of ${instant}, which is later`,
          `${SYNCHRONISE}; if it is right now and was wrong then, wait until that time has passed, for what is in the trail cannot be changed`,
        ),
      );
    }
  }
  const wrong = DAYS_IN_DENMARK.find(([instant, day]) => dayAt(new Date(instant)) !== day);
  if (wrong !== undefined) {
    findings.push(
      bad(
        'clock',
        `the time zone Europe/Copenhagen is not known here: ${wrong[0]} is ${wrong[1]} there, not ${dayAt(new Date(wrong[0]))}`,
        'Run a Node.js with its full ICU data, as those of nodejs.org have, and take NODE_ICU_DATA out of the environment',
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [good('clock', `it is ${now.toISOString()}, ${dayAt(now)} in Europe/Copenhagen`)];
}

function instantsIn(condition: StoreCondition | undefined): [string, string][] {
  if (condition?.state !== 'older' && condition?.state !== 'current') return [];
  return [
    ['the newest step of the schema', condition.schemaFrom],
    ...(condition.newestEntry ? [['the newest audit entry', condition.newestEntry] as [string, string]] : []),
  ];
}

/** The Node.js that runs this, which is the one that runs the service where both are started the same way. */
export function checkNode({ node }: Machine): Finding[] {
  if (Number(node.split('.')[0]) >= LEAST_NODE) return [good('node', `Node.js ${node}`)];
  return [
    bad(
      'node',
      `this is Node.js ${node}, and the service needs ${LEAST_NODE} or newer`,
      `Install Node.js ${LEAST_NODE}, or run 'make build' in the repository, which fetches one`,
    ),
  ];
}
