// A certificate over which its judge stumbles: the call has an answer and an entry all the same.

import { createServer, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import type { Trust } from '../../src/access/certificates/trust.ts';
import type { Organisationer } from '../../src/access/organisationer.ts';
import { systemPorts } from '../../src/domain/ports.ts';
import { makeCallers } from '../../src/soap/caller.ts';
import { certificate } from '../support/pki.ts';

describe('a caller who cannot be judged', () => {
  it('is answered 1011, with what is known of the certificate, and the log says why', async () => {
    const { pem } = await certificate();
    const lines: object[] = [];
    const note = (message: string, fields?: object): void => void lines.push({ message, ...fields });
    const trust: Trust = {
      remarks: [],
      problemOf() {
        throw new Error('an odd key');
      },
    };
    const callers = makeCallers(createServer(), {
      callers: { trust: () => trust, proxy: { header: 'x-client-cert', from: ['127.0.0.1'] } },
      organisationer: () => ({}) as Organisationer,
      ports: systemPorts,
      log: { error: note, warn: note, info: note, debug: note },
    });
    const request = {
      rawHeaders: ['x-client-cert', encodeURIComponent(pem)],
      socket: { remoteAddress: '127.0.0.1' },
    } as unknown as IncomingMessage;
    const { identitet, facts } = callers.of(request, 'a-call');
    expect(!identitet.ok && identitet.fejl.kode).to.equal(1011);
    expect(facts.certificate).to.match(/^[0-9a-f]{64}$/);
    expect(lines).to.deep.equal([
      {
        message: 'a certificate could not be judged',
        correlationId: 'a-call',
        error: 'Error: an odd key',
        ...facts,
      },
    ]);
  });
});
