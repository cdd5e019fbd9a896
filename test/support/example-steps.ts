// What a step of fixtures/examples calls: its file says so by a short name.

import {
  type Operation,
  type OperationName,
  SERVICES,
  type ServiceContract,
} from '../../src/contract/names.ts';

/** The folder of the examples. */
export const EXAMPLES = new URL('../../fixtures/examples/', import.meta.url);

/** What each short name calls. */
const OPERATIONS: Readonly<Record<string, OperationName>> = {
  save: 'SaveTidligPension',
  get: 'GetTidligPension',
  create: 'CreateSequence',
  fetch: 'GetTidligPensionVersion1',
  terminate: 'TerminateSequence',
  close: 'CloseSequence',
};

/** The short names, for a regular expression. */
export const STEPS = Object.keys(OPERATIONS).join('|');

/** The service that has the operation of a step, and that operation. Throws for a name that is none. */
export function calledBy(step: string): { service: ServiceContract; operation: Operation } {
  for (const service of SERVICES) {
    const operation = service.operations.find(({ name }) => name === OPERATIONS[step]);
    if (operation !== undefined) return { service, operation };
  }
  throw new Error(`${step} is no operation`);
}
