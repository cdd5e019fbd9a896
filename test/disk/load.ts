// Load for experiments on the disk: clients that save, read and are refused, an a-kasse that polls, and what they know
// in the end.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { akasse } from '../support/envelopes.ts';
import { History, NOTHING, type Said, type Wish } from '../support/history.ts';
import { MEMBERS, member } from '../support/queue.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { AKASSE, type Answer, Caller, countIn, sequenceIn } from './calls.ts';
import { Intake } from './intake.ts';

/** It is refused: it ends before it begins. */
const OPHOERT_FOER: Said = {
  ...NOTHING,
  overgangsdato: '2026-02-02',
  afgoerelsesdato: '2025-12-01',
  ophoersdato: '2026-01-01',
};

/** Clients of one service. */
export class Load {
  /** Calls that were answered, in the order in which their answers came. 1011 is not among them. */
  readonly answered: Answer[] = [];
  /** Every Save, and how it ended. */
  readonly history = new History();
  readonly akasse = new Intake();
  /** Calls that were answered 1011, or not at all: kept or not, nobody knows. */
  readonly failed: (Answer | undefined)[] = [];
  /** What went otherwise than it must. */
  readonly wrong: string[] = [];
  readonly #url: string;
  readonly #chance: Seeded;
  readonly #clients: number;
  readonly #pause: number;
  #isOver = false;

  /** Each client waits for so many milliseconds between its calls. */
  constructor(url: string, { clients, seed, pause = 0 }: { clients: number; seed: number; pause?: number }) {
    this.#url = url;
    this.#clients = clients;
    this.#pause = pause;
    this.#chance = seeded(seed);
  }

  /** Runs all clients until so many calls have been answered, or until it is ended. */
  async run(answers = Number.POSITIVE_INFINITY): Promise<void> {
    const isDone = (): boolean => this.#isOver || this.answered.length >= answers;
    const clients = Array.from({ length: this.#clients }, (_, nr) => this.#reporter(nr, isDone));
    await Promise.all([...clients, this.#poller(isDone)]);
  }

  /** Lets every client finish its call and stop. */
  end(): void {
    this.#isOver = true;
  }

  /** How many calls may have left an entry without having been told of it. */
  get unanswered(): number {
    return this.failed.length;
  }

  /** One Save. Gives its answer unless it is 1011 or none. */
  save(caller: Caller, wish: Wish, ...allowed: readonly number[]): Promise<Answer | undefined> {
    return this.#call(caller.save(this.history, this.history.invoke(wish)), ...allowed);
  }

  async #reporter(nr: number, isDone: () => boolean): Promise<void> {
    const caller = new Caller(this.#url);
    const own: string[] = [];
    const borger = member(AKASSE, nr % MEMBERS);
    while (!isDone()) {
      const what = this.#chance.weighted<'new' | 'again' | 'get' | 'refused' | 'refused get'>([
        ['new', 4],
        ['again', 3],
        ['get', 2],
        ['refused', 1],
        ['refused get', 1],
      ]);
      if (what === 'get') await this.#call(caller.get(borger));
      else if (what === 'refused get') await this.#call(caller.get(borger, akasse('11')), 4575);
      else if (what === 'refused') await this.save(caller, { borger, said: OPHOERT_FOER }, 4636);
      else {
        const isNew = what === 'new' || own.length === 0;
        const forloebId = isNew ? randomUUID() : own[this.#chance.below(own.length)]!;
        const dato = `20${10 + this.#chance.below(16)}-0${1 + this.#chance.below(9)}-01`;
        const said = { ...NOTHING, kompensationsafgoerelsesdato: dato };
        const answer = await this.save(caller, { borger, forloebId, said });
        if (answer !== undefined && isNew) own.push(forloebId);
      }
    }
    caller.hangUp();
  }

  async #poller(isDone: () => boolean): Promise<void> {
    const caller = new Caller(this.#url);
    while (!isDone()) await this.#transfer(caller);
    caller.hangUp();
  }

  /** One sequence, as far as it comes. Gives how many beskeder it held; undefined when it failed. */
  async #transfer(caller: Caller): Promise<number | undefined> {
    const created = await this.#call(caller.create(), undefined, 1014);
    if (created === undefined) return undefined;
    const identifier = sequenceIn(created)!;
    if (created.status === 200 && countIn(created) === 0) return 0;
    const fetched = await this.#call(caller.fetch(identifier));
    if (fetched === undefined) return undefined;
    const held = this.akasse.take(fetched);
    if ((await this.#call(caller.terminate(identifier))) === undefined) return undefined;
    this.akasse.delivered();
    return held;
  }

  /** The a-kasse fetches at that address until nothing waits. */
  async drain(url: string): Promise<void> {
    const caller = new Caller(url);
    for (let tries = 0; tries < 100; tries += 1) if ((await this.#transfer(caller)) === 0) break;
    caller.hangUp();
  }

  /** Waits for an answer and files it, and then for the pause. Gives it unless it is 1011 or none. */
  async #call(
    calling: Promise<Answer | undefined>,
    ...allowed: readonly (number | undefined)[]
  ): Promise<Answer | undefined> {
    const filed = this.#file(await calling, allowed.length === 0 ? [undefined] : allowed);
    if (this.#pause > 0) await sleep(this.#pause);
    return filed;
  }

  #file(answer: Answer | undefined, allowed: readonly (number | undefined)[]): Answer | undefined {
    if (answer === undefined || answer.fejlkode === 1011) {
      this.failed.push(answer);
      return undefined;
    }
    if (!allowed.includes(answer.fejlkode))
      this.wrong.push(`answered with ${answer.status} ${answer.fejlkode}: ${answer.message}`);
    this.answered.push(answer);
    return answer;
  }
}
