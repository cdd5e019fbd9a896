// Plain valid envelopes for tests whose point is elsewhere.

import {
  encodeActiveOrganisation,
  encodeCloseSequence,
  encodeCreateSequence,
  encodeEnvelope,
  encodeGetRequest,
  encodeGetTidligPensionVersion1,
  encodeRequestUserMetadata,
  encodeSaveRequest,
  encodeSequenceRequest,
  encodeTerminateSequence,
} from '../../src/contract/encode.ts';
import type { RequestUserMetadata, SaveTidligPensionRequest } from '../../src/contract/messages.ts';

/** Who calls, as the headers say it: organisation type and code. */
export interface HeaderOrganisation {
  readonly type: number;
  readonly code: string;
  /** Who is behind the call, by name; an experiment puts a mark there. */
  readonly user?: string;
}

export const UDK: HeaderOrganisation = { type: 50, code: '12345678' };
export const akasse = (code: string): HeaderOrganisation => ({ type: 2, code });

/** A RequestUserMetadataHeader that is valid for the organisation. */
export const metadataOf = ({
  type,
  code,
  user = 'prøvesystem : natkørsel',
}: HeaderOrganisation): RequestUserMetadata => ({
  RequestUserStructure: {
    UserFullName: user,
    RequestUserTypeIdentifier: { CodeListItemIdentifier: 3 },
    UserIdentifier: 'CVR:12345678-UUID:6e0ad0a7-a4b4-4b8b-9d0a-3f6c1c1f4f11',
  },
  RequestOrganisationStructure: {
    OrganisationTypeIdentifier: { CodeListItemIdentifier: type },
    OrganisationCode: code,
  },
  RegistrationDateTime: '2026-04-30T15:06:58.9218786+02:00',
});

const headersOf = (organisation: HeaderOrganisation): string =>
  encodeRequestUserMetadata(metadataOf(organisation)) +
  encodeActiveOrganisation({
    OrganisationTypeIdentifier: organisation.type,
    OrganisationCode: organisation.code,
  });

/** A whole envelope of a Save. */
export const saveEnvelope = (request: SaveTidligPensionRequest, organisation = UDK): string =>
  encodeEnvelope(encodeSaveRequest(request), headersOf(organisation));

/** A whole envelope of a Get. */
export const getEnvelope = (personnummer: string, organisation = UDK): string =>
  encodeEnvelope(encodeGetRequest({ Personnummer: personnummer }), headersOf(organisation));

/** Whole envelopes of the four calls of a transfer. */
export const createEnvelope = (organisation: HeaderOrganisation): string =>
  encodeEnvelope(encodeCreateSequence(), headersOf(organisation));
export const terminateEnvelope = (Identifier: string, organisation: HeaderOrganisation): string =>
  encodeEnvelope(encodeTerminateSequence({ Identifier }), headersOf(organisation));
export const closeEnvelope = (Identifier: string, organisation: HeaderOrganisation): string =>
  encodeEnvelope(encodeCloseSequence({ Identifier }), headersOf(organisation));
export const fetchEnvelope = (Identifier: string, organisation: HeaderOrganisation): string =>
  encodeEnvelope(
    encodeGetTidligPensionVersion1(),
    headersOf(organisation) + encodeSequenceRequest({ Identifier }),
  );
