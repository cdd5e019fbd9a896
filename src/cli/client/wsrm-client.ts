// A client of the queue of an a-kasse, on node-soap: opens and ends transfers, and fetches the beskeder of one.

import { encodeSequenceRequest } from '../../contract/encode.ts';
import { isGuid } from '../../contract/guid.ts';
import {
  type CreateSequenceResponse,
  type GetTidligPensionVersion1Response,
  REGISTRATION_TYPES,
  type SequenceName,
  type ServiceItem,
  type TidligPensionRegistration,
} from '../../contract/messages.ts';
import { HEADERS, WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../contract/names.ts';
import { type CallResult, connectTo, makeSoapCaller, type RawAnswer, unreadable } from './soap-client.ts';
import type { Target } from './target.ts';

/** The four calls of a transfer, one attempt each. An answer that does not keep the contract counts as none. */
export interface WsrmClient {
  /** Opens a transfer. With nothing waiting the inventory is empty and the sequence is over already. */
  createSequence(): Promise<CallResult<CreateSequenceResponse>>;
  /** The beskeder of the sequence, oldest first; the same ones however often it is called. */
  fetch(identifier: string): Promise<CallResult<GetTidligPensionVersion1Response>>;
  /** Says that all of them are kept: they leave the queue. */
  terminate(identifier: string): Promise<CallResult<SequenceName>>;
  /** Gives the sequence up: all of them stay in the queue. */
  closeSequence(identifier: string): Promise<CallResult<SequenceName>>;
  /** Closes the connections. */
  disconnect(): void;
}

/** Makes a client for the queue of the organisation of `target`. `who` names the program in the headers. */
export async function makeWsrmClient(target: Target, who: string): Promise<WsrmClient> {
  const http = connectTo(target, 1);
  const transfer = await makeSoapCaller(WSRM_SERVICE, target, who, http);
  const messages = await makeSoapCaller(WSRM_MESSAGE_SERVICE, target, who, http);
  const end =
    (operation: 'TerminateSequence' | 'CloseSequence') =>
    async (Identifier: string): Promise<CallResult<SequenceName>> =>
      named(await transfer.call<SequenceName | null>(operation, { Identifier }), Identifier);
  return {
    createSequence: async () =>
      created(await transfer.call<Partial<CreateSequenceResponse> | null>('CreateSequence', {})),
    fetch: async (Identifier) =>
      fetched(
        await messages.call<Partial<GetTidligPensionVersion1Response> | null>(
          'GetTidligPensionVersion1',
          {},
          encodeSequenceRequest({ Identifier }),
        ),
        Identifier,
      ),
    terminate: end('TerminateSequence'),
    closeSequence: end('CloseSequence'),
    disconnect: () => http.close(),
  };
}

/** node-soap gives a list of one, or a list, or nothing, as it understands the schema. */
const listOf = <T>(value: T | readonly T[] | null | undefined): readonly T[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value : [value as T];

function created(
  result: CallResult<RawAnswer<Partial<CreateSequenceResponse> | null>>,
): CallResult<CreateSequenceResponse> {
  if (result.kind !== 'answered') return result;
  const { Identifier, ServiceInventoryCollection } = result.value.body ?? {};
  if (!isGuid(Identifier)) return unreadable('it holds no identifier');
  const ServiceItem = listOf<ServiceItem>(ServiceInventoryCollection?.ServiceItem);
  return { kind: 'answered', value: { Identifier, ServiceInventoryCollection: { ServiceItem } } };
}

const isSame = (asked: string, found: unknown): boolean =>
  typeof found === 'string' && found.toLowerCase() === asked.toLowerCase();

function named(result: CallResult<RawAnswer<SequenceName | null>>, asked: string): CallResult<SequenceName> {
  if (result.kind !== 'answered') return result;
  return isSame(asked, result.value.body?.Identifier)
    ? { kind: 'answered', value: { Identifier: asked } }
    : unreadable('it is about another sequence');
}

function fetched(
  result: CallResult<RawAnswer<Partial<GetTidligPensionVersion1Response> | null>>,
  asked: string,
): CallResult<GetTidligPensionVersion1Response> {
  if (result.kind !== 'answered') return result;
  const { body, header } = result.value;
  const of = header[HEADERS.sequenceResponse.name] as Partial<SequenceName> | undefined;
  if (!isSame(asked, of?.Identifier)) return unreadable('it is not of the sequence that was asked for');
  const beskeder = listOf<TidligPensionRegistration>(body?.TidligPensionRegistration);
  const identifiers = new Set(beskeder.map(({ MessageIdentifier }) => MessageIdentifier.toLowerCase()));
  if (identifiers.size < beskeder.length) return unreadable('a MessageIdentifier stands in it twice');
  if (!beskeder.every(({ RegistrationType: type }) => REGISTRATION_TYPES.includes(type)))
    return unreadable('a RegistrationType is neither Create nor Update');
  return { kind: 'answered', value: { TidligPensionRegistration: beskeder } };
}
