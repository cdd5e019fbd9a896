// The demo citizens that documentation, fixtures and the demo batch refer to by name.
//
// Synthetic: each personnummer is day, month, year 60 and a running number. What is said of dates holds on
// the day on which the world is made.

/** A named citizen of the demo world. */
export interface DemoBorger {
  readonly personnummer: string;
  readonly situation: string;
}

/** The named citizens; the numbers never change, new ones are added at the end. */
export const demoBorgere = {
  medlem11: { personnummer: '0101600001', situation: 'Is a member of a-kasse 11.' },
  medlem22: { personnummer: '0201600002', situation: 'Is a member of a-kasse 22.' },
  medlem67: { personnummer: '0301600003', situation: 'Is a member of a-kasse 67.' },
  flyttet: {
    personnummer: '0401600004',
    situation: 'Moved from a-kasse 11 to 22 (reason A), the old membership registered as ended.',
  },
  flyttetUdenSlut: {
    personnummer: '0501600005',
    situation: 'Moved from a-kasse 11 to 67; no end was ever registered in 11, so the start in 67 ends it.',
  },
  tidligereMedEfterloen: {
    personnummer: '0601600006',
    situation: 'Left a-kasse 11 a year ago for efterløn, whose date is registered: beskeder go to 11.',
  },
  tidligereUdenEfterloen: {
    personnummer: '0701600007',
    situation: 'Left a-kasse 11 a year ago with no efterløn date: beskeder wait, 11 may still read.',
  },
  tidligereFremtidigtEfterloen: {
    personnummer: '0801600008',
    situation: 'Left a-kasse 22 half a year ago with an efterløn date half a year ahead: beskeder go to 22.',
  },
  medlemMedEfterloen: {
    personnummer: '0901600009',
    situation: 'Is a member of a-kasse 22 and has an efterløn date.',
  },
  tidligereUnder42: {
    personnummer: '1001600010',
    situation: 'Left a-kasse 11 41 months ago: 11 may still read.',
  },
  tidligerePraecis42: {
    personnummer: '1101600011',
    situation: 'Left a-kasse 11 on the earliest day that still lets it read today: 42 months ago.',
  },
  tidligereOver42: {
    personnummer: '1201600012',
    situation: 'Left a-kasse 11 one day earlier than that: 11 may read no longer.',
  },
  tilbagekaldt: {
    personnummer: '1301600013',
    situation: 'Had one membership, of a-kasse 11, and it was recalled: as if never a member.',
  },
  tilbagekaldtGenaabner: {
    personnummer: '1401600014',
    situation: 'A membership of a-kasse 22 had closed that of 11 and was recalled: is a member of 11 again.',
  },
  fusioneret: {
    personnummer: '1501600015',
    situation: 'Is registered as a member of a-kasse 31, which merged into 67: belongs to 67.',
  },
  tidligereFusioneret: {
    personnummer: '1601600016',
    situation: 'Left a-kasse 31 before it merged into 67, with an efterløn date: beskeder go to 67.',
  },
  fremtidig: {
    personnummer: '1701600017',
    situation: 'Will be a member of a-kasse 22 in two months and was never a member of any.',
  },
  tidligereOgFremtidig: {
    personnummer: '1801600018',
    situation: 'Left a-kasse 11 half a year ago and joins 22 in two months: no a-kasse is current today.',
  },
  sammeAkasseToGange: {
    personnummer: '1901600019',
    situation: 'Was a member of a-kasse 11, left it, and is a member of 11 again.',
  },
  aldrig: { personnummer: '2001600020', situation: 'Was never a member of any a-kasse; not in the file.' },
  slutterIDag: { personnummer: '2101600021', situation: 'Is a member of a-kasse 11 for the last day today.' },
  begynderIDag: { personnummer: '2201600022', situation: 'Is a member of a-kasse 22 from today.' },
  flyttetFraFusioneret: {
    personnummer: '2301600023',
    situation: 'Moved from a-kasse 31 to 11 before 31 merged into 67.',
  },
  sluttede: {
    personnummer: '2401600024',
    situation: 'Left a-kasse 11 and later 67, both without an efterløn date: 67 is the latest previous.',
  },
} as const satisfies Record<string, DemoBorger>;

/** The name of a named demo citizen. */
export type DemoBorgerNavn = keyof typeof demoBorgere;
