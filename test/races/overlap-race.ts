// The race of R8: clients report periods of one citizen at the same instant, round after round, and each round is held
// against the rules.

import { expect } from 'chai';
import { inWords, NOTHING_WRONG } from '../support/counts.ts';
import { seeded } from '../support/seeded.ts';
import { type Client, connectAll, getAll, saveRequest } from './clients.ts';
import { contradictions, standing } from './contradictions.ts';
import { named, SEED, services } from './course.ts';
import type { Look } from './look.ts';
import type { Sagt, Udfald } from './model.ts';
import { KINDS, makeRound, type Round } from './overlap-rounds.ts';
import { RaceHistory } from './race-history.ts';
import type { RaceStore } from './race-store.ts';
import { Services } from './services.ts';

const CLIENTS = 64;

/** Lets each client send one, all in one turn of the event loop. */
async function release(
  history: RaceHistory,
  clients: readonly Client[],
  messages: readonly Sagt[],
): Promise<Udfald[]> {
  const requests = messages.map(saveRequest);
  return Promise.all(requests.map((request, at) => history.send(clients[at]!, messages[at]!, request)));
}

/** Plays a round; gives how many of those at once were accepted. */
async function play(
  round: Round,
  history: RaceHistory,
  clients: readonly Client[],
  look: Look,
): Promise<number> {
  const { borger, before, atOnce } = round;
  const wrong: string[] = [];
  for (const udfald of await release(history, clients, before))
    if ('kode' in udfald) wrong.push(`refused with ${udfald.kode} when nothing was in the way`);
  const answers = await release(history, clients, atOnce);
  const isAccepted = (_: unknown, at: number): boolean => 'guid' in answers[at]!;
  const codes = answers.flatMap((udfald) => ('kode' in udfald ? [udfald.kode] : []));
  for (const kode of codes) if (kode !== 9434) wrong.push(`answered ${kode}`);
  wrong.push(...round.demands(atOnce.filter(isAccepted)));

  const kept = await look.at([borger]);
  wrong.push(...contradictions(kept, new Map([...before, ...atOnce].map((sagt) => [sagt.mark, sagt]))));
  const entries = new Map(kept.entries.map((entry) => [entry.mark, entry]));
  if (entries.size !== kept.entries.length || entries.size !== before.length + atOnce.length)
    wrong.push(`${kept.entries.length} entries for ${before.length + atOnce.length} calls`);
  atOnce.forEach(({ mark }, at) => {
    const entry = entries.get(mark);
    const kept = entry?.fejlkode ? { kode: entry.fejlkode } : { guid: entry?.guid };
    if (JSON.stringify(kept) !== JSON.stringify(answers[at])) wrong.push(`${mark} was answered otherwise`);
  });
  expect(await getAll(clients[0]!, borger), 'Get').to.deep.equal(standing(kept));
  expect(wrong).to.deep.equal([]);
  return answers.length - codes.length;
}

/** That many rounds against that many services on one store. */
export async function raceOverlaps(store: RaceStore, count: number, rounds: number): Promise<void> {
  const { course } = store;
  const running = new Services(store);
  const clients = await connectAll(await running.start(count), CLIENTS);
  const look = await store.look();
  const chance = seeded(SEED);
  const history = new RaceHistory();
  const borgere: string[] = [];
  const counts = { accepted: 0, refused: 0, calls: 0 };
  for (let nr = 0; nr < rounds; nr += 1) {
    const round = makeRound(nr, CLIENTS, chance);
    const accepted = await named(`round ${nr}, ${round.kind}`, play(round, history, clients, look), course);
    borgere.push(round.borger);
    counts.accepted += accepted;
    counts.refused += round.atOnce.length - accepted;
    counts.calls += round.before.length + round.atOnce.length + 1; // and a Get
  }
  for (const client of clients) client.drop();
  const kept = history.compare((await look.at(borgere)).versions);
  await look.close();
  await named('in the end', running.stop({ answered: [], counted: counts.calls, unanswered: 0 }), course);
  expect(kept, course.replay).to.deep.equal(NOTHING_WRONG);
  console.log(
    `      R8${course.on}: ${rounds} rounds of ${CLIENTS} clients on ${services(count)}, ` +
      `${KINDS.length} kinds; ${counts.accepted} accepted, ${counts.refused} got 9434, other answers 0; ${inWords(kept)}, seed ${SEED}`,
  );
}
