// The queue of an a-kasse on node-soap: open a sequence, fetch its beskeder, terminate or close it.

import type soap from 'soap';

const WSRM = 'http://docs.oasis-open.org/ws-rx/wsrm/200602';
/** The place of SequenceRequest among the headers, after the two that `connect` has added. */
const SEQUENCE_HEADER = 2;

/** An opened sequence, and how many beskeder each operation has for it. */
export interface Opened {
  readonly identifier: string;
  readonly inventory: readonly Record<string, unknown>[];
}

/** Opens a sequence. `client` is one of WsrmService; what is left out of `elements` is not sent. */
export async function create(client: soap.Client, elements: object = {}): Promise<Opened> {
  const [answer] = await client.CreateSequenceAsync(elements);
  // An element without content arrives as null.
  return { identifier: answer.Identifier, inventory: answer.ServiceInventoryCollection?.ServiceItem ?? [] };
}

/** Every besked of the sequence, and the sequence of the answer's header. `client` is one of WsrmMessageService. */
export async function fetch(client: soap.Client, identifier: string) {
  const sequence = { SequenceRequest: { Identifier: identifier } };
  client.changeSoapHeader(SEQUENCE_HEADER, sequence, '', 'wsrm', WSRM);
  const [answer, , headers] = await client.GetTidligPensionVersion1Async({});
  const beskeder: Record<string, unknown>[] = answer?.TidligPensionRegistration ?? [];
  return { sequence: String(headers.SequenceResponse.Identifier), beskeder };
}

/** Breaks off: the same beskeder come again in the next sequence. */
export async function close(client: soap.Client, identifier: string): Promise<string> {
  const [answer] = await client.CloseSequenceAsync({ Identifier: identifier });
  return answer.Identifier;
}

/** All received and stored: the beskeder leave the queue. */
export async function terminate(client: soap.Client, identifier: string): Promise<string> {
  const [answer] = await client.TerminateSequenceAsync({ Identifier: identifier });
  return answer.Identifier;
}
