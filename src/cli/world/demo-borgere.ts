// The demo citizens that documentation, fixtures and the demo batch refer to by name.
//
// Synthetic: each personnummer is 29 February 1961, a day that never was, and a running number. What is said of dates
// holds on the day on which the world is made.

/** A named citizen of the demo world. */
export interface DemoBorger {
  readonly personnummer: string;
  readonly situation: string;
}

/** The named citizens; the numbers never change, new ones are added at the end. */
export const demoBorgere = {
  medlem11: { personnummer: '2902610001', situation: 'Is a member of a-kasse 11.' },
  medlem22: { personnummer: '2902610002', situation: 'Is a member of a-kasse 22.' },
  medlem67: { personnummer: '2902610003', situation: 'Is a member of a-kasse 67.' },
  flyttet: {
    personnummer: '2902610004',
    situation: 'Moved from a-kasse 11 to 22 (reason A), the old membership registered as ended.',
  },
  flyttetUdenSlut: {
    personnummer: '2902610005',
    situation: 'Moved from a-kasse 11 to 67; no end was ever registered in 11, so the start in 67 ends it.',
  },
  tidligereMedEfterloen: {
    personnummer: '2902610006',
    situation: 'Left a-kasse 11 a year ago for efterløn, whose date is registered: beskeder go to 11.',
  },
  tidligereUdenEfterloen: {
    personnummer: '2902610007',
    situation: 'Left a-kasse 11 a year ago with no efterløn date: beskeder wait, 11 may still read.',
  },
  tidligereFremtidigtEfterloen: {
    personnummer: '2902610008',
    situation: 'Left a-kasse 22 half a year ago with an efterløn date half a year ahead: beskeder go to 22.',
  },
  medlemMedEfterloen: {
    personnummer: '2902610009',
    situation: 'Is a member of a-kasse 22 and has an efterløn date.',
  },
  tidligereUnder42: {
    personnummer: '2902610010',
    situation: 'Left a-kasse 11 41 months ago: 11 may still read.',
  },
  tidligerePraecis42: {
    personnummer: '2902610011',
    situation: 'Left a-kasse 11 on the earliest day that still lets it read today: 42 months ago.',
  },
  tidligereOver42: {
    personnummer: '2902610012',
    situation: 'Left a-kasse 11 one day earlier than that: 11 may read no longer.',
  },
  tilbagekaldt: {
    personnummer: '2902610013',
    situation: 'Had one membership, of a-kasse 11, and it was recalled: as if never a member.',
  },
  tilbagekaldtGenaabner: {
    personnummer: '2902610014',
    situation: 'A membership of a-kasse 22 had closed that of 11 and was recalled: is a member of 11 again.',
  },
  fusioneret: {
    personnummer: '2902610015',
    situation: 'Is registered as a member of a-kasse 31, which merged into 67: belongs to 67.',
  },
  tidligereFusioneret: {
    personnummer: '2902610016',
    situation: 'Left a-kasse 31 before it merged into 67, with an efterløn date: beskeder go to 67.',
  },
  fremtidig: {
    personnummer: '2902610017',
    situation: 'Will be a member of a-kasse 22 in two months and was never a member of any.',
  },
  tidligereOgFremtidig: {
    personnummer: '2902610018',
    situation: 'Left a-kasse 11 half a year ago and joins 22 in two months: no a-kasse is current today.',
  },
  sammeAkasseToGange: {
    personnummer: '2902610019',
    situation: 'Was a member of a-kasse 11, left it, and is a member of 11 again.',
  },
  aldrig: { personnummer: '2902610020', situation: 'Was never a member of any a-kasse; not in the file.' },
  slutterIDag: { personnummer: '2902610021', situation: 'Is a member of a-kasse 11 for the last day today.' },
  begynderIDag: { personnummer: '2902610022', situation: 'Is a member of a-kasse 22 from today.' },
  flyttetFraFusioneret: {
    personnummer: '2902610023',
    situation: 'Moved from a-kasse 31 to 11 before 31 merged into 67.',
  },
  sluttede: {
    personnummer: '2902610024',
    situation: 'Left a-kasse 11 and later 67, both without an efterløn date: 67 is the latest previous.',
  },
  flytter: {
    personnummer: '2902610025',
    situation: 'Is a member of a-kasse 11; `make run` moves this citizen to 22 with a second import.',
  },
} as const satisfies Record<string, DemoBorger>;

/** The name of a named demo citizen. */
export type DemoBorgerNavn = keyof typeof demoBorgere;
