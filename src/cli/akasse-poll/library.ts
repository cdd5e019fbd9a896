// What `pension-service/akasse` gives an a-kasse for a program of its own: the queue of `pension akasse poll`, with its
// own code as the place where beskeder are kept.

import { createSecureContext } from 'node:tls';
import type { Target } from '../client/target.ts';
import { makeWsrmClient, type WsrmClient } from '../client/wsrm-client.ts';

export { DELAYS, type Delays } from '../client/retries.ts';
export type { CallResult, Failure } from '../client/soap-client.ts';
export type { WsrmClient } from '../client/wsrm-client.ts';
export type { Besked } from './besked.ts';
export { explainPollFailure, mayPass, type PollFailure } from './failure.ts';
export { type BeskedFile, type KeepCounts, openBeskedFile } from './output-file.ts';
export {
  type PollOptions,
  type PollResult,
  pollBeskeder,
  type WatchOptions,
  watchBeskeder,
} from './poll.ts';

/** Where the queue is and as whom it is emptied. */
export interface AkasseClientOptions {
  /** Scheme, host and port of the service, for instance `https://pension.example:8443`. */
  readonly url: string;
  /** PEM texts, not paths: the certificate of the a-kasse's system, its private key, who issued the service's. */
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  /** The a-kasse: the number of its organisation type, and its two digits. */
  readonly organisation: { readonly type: number; readonly code: string };
  /** The name of your program, as the service's audit trail shows it; `akasse` by default. */
  readonly program?: string;
}

/**
 * Makes a client for the queue of one a-kasse, with one connection that is kept open until `disconnect`. Rejects with
 * TypeError for an address that is not scheme, host and port, and for PEM texts that are missing or unusable; nothing
 * is called yet.
 */
export async function makeAkasseClient(options: AkasseClientOptions): Promise<WsrmClient> {
  const { url, cert, key, ca, organisation, program = 'akasse' } = options;
  const origin = URL.canParse(url) ? new URL(url).origin : '';
  if (!/^https?:/.test(origin) || `${origin}/` !== new URL(url).href)
    throw new TypeError('url must be scheme, host and port, for instance https://pension.example:8443');
  const target: Target = {
    url: origin,
    ...(origin.startsWith('https:') && { tls: checkedTls(cert, key, ca) }),
    organisation: { OrganisationTypeIdentifier: organisation.type, OrganisationCode: organisation.code },
  };
  return makeWsrmClient(target, program);
}

function checkedTls(cert?: string, key?: string, ca?: string): NonNullable<Target['tls']> {
  if (cert === undefined || key === undefined || ca === undefined)
    throw new TypeError('cert, key and ca are needed for https, as PEM texts');
  try {
    createSecureContext({ cert, key, ca });
  } catch (error) {
    throw new TypeError(`cert, key or ca cannot be used: ${(error as Error).message}`);
  }
  return { cert, key, ca };
}
