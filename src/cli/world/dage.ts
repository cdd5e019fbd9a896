// Calendar days for the demo data: ISO dates as text, today's date in Copenhagen.

const DAY = 86_400_000;
const copenhagen = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Copenhagen',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The date in Copenhagen at a moment. */
export function dateInCopenhagen(moment: Date): string {
  const part = new Map(copenhagen.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${part.get('year')}-${part.get('month')}-${part.get('day')}`;
}

/** The date so many days later (earlier when negative). */
export function addDays(date: string, days: number): string {
  return iso(Date.parse(date) + days * DAY);
}

/** The date so many calendar months later, clipped to the last day of the month. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return iso(lastOfMonth.setUTCDate(Math.min(day, lastOfMonth.getUTCDate())));
}

/** The earliest end of a membership that is at most `months` old today: a day before it is too old. */
export function oldestEndWithin(today: string, months: number): string {
  let end = addMonths(today, -months);
  while (addMonths(end, months) < today) end = addDays(end, 1);
  return end;
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
