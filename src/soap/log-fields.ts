// What the log says of an exchange: who, what and how it ended, and nothing that could be a personnummer.

import { maskPersonnumre } from '../contract/mask.ts';
import type { EndpointAnswer } from './endpoint.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/** Nobody is there to be answered. */
export const WENT_AWAY: LogFields = { outcome: 'the client went away' };

/** Of a call that was answered. */
export const callFields = ({ status, kald, fejl: refusal }: EndpointAnswer): LogFields => ({
  status,
  operation: kald.operation,
  system: kald.system,
  organisation:
    kald.activeOrganisation &&
    // The code is the client's text until access has judged it.
    maskPersonnumre(
      `${kald.activeOrganisation.OrganisationTypeIdentifier}:${kald.activeOrganisation.OrganisationCode}`,
    ),
  fejlkode: refusal?.kode,
  certificate: refusal?.kode === 1012 ? kald.certificate : undefined,
  adresse: kald.adresse,
});

/** A path: short, and without a digit, for a client may write anything there. */
export const loggedPath = (url: string): string =>
  url
    .split('?')[0]!
    .slice(0, 100)
    .replace(/[0-9%]/g, '#');
