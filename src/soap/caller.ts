// Who makes a request: nobody known with TLS off, the certificate of the connection, or the one that a proxy hands
// over.

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ClientCertificate } from '../access/certificates/client-certificate.ts';
import type { Trust } from '../access/certificates/trust.ts';
import { type Identitet, identify, logonFailed, TLS_OFF } from '../access/identitet.ts';
import type { Organisationer } from '../access/organisationer.ts';
import { afvist, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { Ports } from '../domain/ports.ts';
import { plainAddress } from './addresses.ts';
import { rememberCertificates } from './client-certificates.ts';
import type { Log } from './log.ts';
import { type Presented, type ProxySettings, readProxyHeader } from './proxy-certificate.ts';

/** How callers are known: not at all, or by a certificate, of the connection unless a proxy is named. */
export type KnownBy = 'off' | { readonly trust: () => Trust; readonly proxy?: ProxySettings };

export interface CallersParts {
  readonly callers: KnownBy;
  readonly organisationer: () => Organisationer;
  readonly ports: Ports;
  readonly log: Log;
}

/** What the audit entry of a refused caller says of it: the certificate, or else the address. */
export interface CallerFacts {
  readonly certificate?: string;
  readonly adresse?: string;
}

/** The verdict on a caller, and what is known of it. */
export interface Caller {
  readonly identitet: Resultat<Identitet>;
  readonly facts: CallerFacts;
}

export interface Callers {
  /** Judges who makes a request. */
  of(request: IncomingMessage, correlationId: string): Caller;
  /** What is known of a connection whose certificate TLS itself cannot take. */
  factsOf(socket: Duplex): CallerFacts;
}

/** Makes the judge of the callers of one server. */
export function makeCallers(server: Server, { callers, organisationer, ports, log }: CallersParts): Callers {
  const certificateOf = rememberCertificates(server);
  const presented: (request: IncomingMessage) => Presented =
    callers !== 'off' && callers.proxy !== undefined
      ? readProxyHeader(callers.proxy)
      : ({ socket }) => ({ certificate: certificateOf(socket) });
  return {
    of(request, correlationId) {
      if (callers === 'off') return { identitet: ok(TLS_OFF), facts: {} };
      const found = presented(request);
      if ('problem' in found) {
        const facts = factsOf(undefined, request.socket);
        log.warn('certificate of a proxy refused', { correlationId, problem: found.problem, ...facts });
        return { identitet: afvist(logonFailed(found.problem)), facts };
      }
      const facts = factsOf(found.certificate, request.socket);
      try {
        const judges = { trust: callers.trust(), organisationer: organisationer() };
        return { identitet: identify(found.certificate, judges, ports.now()), facts };
      } catch (error) {
        // A certificate over which that stumbles is no reason to leave a call without its answer.
        log.error('a certificate could not be judged', { correlationId, error: String(error), ...facts });
        return { identitet: afvist(fejl(1011, 'The client certificate could not be judged.')), facts };
      }
    },
    factsOf: (socket) => factsOf(certificateOf(socket), socket),
  };
}

function factsOf(certificate: ClientCertificate | undefined, socket: Duplex): CallerFacts {
  if (certificate !== undefined) return { certificate: certificate.fingerprint };
  const { remoteAddress } = socket as Duplex & { readonly remoteAddress?: string };
  return remoteAddress === undefined ? {} : { adresse: plainAddress(remoteAddress) };
}

/** Whose a connection is: that of its certificate, or else of its address. */
export const ownerOf = ({ certificate, adresse }: CallerFacts): string | undefined => certificate ?? adresse;
