// The race of R9: clients save the same new GUID at the same instant, round after round, and each round is held against
// the rules, at once and again when all is over.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { inWords, NOTHING_WRONG } from '../support/counts.ts';
import { nyBorger } from '../support/domain-model.ts';
import { type Seeded, seeded } from '../support/seeded.ts';
import { type Client, getAll } from './clients.ts';
import { contradictions } from './contradictions.ts';
import { type Course, named, SEED, services } from './course.ts';
import { ConnectionPairs, type Sender, sendIn, WAYS } from './guid-rounds.ts';
import type { Look, Seen } from './look.ts';
import { type Sagt, tilstandAfter } from './model.ts';
import { RaceHistory } from './race-history.ts';
import type { RaceStore } from './race-store.ts';
import { Services } from './services.ts';

const DAY = 20_454;

/** Messages about one GUID, each with a content of its own; of two citizens, half of them each. */
function makeSenders(nr: number, guid: string, borgere: readonly string[], chance: Seeded): Sender[] {
  const clients = 2 + chance.below(15);
  return Array.from({ length: clients }, (_, at): Sender => {
    const fra = DAY + chance.below(1_000);
    const sagt: Sagt = {
      mark: `runde ${nr} klient ${at}`,
      borger: borgere[at % borgere.length]!,
      guid,
      kompensation: DAY + at,
      ...(chance.chance(0.5) && { dage: { fra, til: fra + chance.below(100) } }),
    };
    return { sagt, way: WAYS[chance.below(WAYS.length)]!, sent: 0, answers: [] };
  });
}

/** What is wrong with what was answered and kept. */
function wrongWith(senders: readonly Sender[], guid: string, kept: Seen): string[] {
  const wrong = contradictions(kept, new Map(senders.map(({ sagt }) => [sagt.mark, sagt])));
  const owner = kept.versions[0]?.borger;
  for (const { sagt, way, sent, answers } of senders) {
    const due = JSON.stringify(sagt.borger === owner ? { guid } : { kode: 1014 });
    const bad = answers.filter((udfald) => JSON.stringify(udfald) !== due);
    if (bad.length > 0) wrong.push(`${sagt.mark} (${way}): ${JSON.stringify(bad)} instead of ${due}`);
    if (answers.length < sent - (way === 'answer lost' ? 1 : 0) || answers.length === 0)
      wrong.push(`${sagt.mark} (${way}): ${answers.length} answers to ${sent}`);
    const entries = kept.entries.filter(({ mark }) => mark === sagt.mark).length;
    if (entries < answers.length || entries > sent)
      wrong.push(`${sagt.mark} (${way}): ${entries} entries, ${sent} sent, ${answers.length} answered`);
  }
  const versions = kept.versions.map(({ version }) => version);
  if (versions.some((version, at) => version !== at + 1)) wrong.push(`the versions are ${versions.join()}`);
  if (kept.versions.filter(({ registrationType }) => registrationType === 'Create').length !== 1)
    wrong.push('there is not one Create');
  return wrong;
}

/** What Get shows is what stood at some moment between two looks: a message whose answer was lost may still arrive. */
async function wrongWithGet(
  client: Client,
  borgere: readonly string[],
  guid: string,
  look: Look,
  sent: readonly Sagt[],
) {
  const wrong: string[] = [];
  for (const [at, borger] of borgere.entries()) {
    const before = (await look.at([borger])).versions.length;
    const shown = await getAll(client, borger);
    const { versions } = await look.at([borger]);
    const possible = versions
      .slice(Math.max(before - 1, 0))
      .map(({ mark }) => tilstandAfter(sent.find((sagt) => sagt.mark === mark)!));
    const isRight =
      versions.length === 0 ? shown.size === 0 : shown.size === 1 && possible.includes(shown.get(guid)!);
    if (!isRight)
      wrong.push(`borger ${at}: Get shows ${JSON.stringify([...shown])}, due is ${possible.join()}`);
  }
  return wrong;
}

/** A round that has been played. */
interface Played {
  readonly senders: readonly Sender[];
  readonly guid: string;
  readonly borgere: readonly string[];
}

/** Plays a round: all senders at once, and a look at what came of it. */
async function play(
  nr: number,
  history: RaceHistory,
  connections: ConnectionPairs,
  look: Look,
  chance: Seeded,
): Promise<Played> {
  const guid = randomUUID();
  const borgere = chance.chance(0.3) ? [nyBorger(), nyBorger()] : [nyBorger()];
  const senders = makeSenders(nr, guid, borgere, chance);
  const pairs = await connections.of(senders.length);
  await Promise.all(senders.map((sender, at) => sendIn(sender, pairs[at]!, history, chance)));
  const [client] = (await connections.of(1))[0]!;
  const sent = senders.map(({ sagt }) => sagt);
  const wrong = wrongWith(senders, guid, await look.at(borgere));
  wrong.push(...(await wrongWithGet(client, borgere, guid, look, sent)));
  expect(wrong).to.deep.equal([]);
  return { senders, guid, borgere };
}

/** Looks at every round again when all is over: a message whose answer was lost may have come after the first look. */
async function lookAgain(played: readonly Played[], look: Look, course: Course) {
  const counts = { creates: 0, updates: 0, refused: 0 };
  for (const [nr, { senders, guid, borgere }] of played.entries()) {
    const kept = await look.at(borgere);
    const wrong = wrongWith(senders, guid, kept);
    await named(`round ${nr} in the end`, (async () => expect(wrong).to.deep.equal([]))(), course);
    const creates = kept.versions.filter(({ registrationType }) => registrationType === 'Create').length;
    counts.creates += creates;
    counts.updates += kept.versions.length - creates;
    counts.refused += kept.entries.length - kept.versions.length;
  }
  return counts;
}

/** That many rounds against that many services on one store. */
export async function raceForGuids(store: RaceStore, count: number, rounds: number): Promise<void> {
  const { course } = store;
  const running = new Services(store);
  const connections = new ConnectionPairs(await running.start(count));
  const look = await store.look();
  const chance = seeded(SEED);
  const history = new RaceHistory();
  const played: Played[] = [];
  for (let nr = 0; nr < rounds; nr += 1)
    played.push(await named(`round ${nr}`, play(nr, history, connections, look, chance), course));
  connections.drop();
  const senders = played.flatMap((round) => round.senders);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const sent = sum(senders.map((sender) => sender.sent));
  const lost = sent - sum(senders.map(({ answers }) => answers.length));
  const gets = sum(played.map(({ borgere }) => borgere.length));
  const asked = { answered: [], counted: sent - lost + gets, unanswered: lost };
  await running.end();
  const { creates, updates, refused } = await lookAgain(played, look, course);
  const kept = history.compare((await look.at(played.flatMap(({ borgere }) => borgere))).versions);
  await look.close();
  await named('in the end', running.stop(asked), course);
  expect(kept, course.replay).to.deep.equal(NOTHING_WRONG);
  console.log(
    `      R9${course.on}: ${rounds} rounds on ${services(count)}, ` +
      `${senders.length} messages sent ${sent} times, ${lost} answers lost; ` +
      `${creates} Creates, ${updates} Updates, ${refused} got 1014; ${inWords(kept)}, seed ${SEED}`,
  );
}
