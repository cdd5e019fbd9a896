// The pull door of the outbox: an a-kasse opens a transfer over what waits for it, fetches, and ends it. What each call
// may do is in transfer.ts; here the store is asked, and its answer put in the words of the contract.

import { ok, type Resultat } from '../../contract/fejlkatalog.ts';
import type {
  CreateSequenceResponse,
  GetTidligPensionVersion1Response,
  SequenceName,
} from '../../contract/messages.ts';
import type { OperationName } from '../../contract/names.ts';
import { beskedMessage } from '../../domain/besked.ts';
import type { Ports } from '../../domain/ports.ts';
import type { Koe, Sequences } from '../../store/outbox.ts';
import type { Kald } from '../../store/store.ts';

/** What the door needs. */
export interface PullDoorParts {
  readonly sequences: Sequences;
  readonly ports: Pick<Ports, 'newId'>;
  /** Minutes after which an idle sequence is rolled back. */
  readonly idleMinutes: number;
  /** Where beskeder are fetched, as the inventory names it. */
  readonly messageEndpoint: () => string;
}

/** A call, and whose queue it is about. */
export interface PullCall {
  readonly kald: Kald;
  readonly koe: Koe;
}

/** The operation that hands out beskeder about Tidlig Pension: the name of its item in every inventory. */
const HANDS_OUT = 'GetTidligPensionVersion1' satisfies OperationName;

/** The calls of a transfer. What they refuse is 1014, with its entry in the audit trail, and leaves all as it was. */
export interface PullDoor {
  /** Opens a transfer over what waits. The inventory is empty when nothing does; then there is nothing to end. */
  create(call: PullCall): Promise<Resultat<CreateSequenceResponse>>;
  /** Every besked of the sequence, in order; the same ones at each call. */
  fetch(identifier: string, call: PullCall): Promise<Resultat<GetTidligPensionVersion1Response>>;
  /** All received: the beskeder leave the queue. */
  terminate(request: SequenceName, call: PullCall): Promise<Resultat<SequenceName>>;
  /** Given up: the beskeder come again in the next sequence. */
  close(request: SequenceName, call: PullCall): Promise<Resultat<SequenceName>>;
}

/** Makes the door. */
export function makePullDoor({ sequences, ports, idleMinutes, messageEndpoint }: PullDoorParts): PullDoor {
  const end =
    (operation: 'TerminateSequence' | 'CloseSequence') =>
    async (request: SequenceName, call: PullCall): Promise<Resultat<SequenceName>> => {
      const Identifier = request.Identifier.toLowerCase();
      const ended = await sequences.end({ ...call, operation, identifier: Identifier, idleMinutes });
      return ended.ok ? ok({ Identifier }) : ended;
    };
  return {
    async create(call) {
      const identifier = ports.newId();
      const created = await sequences.create({ ...call, identifier, idleMinutes });
      if (!created.ok) return created;
      const { antal } = created.value;
      const item = { ServiceName: HANDS_OUT, ServiceEndpoint: messageEndpoint(), MessageCount: antal };
      return ok({
        Identifier: identifier,
        ServiceInventoryCollection: { ServiceItem: antal === 0 ? [] : [item] },
      });
    },
    async fetch(identifier, call) {
      const beskeder = await sequences.fetch({
        ...call,
        operation: HANDS_OUT,
        identifier: identifier.toLowerCase(),
        idleMinutes,
      });
      return beskeder.ok ? ok({ TidligPensionRegistration: beskeder.value.map(beskedMessage) }) : beskeder;
    },
    terminate: end('TerminateSequence'),
    close: end('CloseSequence'),
  };
}
