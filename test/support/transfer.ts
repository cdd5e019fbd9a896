// A transfer by hand: each call of WSRM as raw SOAP, and what came of it.

import { WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { type ReadFault, readFault, schemaErrors, textOf, textsOf } from './answers.ts';
import {
  akasse,
  closeEnvelope,
  createEnvelope,
  fetchEnvelope,
  type HeaderOrganisation,
  terminateEnvelope,
} from './envelopes.ts';
import { send } from './raw-client.ts';
import type { TestService } from './service.ts';

/** What came of a call. */
export interface Called {
  readonly status: number;
  readonly body: string;
  readonly fault: ReadFault | undefined;
}

/** An opened sequence, or the fault. */
export interface Created extends Called {
  readonly identifier: string;
  /** MessageCount of the inventory; 0 when it is empty. */
  readonly antal: number;
}

/** The calls of an a-kasse, made with the certificate of that name. */
export interface Transfers {
  create(): Promise<Created>;
  fetch(identifier: string): Promise<Called & { readonly messageIdentifiers: readonly string[] }>;
  terminate(identifier: string): Promise<Called>;
  close(identifier: string): Promise<Called>;
}

/** Makes them. Every answer is held to the schemas. */
export function transfersOf(
  service: TestService,
  code: string,
  {
    caller = `akasse-${code}`,
    organisation = akasse(code),
  }: { caller?: string; organisation?: HeaderOrganisation } = {},
): Transfers {
  const call = async (path: string, body: string): Promise<Called> => {
    const answer = await send(service, { caller, path, body });
    const errors = schemaErrors(answer.body);
    if (errors.length > 0) throw new Error(`not valid by the contract: ${errors[0]}\n${answer.body}`);
    return { status: answer.status, body: answer.body, fault: readFault(answer.body) };
  };
  return {
    async create() {
      const called = await call(WSRM_SERVICE.path, createEnvelope(organisation));
      return {
        ...called,
        identifier: textOf(called.body, 'Identifier') ?? '',
        antal: Number(textOf(called.body, 'MessageCount') ?? 0),
      };
    },
    async fetch(identifier) {
      const called = await call(WSRM_MESSAGE_SERVICE.path, fetchEnvelope(identifier, organisation));
      return { ...called, messageIdentifiers: textsOf(called.body, 'MessageIdentifier') };
    },
    terminate: (identifier) => call(WSRM_SERVICE.path, terminateEnvelope(identifier, organisation)),
    close: (identifier) => call(WSRM_SERVICE.path, closeEnvelope(identifier, organisation)),
  };
}
