// How long something is still valid, in words: certificates, authorities, revocation lists.

const DAY = 86_400_000;

/** Days before its end on which a certificate fails: a renewal, with its orders and approvals, takes a week or two. */
export const LEAST_DAYS = 14;

/** From when until when. */
export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

/** What is wrong with it at that instant; undefined when it holds for at least so many more days. */
export function validityProblem({ from, to }: Validity, now: Date, leastDays: number): string | undefined {
  if (now < from) return `is not valid before ${instant(from)}; the clock says ${instant(now)}`;
  if (now > to) return `expired on ${instant(to)}`;
  return to.getTime() - now.getTime() < leastDays * DAY ? `is ${validFor(to, now)}` : undefined;
}

/** `valid for 364 more days (until 2027-11-22)`. */
export function validFor(to: Date, now: Date): string {
  const days = Math.floor((to.getTime() - now.getTime()) / DAY);
  return `valid for ${days} more ${days === 1 ? 'day' : 'days'} (until ${dayOf(to)})`;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
const instant = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;
