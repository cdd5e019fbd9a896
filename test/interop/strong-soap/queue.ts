// The queue of an a-kasse on strong-soap: open a sequence, fetch its beskeder, terminate or close it.

import { exchange, QName, type StrongClient } from './client.ts';

const WSRM = 'http://docs.oasis-open.org/ws-rx/wsrm/200602';
/** The place of SequenceRequest among the headers, after the two that `connect` has added. */
const SEQUENCE_HEADER = 2;

type Parts = Record<string, unknown>;
/** An empty list does not arrive at all. */
const list = (found: unknown): Parts[] => (found ?? []) as Parts[];

/** Opens a sequence. `client` is one of WsrmService; what is left out of `elements` is not sent. */
export async function create(client: StrongClient, elements: object = {}) {
  // An operation whose element has its own name gets the content of that element, without its name around it.
  const { result } = await exchange(client, 'CreateSequence', elements);
  const inventory = result.ServiceInventoryCollection as Parts | undefined;
  return { identifier: String(result.Identifier), inventory: list(inventory?.ServiceItem) };
}

/** Every besked of the sequence, and the sequence of the answer's header. `client` is one of WsrmMessageService. */
export async function fetch(client: StrongClient, identifier: string) {
  client.changeSoapHeader(SEQUENCE_HEADER, { Identifier: identifier }, new QName(WSRM, 'SequenceRequest'));
  const { result, header } = await exchange(client, 'GetTidligPensionVersion1', {
    GetTidligPensionVersion1Request: {},
  });
  const { SequenceResponse } = header as { SequenceResponse: Parts };
  return { sequence: String(SequenceResponse.Identifier), beskeder: list(result?.TidligPensionRegistration) };
}

/** Breaks off: the same beskeder come again in the next sequence. */
export async function close(client: StrongClient, identifier: string): Promise<string> {
  const { result } = await exchange(client, 'CloseSequence', { Identifier: identifier });
  return String(result.Identifier);
}

/** All received and stored: the beskeder leave the queue. */
export async function terminate(client: StrongClient, identifier: string): Promise<string> {
  const { result } = await exchange(client, 'TerminateSequence', { Identifier: identifier });
  return String(result.Identifier);
}
