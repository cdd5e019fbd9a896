// What the service is to reach beside the baseline, and whether it did. A measurement, never a test: nothing fails here.

import type { Compared, Held } from './compare.ts';
import type { Asked } from './load/messages.ts';
import type { Figures } from './meter.ts';
import { medianOf, ratioOf } from './rounds.ts';
import { counted, digits } from './table.ts';

/** The names of the settings, as the table has them. */
export const SETTINGS = {
  plain: 'TLS off',
  tls: 'client certificates',
  delayed: (milliseconds: number) => `flushes ${milliseconds} ms longer`,
} as const;

/** Milliseconds that each flush takes longer: some, and as many as on a slow disk. */
export const DELAYS = { some: 0.4, slow: 4 } as const;

/** The number of connections at which settings are compared. */
export const USUAL_CONNECTIONS = 32;

const LONGEST_P99 = 30;
const P99_RATIO = 0.6;
const MOST_MEMORY = 256;

interface Target {
  readonly what: string;
  readonly wanted: number;
  readonly least: boolean;
  /** Undefined where it was not measured in this run. */
  readonly reached: number | undefined;
}

/** A line for each target. */
export function targetLines(compared: readonly Compared[], held: readonly Held[]): string[] {
  const find = (
    setting: string,
    asked: Asked,
    connections: number = USUAL_CONNECTIONS,
  ): Compared | undefined =>
    compared.find((one) => one.setting === setting && one.asked === asked && one.connections === connections);
  const faster = (setting: string, asked: Asked, connections: number, wanted: number): Target => ({
    what: `${nameOf(asked)} at ${counted(connections, 'connection')}, ${setting}: calls a second, times the baseline's`,
    wanted,
    least: true,
    reached: onRounds(find(setting, asked, connections), ({ perSecond }) => perSecond),
  });
  const p99 = (setting: string, asked: Asked): Target[] => {
    const one = find(setting, asked);
    const what = `${nameOf(asked)} at ${USUAL_CONNECTIONS} connections, ${setting}: p99`;
    return [
      {
        what: `${what}, ms`,
        wanted: LONGEST_P99,
        least: false,
        reached: one && medianOf(one.service.map((each) => each.p99)),
      },
      {
        what: `${what}, times the baseline's`,
        wanted: P99_RATIO,
        least: false,
        reached: onRounds(one, (each) => each.p99),
      },
    ];
  };
  const memory = held.find(({ setting, what }) => setting === SETTINGS.plain && what === 'service');
  const targets = [
    faster(SETTINGS.plain, 'get', USUAL_CONNECTIONS, 1.2),
    ...p99(SETTINGS.plain, 'get'),
    // What a flush costs decides the others: the less, the less is gained by sharing it.
    ...[SETTINGS.plain, SETTINGS.delayed(DELAYS.some)].flatMap((setting) => [
      faster(setting, 'save', USUAL_CONNECTIONS, 3),
      faster(setting, 'save', 8, 2),
      faster(setting, 'save', 1, 1),
      ...p99(setting, 'save'),
    ]),
    faster(SETTINGS.delayed(DELAYS.slow), 'save', USUAL_CONNECTIONS, 8),
    {
      what: 'memory of the service at its most, MB',
      wanted: MOST_MEMORY,
      least: false,
      reached: memory?.memory.most,
    },
  ];
  return targets.map(targetLine);
}

/** Whether one target was met, in words. */
export function targetLine({ what, wanted, least, reached }: Target): string {
  if (reached === undefined) return `- ${what}: not measured`;
  const isMet = least ? reached >= wanted : reached <= wanted;
  const shown = digits(reached, reached < 10 ? 2 : 0);
  return `- ${what}: ${isMet ? 'met' : 'missed'} ${shown}, wanted at ${least ? 'least' : 'most'} ${wanted}`;
}

const onRounds = (one: Compared | undefined, pick: (figures: Figures) => number): number | undefined =>
  one && ratioOf(one.service.map(pick), one.baseline.map(pick));

/** The name of a call, as the tables have it. */
export const nameOf = (asked: Asked): string => (asked === 'save' ? 'Save' : 'Get');
