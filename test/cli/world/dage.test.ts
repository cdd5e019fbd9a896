// The calendar of the demo data agrees with Copenhagen and with the rule for former members.
import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, addMonths, dateInCopenhagen, oldestEndWithin } from '../../../src/cli/world/dage.ts';

describe('the calendar of the demo data', () => {
  it('takes the date of Copenhagen, in summer and in winter', () => {
    expect(dateInCopenhagen(new Date('2026-06-30T21:59:59Z'))).to.equal('2026-06-30');
    expect(dateInCopenhagen(new Date('2026-06-30T22:00:00Z'))).to.equal('2026-07-01');
    expect(dateInCopenhagen(new Date('2026-12-31T22:59:59Z'))).to.equal('2026-12-31');
    expect(dateInCopenhagen(new Date('2026-12-31T23:00:00Z'))).to.equal('2027-01-01');
  });

  it('clips months to their last day', () => {
    expect(addMonths('2022-08-31', 42)).to.equal('2026-02-28');
    expect(addMonths('2024-02-29', 12)).to.equal('2025-02-28');
    expect(addMonths('2026-03-31', -1)).to.equal('2026-02-28');
    expect(addMonths('2026-01-15', -1)).to.equal('2025-12-15');
    expect(addDays('2024-02-28', 2)).to.equal('2024-03-01');
  });

  it('finds the oldest end that is within so many months, on every day', () => {
    const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2000-01-01', days));
    fc.assert(
      fc.property(day, (today) => {
        const end = oldestEndWithin(today, 42);
        expect(addMonths(end, 42) >= today).to.equal(true);
        expect(addMonths(addDays(end, -1), 42) < today).to.equal(true);
      }),
    );
  });
});
