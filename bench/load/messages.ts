// What the load asks: Saves and Gets of citizens of its own, each time of another one, as text that is ready to send.

import {
  encodeActiveOrganisation,
  encodeEnvelope,
  encodeGetRequest,
  encodeRequestUserMetadata,
  encodeSaveRequest,
} from '../../src/contract/encode.ts';
import type { RequestUserMetadata } from '../../src/contract/messages.ts';

/** What a client of the load asks. */
export type Asked = 'save' | 'get';

/** A user of UDK, as the header that every call must have says it. */
export const METADATA: RequestUserMetadata = {
  RequestUserStructure: {
    UserFullName: 'Bodil Kjær',
    RequestUserTypeIdentifier: { CodeListItemIdentifier: 2 },
    UserIdentifier: 'CVR:12345678-UUID:6e0ad0a7-a4b4-4b8b-9d0a-3f6c1c1f4f11',
  },
  RequestOrganisationStructure: {
    OrganisationTypeIdentifier: { CodeListItemIdentifier: 50 },
    OrganisationCode: '12345678',
  },
  RegistrationDateTime: '2026-04-30T15:06:58.9218786+02:00',
};
const HEADERS =
  encodeRequestUserMetadata(METADATA) +
  encodeActiveOrganisation({ OrganisationTypeIdentifier: 50, OrganisationCode: '12345678' });

const DAYS = 28;
const MONTHS = 12;
const SERIALS = 10_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** The citizen of that number, below 33 600 000. Neighbours are neighbours in a store that is sorted by it, too. */
export function citizen(number: number): string {
  const date = Math.floor(number / SERIALS);
  const [day, month, year] = [
    date % DAYS,
    Math.floor(date / DAYS) % MONTHS,
    Math.floor(date / DAYS / MONTHS),
  ];
  return `${two(1 + day)}${two(1 + month)}${two(year)}${String(number % SERIALS).padStart(4, '0')}`;
}

/** A stride through so many citizens that comes to each of them once before it comes to one again. */
export const strideOf = (citizens: number): number => {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b));
  let stride = Math.floor(citizens * 0.618) | 1;
  while (divides(stride, citizens) !== 1) stride += 2;
  return stride;
};

/** The first year in which a citizen of the prepared store has nothing. */
export const FIRST_FREE_YEAR = 2030;

/** A Save of a new forløb that lasts for that year. */
export const saveMessage = (personnummer: string, year: number): string =>
  encodeEnvelope(
    encodeSaveRequest({
      Personnummer: personnummer,
      OvergangTilTidligPension: {
        TidligPensionOvergangsdato: `${year}-02-01`,
        TidligPensionAfgoerelsesdato: '2026-11-20',
        TidligPensionOphoersdato: `${year}-11-30`,
      },
    }),
    HEADERS,
  );

/** A Get of what the citizen has. */
export const getMessage = (personnummer: string): string =>
  encodeEnvelope(encodeGetRequest({ Personnummer: personnummer }), HEADERS);
