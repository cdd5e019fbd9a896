// What the specification says must come of a call, worked out from its words and from the files of the demo world.
// On purpose nothing of src/ is asked, and nothing is worked out the way it is there: a wrong rule would agree with
// itself.

import { readFileSync } from 'node:fs';
import path from 'node:path';

/** An organisation as headers name it. */
export interface Claim {
  readonly type: number;
  readonly code: string;
}

/** Who connects, and what the headers say. */
interface Claims {
  /** Name of the certificate files; `none` sends no certificate. */
  readonly certificate: string;
  readonly active: Claim;
  readonly request: Claim;
}

/** A call of the matrix about a citizen. */
export interface MatrixCall extends Claims {
  readonly operation: 'SaveTidligPension' | 'GetTidligPension';
  readonly personnummer: string;
}

/** A call of the matrix about a queue. */
export interface QueueCall extends Claims {
  readonly operation: 'CreateSequence' | 'GetTidligPensionVersion1' | 'CloseSequence' | 'TerminateSequence';
  /** The sequence that it names, and whose that is; nothing in CreateSequence. */
  readonly sequence?: { readonly identifier: string; readonly akasse: string };
}

interface Membership {
  readonly akasse: string;
  readonly start: string;
  readonly slut: string;
  readonly recalled: boolean;
}

interface World {
  readonly organisationTypes: readonly { readonly id: number; readonly kind: string }[];
  readonly akasser: readonly { readonly code: string; readonly til?: string; readonly afloeser?: string }[];
  readonly systems: readonly { readonly name: string; readonly organisations: readonly Claim[] }[];
}

/** Knows the demo world in a folder, as it is on a day (`YYYY-MM-DD`); a former a-kasse may read for so many months. */
export class AccessOracle {
  readonly #world: World;
  readonly #register = new Map<string, Membership[]>();
  readonly #readers = new Map<string, ReadonlySet<string>>();
  readonly #idag: string;
  /** Every day on which a former membership may have ended for its a-kasse to read today. */
  readonly #pastDays: readonly string[];

  constructor(world: string, idag: string, formerMonths = 42) {
    this.#idag = idag;
    this.#world = JSON.parse(readFileSync(path.join(world, 'organisationer.json'), 'utf8')) as World;
    const [, ...lines] = readFileSync(path.join(world, 'medlemskaber.csv'), 'utf8').trim().split('\n');
    for (const line of lines) {
      const [personnummer, akasse, start, slut, , , recalled] = line.trim().split(',') as string[];
      const own = this.#register.get(personnummer!) ?? [];
      own.push({ akasse: akasse!, start: start!, slut: slut!, recalled: recalled === 'true' });
      this.#register.set(personnummer!, own);
    }
    this.#pastDays = Array.from({ length: formerMonths * 31 + 31 }, (_, ago) =>
      daysBefore(idag, ago + 1),
    ).filter((day) => monthsAfter(day, formerMonths) >= idag);
  }

  /** The personnumre of the register. */
  get borgere(): string[] {
    return [...this.#register.keys()];
  }

  /** The error code that the call must get; undefined when it must be carried out. */
  codeOf(call: MatrixCall | QueueCall): number | undefined {
    const { active } = call;
    const refused = this.#codeOfClaims(call);
    if (refused !== undefined) return refused;
    const kind = this.#kindOf(active.type);
    if (!('personnummer' in call)) {
      if (kind !== 'akasse') return 1013;
      return call.sequence !== undefined && call.sequence.akasse !== active.code ? 1014 : undefined;
    }
    if (kind === 'akasse' && call.operation === 'SaveTidligPension') return 1013;
    if (call.personnummer === '0000000000') return 1001;
    if (kind === 'akasse' && !this.readersOf(call.personnummer).has(active.code)) return 4575;
    return undefined;
  }

  /** What refuses the call whichever operation it is. */
  #codeOfClaims({ certificate, active, request }: Claims): number | undefined {
    if (certificate === 'none') return 1101;
    const system = this.#world.systems.find(({ name }) => name === certificate);
    if (system === undefined || certificate === 'tilbagekaldt') return 1012;
    const kind = this.#kindOf(active.type);
    if (kind === undefined || this.#kindOf(request.type) === undefined) return 8173;
    if (kind === 'other') return 4413;
    if (!system.organisations.some(({ type, code }) => type === active.type && code === active.code))
      return 1013;
    if (kind === 'akasse' && this.#successorOf(active.code) !== active.code) return 1013;
    return undefined;
  }

  /** The a-kasser that may read the citizen today. */
  readersOf(personnummer: string): ReadonlySet<string> {
    let readers = this.#readers.get(personnummer);
    if (readers === undefined) {
      const current = this.#akasseOn(personnummer, this.#idag);
      const former = (): string[] => this.#pastDays.flatMap((day) => this.#akasseOn(personnummer, day) ?? []);
      readers = new Set(current === undefined ? former() : [current]);
      this.#readers.set(personnummer, readers);
    }
    return readers;
  }

  /** Whose member the citizen was on a day, as the a-kasser stand today: that which began last, had it not ended. */
  #akasseOn(personnummer: string, day: string): string | undefined {
    let latest: Membership | undefined;
    for (const membership of this.#register.get(personnummer) ?? []) {
      const counts = !membership.recalled && membership.start <= day;
      if (counts && (latest === undefined || membership.start > latest.start)) latest = membership;
    }
    if (latest === undefined || (latest.slut !== '' && latest.slut < day)) return undefined;
    return this.#successorOf(latest.akasse);
  }

  #kindOf(type: number): string | undefined {
    return this.#world.organisationTypes.find(({ id }) => id === type)?.kind;
  }

  /** Who stands for the code today; undefined for a code that is not in the list. */
  #successorOf(code: string): string | undefined {
    const akasse = this.#world.akasser.find((one) => one.code === code);
    if (akasse?.afloeser === undefined || (akasse.til !== undefined && akasse.til >= this.#idag)) {
      return akasse?.code;
    }
    return this.#successorOf(akasse.afloeser);
  }
}

const DAY = 86_400_000;
const isoOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const daysBefore = (day: string, days: number): string => isoOf(Date.parse(day) - days * DAY);

/** That many calendar months later; a day that the month does not have becomes its last. */
function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return isoOf(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth)));
}

/** The date in Denmark at that instant. */
export const todayInDenmark = (now: Date): string =>
  now.toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' });
