// The order of checks of a transfer: the header SequenceRequest is judged after 1013 and before the body, on the one
// operation that needs it, and is nothing to any other.

import { expect } from 'chai';
import { PENSION_SERVICE, WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { readFault, textOf } from '../support/answers.ts';
import {
  BODY_NOT_VALID,
  type Call,
  CHECKS_OF_EVERY_CALL,
  CHECKS_OF_SEQUENCE_REQUEST,
  type Check,
  expectRefusal,
  faultOf,
  NO_SUCH_SEQUENCE,
  spoilBoth,
} from '../support/checks-in-order.ts';
import {
  akasse,
  closeEnvelope,
  createEnvelope,
  fetchEnvelope,
  getEnvelope,
  terminateEnvelope,
} from '../support/envelopes.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import { send } from '../support/raw-client.ts';
import type { TestService } from '../support/service.ts';
import { transfersOf } from '../support/transfer.ts';

const callTo = (path: string, body: string, caller = 'akasse-22'): Call => ({
  caller,
  soapAction: '""',
  path,
  body,
});

/** Each operation of a transfer: a call that nothing is wrong with, and its checks in order. */
const OPERATIONS: Readonly<Record<string, { make: (sequence: string) => Call; checks: readonly Check[] }>> = {
  CreateSequence: {
    make: () => callTo(WSRM_SERVICE.path, createEnvelope(akasse('22'))),
    checks: [...CHECKS_OF_EVERY_CALL, BODY_NOT_VALID],
  },
  TerminateSequence: {
    make: (sequence) => callTo(WSRM_SERVICE.path, terminateEnvelope(sequence, akasse('22'))),
    checks: [...CHECKS_OF_EVERY_CALL, BODY_NOT_VALID, NO_SUCH_SEQUENCE],
  },
  CloseSequence: {
    make: (sequence) => callTo(WSRM_SERVICE.path, closeEnvelope(sequence, akasse('22'))),
    checks: [...CHECKS_OF_EVERY_CALL, BODY_NOT_VALID, NO_SUCH_SEQUENCE],
  },
  GetTidligPensionVersion1: {
    make: (sequence) => callTo(WSRM_MESSAGE_SERVICE.path, fetchEnvelope(sequence, akasse('22'))),
    checks: [...CHECKS_OF_EVERY_CALL, ...CHECKS_OF_SEQUENCE_REQUEST, BODY_NOT_VALID, NO_SUCH_SEQUENCE],
  },
};

/** Which neighbours in the order no call can fail both: one undoes or hides the other. */
const IMPOSSIBLE = ['no certificate / unknown certificate', 'no SequenceRequest / SequenceRequest twice'];

describe('the order of checks of a transfer', () => {
  let service: TestService;
  let sequence: string;
  before(async () => {
    service = await startQueueService();
    await saveOne(service, member('22', 1));
    ({ identifier: sequence } = await transfersOf(service, '22').create());
  });
  after(() => service.stop());

  for (const [operation, { make, checks }] of Object.entries(OPERATIONS)) {
    describe(operation, () => {
      for (const check of checks) {
        it(`${check.code} (${check.name}), alone`, async () => {
          expectRefusal(await faultOf(service, check.spoil(make(sequence))), check);
        });
      }

      checks.forEach((earlier, index) => {
        for (const later of checks.slice(index + 1)) {
          // What can be spoilt does not depend on which sequence it is.
          if (spoilBoth(make('0aa7c1e5-91b4-4d36-b2c8-5e6f7a8b9c0d'), earlier, later) === undefined) continue;
          it(`${earlier.code} (${earlier.name}) comes before ${later.code} (${later.name})`, async () => {
            expectRefusal(await faultOf(service, spoilBoth(make(sequence), earlier, later)!), earlier);
          });
        }
      });

      it('is proved for all neighbours but those that no call can fail both', () => {
        const unproved = checks.slice(1).flatMap((later, index) => {
          const earlier = checks[index]!;
          return spoilBoth(make(sequence), earlier, later) === undefined
            ? [`${earlier.name} / ${later.name}`]
            : [];
        });
        expect(IMPOSSIBLE).to.include.members(unproved);
      });
    });
  }

  it('nothing of all this has touched the sequence: it still hands out what it holds', async () => {
    const { messageIdentifiers } = await transfersOf(service, '22').fetch(sequence);
    expect(messageIdentifiers).to.have.length(1);
  });
});

const wsrm = (xml: string): string =>
  xml.replace(/^<SequenceRequest/, '<SequenceRequest xmlns="http://docs.oasis-open.org/ws-rx/wsrm/200602"');
const withHeader = (body: string, ...headers: string[]): string =>
  body.replace('</s:Header>', `${headers.map(wsrm).join('')}</s:Header>`);

describe('SequenceRequest on an operation that does not need it', () => {
  const HEADERS: Readonly<Record<string, readonly string[]>> = {
    'that is valid': [
      '<SequenceRequest><Identifier>0aa7c1e5-91b4-4d36-b2c8-5e6f7a8b9c0d</Identifier></SequenceRequest>',
    ],
    'that is empty': ['<SequenceRequest/>'],
    'that holds the unset GUID': [
      '<SequenceRequest><Identifier>00000000-0000-0000-0000-000000000000</Identifier></SequenceRequest>',
    ],
    'that holds anything': ['<SequenceRequest antal="3">hvad<x xmlns="urn:x"/></SequenceRequest>'],
    'that is there twice': ['<SequenceRequest/>', '<SequenceRequest/>'],
  };
  let service: TestService;
  before(async () => {
    service = await startQueueService();
  });
  after(() => service.stop());

  Object.entries(HEADERS).forEach(([what, headers], nr) => {
    it(`${what} is ignored by each of them`, async () => {
      await saveOne(service, member('22', nr));
      const post = async (path: string, body: string, caller = 'akasse-22') => {
        const answer = await send(service, { caller, path, body: withHeader(body, ...headers) });
        expect(readFault(answer.body), path).to.equal(undefined);
        return answer.body;
      };
      await post(PENSION_SERVICE.path, getEnvelope(member('22', nr)), 'udk');
      const create = async () =>
        textOf(await post(WSRM_SERVICE.path, createEnvelope(akasse('22'))), 'Identifier')!;
      await post(WSRM_SERVICE.path, closeEnvelope(await create(), akasse('22')));
      await post(WSRM_SERVICE.path, terminateEnvelope(await create(), akasse('22')));
    });
  });
});
