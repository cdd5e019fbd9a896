// The ledger of an experiment: what UDK was told is saved, and what an a-kasse has in the end, held against each other.

/** One version of a forløb as UDK reported it: whose, of which forløb, and what tells it from the other versions. */
export interface Reported {
  readonly borger: string;
  readonly forloebId: string;
  readonly mark: string;
}

/** How what was processed differs from what is owed. All are 0 when nothing is wrong. */
export interface LedgerCounts {
  /** Owed and never processed. */
  readonly lost: number;
  /** Processed and never owed. */
  readonly unexpected: number;
  /** Processed again. */
  readonly duplicated: number;
  /** Processed after what was reported later about the same citizen. */
  readonly reordered: number;
}

const keyOf = ({ forloebId, mark }: Reported): string => `${forloebId} ${mark}`;

/**
 * Holds what was processed, in its order, against what was acknowledged, in its order. What was sent without an answer
 * (`unknown`) may be there or not.
 */
export function compareLedger(
  owed: readonly Reported[],
  processed: readonly Reported[],
  unknown: readonly Reported[] = [],
): LedgerCounts {
  const places = new Map([...owed, ...unknown].map((one, at) => [keyOf(one), at]));
  const seen = new Set<string>();
  const last = new Map<string, number>();
  const counts = { lost: 0, unexpected: 0, duplicated: 0, reordered: 0 };
  for (const one of processed) {
    const key = keyOf(one);
    const place = places.get(key);
    if (place === undefined) counts.unexpected += 1;
    else if (seen.has(key)) counts.duplicated += 1;
    else {
      if (place < (last.get(one.borger) ?? -1)) counts.reordered += 1;
      last.set(one.borger, place);
    }
    seen.add(key);
  }
  counts.lost = owed.filter((one) => !seen.has(keyOf(one))).length;
  return counts;
}
