// How long ago something was, in words.

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** The time in milliseconds from an instant to another, not less than none: clocks may differ a little. */
export const elapsed = (since: string, now: Date): number => Math.max(0, now.getTime() - Date.parse(since));

/** So much time in words: the largest unit and the one below it, as `3 days 4 hours`. */
export function inWords(milliseconds: number): string {
  const at = UNITS.findIndex(([, length]) => milliseconds >= length);
  if (at === -1) return 'less than a minute';
  let rest = milliseconds;
  const parts = UNITS.slice(at, at + 2).map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? '' : `${count} ${unit}${count === 1 ? '' : 's'}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** An instant as it is kept, and how long ago that was. */
export const since = (instant: string, now: Date): string =>
  `${instant} (${inWords(elapsed(instant, now))} ago)`;
