// The history of a race: every message as it was sent and answered, and in the end held against the versions that are kept.
// The same message may be sent several times, so a version is known by the correlation id of the answer.

import type { HistoryCounts, Kept } from '../support/history.ts';
import { type Call, History } from '../support/history.ts';
import { saidBy } from '../support/said-messages.ts';
import { type Client, readSaved } from './clients.ts';
import type { Seen } from './look.ts';
import { messageOf, type Sagt, type Udfald } from './model.ts';

export class RaceHistory {
  readonly #history = new History();
  readonly #sent: { readonly call: Call; readonly sagt: Sagt }[] = [];

  /** Sends the request of a message; it is written before this gives back control. Rejects when no answer comes. */
  async send(client: Client, sagt: Sagt, request: Uint8Array): Promise<Udfald> {
    const call = this.#history.invoke({
      borger: sagt.borger,
      said: saidBy(messageOf(sagt)),
      ...(sagt.guid !== undefined && { forloebId: sagt.guid }),
    });
    this.#sent.push({ call, sagt });
    try {
      const answer = await client.call(request);
      const udfald = readSaved(answer);
      if ('guid' in udfald) this.#history.acknowledge(call, answer.correlationId, udfald.guid);
      else this.#history.refuse(call, answer.correlationId, udfald.kode);
      return udfald;
    } catch (error) {
      this.#history.doubt(call);
      throw error;
    }
  }

  /** Holds what is kept of all citizens of the race, in its order, against what was said. */
  compare(versions: Seen['versions']): HistoryCounts {
    const answered = new Map(this.#sent.map(({ call }) => [call.correlationId, call.mark]));
    const unheard = Map.groupBy(
      this.#sent.filter(({ call }) => call.outcome === 'unknown'),
      ({ sagt }) => sagt.mark,
    );
    const kept = versions.map(({ mark, borger, guid, correlationId, ...version }): Kept => {
      const { overgangsdato, afgoerelsesdato, ophoersdato, komp: kompensationsafgoerelsesdato } = version;
      return {
        mark: answered.get(correlationId) ?? unheard.get(mark)?.shift()?.call.mark ?? mark,
        borger,
        forloebId: guid,
        correlationId,
        said: { overgangsdato, afgoerelsesdato, ophoersdato, kompensationsafgoerelsesdato },
      };
    });
    return this.#history.compare(kept);
  }
}
