// Instants as people and messages write them.

const copenhagen = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Copenhagen',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Writes an instant as the clock in Europe/Copenhagen shows it, with milliseconds and its offset. */
export function iDanskTid(instant: Date): string {
  const local = copenhagen.format(instant).replace(' ', 'T');
  const milliseconds = String(instant.getUTCMilliseconds()).padStart(3, '0');
  // The clock shows whole seconds; what it is ahead of UTC is the offset.
  const ahead = Math.round((Date.parse(`${local}Z`) - instant.getTime()) / 60_000);
  const hours = String(Math.floor(ahead / 60)).padStart(2, '0');
  const minutes = String(ahead % 60).padStart(2, '0');
  return `${local}.${milliseconds}+${hours}:${minutes}`;
}
