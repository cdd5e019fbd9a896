// A service whose authorities, revocation lists and systems are a test's own, and may be changed while it runs; and a
// client that calls it with any certificate.

import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault } from './answers.ts';
import { getEnvelope, UDK } from './envelopes.ts';
import type { Party } from './pki.ts';
import { demoWorld, startTestService, type TestService } from './service.ts';
import { tempDir } from './temp.ts';

/** A citizen of the tests. */
const BORGER = '2902610001';

/** What is trusted, and who is known. */
export interface Trusted {
  readonly authorities: readonly Pick<Party, 'pem'>[];
  /** Revocation lists; empty for a service without. */
  readonly lists?: readonly string[];
  /** Certificates of the one system, which is UDK. */
  readonly known: readonly Pick<Party, 'x509'>[];
}

export interface TrustingService extends TestService {
  readonly files: { readonly ca: string; readonly crl: string; readonly organisationer: string };
  /** Writes the files anew, those that are given. The service is not told. */
  write(trusted: Partial<Trusted>): void;
}

/** Starts one. */
export async function startTrusting(
  trusted: Trusted,
  env: Readonly<Record<string, string>> = {},
): Promise<TrustingService> {
  const dir = tempDir();
  const files = {
    ca: path.join(dir, 'ca.pem'),
    crl: path.join(dir, 'crl.pem'),
    organisationer: path.join(dir, 'organisationer.json'),
  };
  const world = await demoWorld();
  const write = ({ authorities, lists, known }: Partial<Trusted>): void => {
    if (authorities) writeFileSync(files.ca, authorities.map(({ pem }) => pem).join(''));
    if (lists) writeFileSync(files.crl, lists.join(''));
    if (known) writeFileSync(files.organisationer, organisationerOf(world, known));
  };
  write(trusted);
  const service = await startTestService({
    PENSION_TLS_CA: files.ca,
    PENSION_TLS_CRL: trusted.lists ? files.crl : '',
    PENSION_ORGANISATIONER: files.organisationer,
    ...env,
  });
  return { ...service, files, write };
}

/** The reference data of the demo world, with other certificates for UDK. */
function organisationerOf(world: string, known: Trusted['known']): string {
  const demo = JSON.parse(readFileSync(path.join(world, 'organisationer.json'), 'utf8'));
  const { organisations } = demo.systems.find(({ name }: { name: string }) => name === 'udk');
  const systems = known.map(({ x509 }, at) => ({
    name: `udk ${at}`,
    fingerprint256: x509.fingerprint256,
    organisations,
  }));
  return JSON.stringify({ ...demo, systems });
}

/** What came of a call. */
export interface Outcome {
  readonly status: number;
  /** Of the fault; undefined when there was none. */
  readonly errorCode: number | undefined;
  readonly message: string;
  /** Whether the TLS session was an earlier one. */
  readonly isResumed: boolean;
  /** The port of the client: the same on a connection that was kept. */
  readonly port: number;
}

/** Calls as UDK with one certificate. */
export class Caller {
  readonly #url: string;
  readonly #agent: https.Agent;

  /** `sends` is what it presents: nothing, or a certificate with the authorities to send along. */
  constructor(
    service: TestService,
    sends: { readonly own: Pick<Party, 'pem' | 'key'>; readonly along?: readonly Party[] } | undefined,
    options: https.AgentOptions = {},
  ) {
    const ca = readFileSync(path.join(service.world, 'ca.pem'));
    const cert = sends && [sends.own, ...(sends.along ?? [])].map(({ pem }) => pem).join('');
    this.#url = service.url + PENSION_SERVICE.path;
    this.#agent = new https.Agent({
      keepAlive: false,
      ca,
      ...(sends && { cert, key: sends.own.key }),
      ...options,
    });
  }

  /** Reads a citizen. Rejects when the connection fails. */
  call(headers: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const request = https.request(
        this.#url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: { 'Content-Type': 'text/xml; charset=utf-8', ...headers },
        },
        (response) => outcomeOf(response).then(resolve, reject),
      );
      request.on('error', reject);
      request.end(getEnvelope(BORGER, UDK));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function outcomeOf(response: IncomingMessage): Promise<Outcome> {
  const socket = response.socket as TLSSocket;
  const [isResumed, port] = [socket.isSessionReused(), socket.localPort!];
  const body = Buffer.concat(await response.toArray()).toString('utf8');
  const fault = readFault(body);
  return {
    status: response.statusCode!,
    errorCode: fault?.errorCode,
    message: fault?.message ?? '',
    isResumed,
    port,
  };
}
