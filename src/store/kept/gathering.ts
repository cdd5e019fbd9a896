// Refusals that are being gathered into one entry: a row for each certificate or address, code and minute.

import type { NewAuditEntry } from '../../access/audit/entry.ts';

/** A row of what is being gathered. */
export interface GatheringRow {
  minut: string;
  fejlkode: 1101 | 1012;
  tidspunkt: string;
  correlation_id: string;
  certificate: string | null;
  adresse: string | null;
  antal: number;
}

/** Whether refusals with that code are gathered. */
export const isGathered = (fejlkode: number): boolean => fejlkode === 1101 || fejlkode === 1012;

/** The minute that an instant is in, UTC. */
export const minuteOf = (instant: Date): string => instant.toISOString().slice(0, 16);

/** Who it was when that is not known, or told apart no longer. */
export const NOBODY = '';

/** No minute at all. */
export const NO_MINUTE = '';

/** The entry that a row becomes. */
export const gatheredEntry = (row: GatheringRow): NewAuditEntry => ({
  tidspunkt: row.tidspunkt,
  correlationId: row.correlation_id,
  udfald: 'afvist',
  fejlkode: row.fejlkode,
  ...(row.certificate !== null && { certificate: row.certificate }),
  ...(row.antal > 1 && { antal: row.antal }),
  ...(row.adresse !== null && { adresse: row.adresse }),
});
