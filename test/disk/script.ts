// The scripted run of R3, step by step as UDK and an a-kasse make it; broken off anywhere, it goes on at the step that
// got no answer.

import { akasse } from '../support/envelopes.ts';
import { History, NOTHING, type Said } from '../support/history.ts';
import { member } from '../support/queue.ts';
import { AKASSE, type Answer, type Caller, countIn, sequenceIn } from './calls.ts';
import { Intake } from './intake.ts';

interface Step {
  readonly name: string;
  readonly call: (caller: Caller, run: ScriptedRun) => Promise<Answer | undefined>;
  /** ErrorCode of its refusal; accepted otherwise. */
  readonly fejlkode?: number;
  /** Makes sense only where a besked waits for the a-kasse. */
  readonly ofSequence?: true;
}

const [ANNA, BENT] = [member(AKASSE, 1), member(AKASSE, 2)];
const id = (nr: number): string => `5f1d0c30-0003-4000-8000-${String(nr).padStart(12, '0')}`;
const overgang = (overgangsdato: string, ophoersdato: string | null = null): Said => ({
  ...NOTHING,
  overgangsdato,
  afgoerelsesdato: '2025-12-01',
  ophoersdato,
});
const kompensation = (dato: string): Said => ({ ...NOTHING, kompensationsafgoerelsesdato: dato });
const save =
  (nr: number, borger: string, said: Said): Step['call'] =>
  (caller, { history }) =>
    caller.save(history, history.invoke({ borger, forloebId: id(nr), said }));

const STEPS: readonly Step[] = [
  { name: 'a first Save', call: save(1, ANNA, overgang('2026-01-01', '2026-06-30')) },
  { name: 'a Save of another citizen', call: save(2, BENT, kompensation('2026-01-01')) },
  { name: 'a Save that overlaps', call: save(3, ANNA, overgang('2026-03-01')), fejlkode: 9434 },
  { name: 'a Save that updates', call: save(1, ANNA, overgang('2026-02-01', '2026-06-30')) },
  { name: 'a Get', call: (caller) => caller.get(ANNA) },
  { name: 'a CreateSequence', call: (caller, run) => run.create(caller) },
  { name: 'a fetch', call: (caller, run) => run.fetch(caller), ofSequence: true },
  { name: 'a Save that annuls', call: save(1, ANNA, NOTHING) },
  { name: 'a TerminateSequence', call: (caller, run) => run.terminate(caller), ofSequence: true },
  { name: 'a Get that is refused', call: (caller) => caller.get(ANNA, akasse('11')), fejlkode: 4575 },
  { name: 'a second CreateSequence', call: (caller, run) => run.create(caller) },
  { name: 'a second fetch', call: (caller, run) => run.fetch(caller), ofSequence: true },
  { name: 'a CloseSequence', call: (caller, run) => caller.close(run.sequence), ofSequence: true },
];

/** One run of the script, and what its callers know. */
export class ScriptedRun {
  /** Every call that was answered, in order. */
  readonly answered: Answer[] = [];
  /** Every Save, and how it ended. */
  readonly history = new History();
  readonly akasse = new Intake();
  /** What went otherwise than it must. */
  readonly wrong: string[] = [];
  sequence = '';
  readonly #steps: readonly Step[];
  #at = 0;

  /** Without members no besked has a recipient, and sequences hold nothing. */
  constructor(hasMembers: boolean) {
    this.#steps = STEPS.filter(({ ofSequence }) => hasMembers || ofSequence === undefined);
  }

  /** The step that got no answer; undefined when all got one. */
  get interrupted(): string | undefined {
    return this.#steps[this.#at]?.name;
  }

  /** Goes on until a step gets no answer. */
  async goOn(caller: Caller): Promise<void> {
    for (; this.#at < this.#steps.length; this.#at += 1) {
      const { name, call, fejlkode } = this.#steps[this.#at]!;
      const answer = this.#note(await call(caller, this));
      if (answer === undefined) return;
      if (answer.fejlkode !== fejlkode && !this.#isOpenAlready(answer))
        this.wrong.push(`${name} was answered with ${answer.fejlkode ?? 'success'}: ${answer.message ?? ''}`);
    }
  }

  /** Fetches what still waits, as the a-kasse does every ten minutes. */
  async drain(caller: Caller): Promise<void> {
    for (;;) {
      const created = this.#note(await this.create(caller));
      if (created === undefined || created.status !== 200) {
        this.wrong.push(`the queue could not be emptied: ${created?.message}`);
        return;
      }
      if (countIn(created) === 0) return;
      this.#note(await this.fetch(caller));
      this.#note(await this.terminate(caller));
    }
  }

  async create(caller: Caller): Promise<Answer | undefined> {
    const answer = await caller.create();
    if (answer !== undefined) this.sequence = sequenceIn(answer) ?? this.sequence;
    return answer;
  }

  async fetch(caller: Caller): Promise<Answer | undefined> {
    const answer = await caller.fetch(this.sequence);
    if (answer !== undefined) this.akasse.take(answer);
    return answer;
  }

  async terminate(caller: Caller): Promise<Answer | undefined> {
    const answer = await caller.terminate(this.sequence);
    if (answer?.status === 200) this.akasse.delivered();
    return answer;
  }

  /** A CreateSequence whose answer was lost is told so when it is sent again. */
  #isOpenAlready({ fejlkode, message }: Answer): boolean {
    return fejlkode === 1014 && message!.includes('is open, and there is one at a time');
  }

  #note(answer: Answer | undefined): Answer | undefined {
    if (answer !== undefined) this.answered.push(answer);
    return answer;
  }
}
