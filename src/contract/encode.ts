// From typed objects to the XML of bodies, headers and faults, in the order of the schemas and with escapes.

import { FEJLKATALOG, type Fejl } from './fejlkatalog.ts';
import { maskPersonnumre } from './mask.ts';
import {
  type ActiveOrganisation,
  type CreateSequenceResponse,
  type KompensationMessage,
  type OvergangMessage,
  REGISTRATION_TYPES,
  type RequestUserMetadata,
  type ResponseOf,
  type SaveTidligPensionRequest,
  type SequenceName,
  type TidligPensionRegistration,
} from './messages.ts';
import { FAULT_DETAILS, HEADERS, NS, type OperationName } from './names.ts';

/** Prefix of the SOAP namespace in every envelope that leaves. */
export const SOAP_PREFIX = 's';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (character) => (isWritable(character) ? character : ''))
    .replace(/[&<>\r]/g, (character) => escapes[character]!);

/** XML 1.0 has no way to write the other control characters at all. */
const isWritable = (character: string): boolean =>
  '\t\n\r'.includes(character) || (character >= ' ' && character < '\uFFFE');

const leaf = (name: string, value: string | number | undefined): string =>
  value === undefined ? '' : `<${name}>${escapeText(String(value))}</${name}>`;

/** The children of the two blocks are in the namespace of PensionService wherever the blocks stand. */
const overgang = (block: OvergangMessage | undefined, prefix = ''): string =>
  block === undefined
    ? ''
    : `<OvergangTilTidligPension>${
        leaf(`${prefix}TidligPensionOvergangsdato`, block.TidligPensionOvergangsdato) +
        leaf(`${prefix}TidligPensionAfgoerelsesdato`, block.TidligPensionAfgoerelsesdato) +
        leaf(`${prefix}TidligPensionOphoersdato`, block.TidligPensionOphoersdato)
      }</OvergangTilTidligPension>`;

const kompensation = (block: KompensationMessage | undefined, prefix = ''): string =>
  block === undefined
    ? ''
    : `<Kompensationsudbetaling>${leaf(`${prefix}Kompensationsafgoerelsesdato`, block.Kompensationsafgoerelsesdato)}</Kompensationsudbetaling>`;

const pensionElement = (name: string, content: string): string =>
  `<${name} xmlns="${NS.pension}">${content}</${name}>`;

const wsrmElement = (name: string, content: string): string =>
  `<${name} xmlns="${NS.wsrm}">${content}</${name}>`;

const sequenceName =
  (element: string) =>
  ({ Identifier }: SequenceName): string =>
    wsrmElement(element, leaf('Identifier', Identifier));

const createSequenceResponse = (response: CreateSequenceResponse): string =>
  wsrmElement(
    'CreateSequenceResponse',
    `${leaf('Identifier', response.Identifier)}<ServiceInventoryCollection>${response.ServiceInventoryCollection.ServiceItem.map(
      (item) =>
        `<ServiceItem>${
          leaf('ServiceName', item.ServiceName) +
          leaf('ServiceEndpoint', item.ServiceEndpoint) +
          leaf('MessageCount', item.MessageCount)
        }</ServiceItem>`,
    ).join('')}</ServiceInventoryCollection>`,
  );

/** Prefixes, declared once for all beskeder of an answer. */
const PENSION_PREFIX = 'p:';
const METADATA_PREFIX = 'm:';

/** Throws for a RegistrationType that must never leave. */
function registration(besked: TidligPensionRegistration): string {
  if (!REGISTRATION_TYPES.includes(besked.RegistrationType)) {
    throw new Error(`a besked is Create or Update, never ${besked.RegistrationType}`);
  }
  return `<TidligPensionRegistration>${leaf('MessageIdentifier', besked.MessageIdentifier)}<RequestUserMetadata>${encodeRequestUserMetadataContent(
    besked.RequestUserMetadata,
    METADATA_PREFIX,
  )}</RequestUserMetadata>${
    leaf('RegistrationType', besked.RegistrationType) +
    leaf('EventDate', besked.EventDate) +
    leaf('Personnummer', besked.Personnummer) +
    leaf('TidligPensionIdentifier', besked.TidligPensionIdentifier) +
    overgang(besked.OvergangTilTidligPension, PENSION_PREFIX) +
    kompensation(besked.Kompensationsudbetaling, PENSION_PREFIX)
  }</TidligPensionRegistration>`;
}

const responses: { readonly [O in OperationName]: (response: ResponseOf[O]) => string } = {
  SaveTidligPension: (response) =>
    pensionElement(
      'SaveTidligPensionResponse',
      leaf('CreatedItemIdentifier', response.CreatedItemIdentifier),
    ),
  GetTidligPension: (response) =>
    pensionElement(
      'GetTidligPensionResponse',
      response.TidligPension.map(
        (one) =>
          `<TidligPension>${leaf('TidligPensionIdentifier', one.TidligPensionIdentifier)}${overgang(
            one.OvergangTilTidligPension,
          )}${kompensation(one.Kompensationsudbetaling)}</TidligPension>`,
      ).join(''),
    ),
  CreateSequence: createSequenceResponse,
  CloseSequence: sequenceName('CloseSequenceResponse'),
  TerminateSequence: sequenceName('TerminateSequenceResponse'),
  GetTidligPensionVersion1: ({ TidligPensionRegistration: beskeder }) =>
    `<GetTidligPensionVersion1Response xmlns="${NS.wsrmMessage}" xmlns:p="${NS.pension}" xmlns:m="${NS.requestUserMetadata}">${beskeder
      .map(registration)
      .join('')}</GetTidligPensionVersion1Response>`,
};

/** The body element of an operation's answer. */
export const encodeResponse = <O extends OperationName>(operation: O, response: ResponseOf[O]): string =>
  responses[operation](response);

/** The body element of a Save, as a client sends it. */
export const encodeSaveRequest = (request: SaveTidligPensionRequest): string =>
  pensionElement(
    'SaveTidligPensionRequest',
    leaf('Personnummer', request.Personnummer) +
      leaf('TidligPensionIdentifier', request.TidligPensionIdentifier) +
      overgang(request.OvergangTilTidligPension) +
      kompensation(request.Kompensationsudbetaling),
  );

/** The body element of a Get, as a client sends it. */
export const encodeGetRequest = (request: { readonly Personnummer: string }): string =>
  pensionElement('GetTidligPensionRequest', leaf('Personnummer', request.Personnummer));

/** The body element of each WSRM operation, as a client sends it. */
export const encodeCreateSequence = (): string => wsrmElement('CreateSequence', '');
export const encodeCloseSequence = sequenceName('CloseSequence');
export const encodeTerminateSequence = sequenceName('TerminateSequence');
export const encodeGetTidligPensionVersion1 = (): string =>
  `<GetTidligPensionVersion1Request xmlns="${NS.wsrmMessage}"/>`;

/** The headers that name a sequence, as elements: of a request for its beskeder, and of the answer. */
export const encodeSequenceRequest = sequenceName(HEADERS.sequenceRequest.name);
export const encodeSequenceResponse = sequenceName(HEADERS.sequenceResponse.name);

/** ActiveOrganisationHeader as an element. */
export const encodeActiveOrganisation = (header: ActiveOrganisation): string =>
  `<${HEADERS.activeOrganisation.name} xmlns="${NS.activeOrganisation}">${
    leaf('OrganisationTypeIdentifier', header.OrganisationTypeIdentifier) +
    leaf('OrganisationCode', header.OrganisationCode)
  }</${HEADERS.activeOrganisation.name}>`;

const codeListItem = (value: number): string =>
  `<CodeListItemIdentifier xmlns="${NS.codeList}">${value}</CodeListItemIdentifier>`;

/**
 * The content of an element of type RequestUserMetadataType, without the element itself. `prefix` is that of the
 * namespace of the type, where it is not the default one.
 */
function encodeRequestUserMetadataContent(metadata: RequestUserMetadata, prefix = ''): string {
  const user = metadata.RequestUserStructure;
  const organisation = metadata.RequestOrganisationStructure;
  return (
    `<RequestUserStructure xmlns="${NS.requestUser}">${leaf('UserFullName', user.UserFullName)}` +
    `<RequestUserTypeIdentifier xmlns="${NS.requestUserType}">${codeListItem(user.RequestUserTypeIdentifier.CodeListItemIdentifier)}</RequestUserTypeIdentifier>` +
    `${leaf('UserIdentifier', user.UserIdentifier)}${leaf('UserEmail', user.UserEmail)}</RequestUserStructure>` +
    `<RequestOrganisationStructure xmlns="${NS.requestOrganisation}">` +
    `<OrganisationTypeIdentifier>${codeListItem(organisation.OrganisationTypeIdentifier.CodeListItemIdentifier)}</OrganisationTypeIdentifier>` +
    `${leaf('OrganisationCode', organisation.OrganisationCode)}</RequestOrganisationStructure>` +
    leaf(`${prefix}RegistrationDateTime`, metadata.RegistrationDateTime)
  );
}

/** RequestUserMetadataHeader as an element. */
export const encodeRequestUserMetadata = (metadata: RequestUserMetadata): string =>
  `<${HEADERS.requestUserMetadata.name} xmlns="${NS.requestUserMetadata}">${encodeRequestUserMetadataContent(metadata)}</${HEADERS.requestUserMetadata.name}>`;

/** What a fault consists of: two texts, and the XML inside `detail`. Personnumre are masked on the way out. */
export function faultParts(
  refusal: Fejl,
  source: string,
): { faultcode: string; faultstring: string; detailXml: string } {
  const { tekst, skyld } = FEJLKATALOG[refusal.kode];
  return {
    faultcode: `${SOAP_PREFIX}:${refusal.faultcode ?? skyld}`,
    faultstring: tekst,
    detailXml:
      `<${FAULT_DETAILS.name} xmlns="${FAULT_DETAILS.namespace}">${leaf('ErrorCode', refusal.kode)}` +
      `${leaf('Message', maskPersonnumre(refusal.message))}${leaf('Source', source)}</${FAULT_DETAILS.name}>`,
  };
}

/** A fault as a body element. `source` is the correlation id of the call. */
export function encodeFault(refusal: Fejl, source: string): string {
  const { faultcode, faultstring, detailXml } = faultParts(refusal, source);
  return `<${SOAP_PREFIX}:Fault>${leaf('faultcode', faultcode)}${leaf('faultstring', faultstring)}<detail>${detailXml}</detail></${SOAP_PREFIX}:Fault>`;
}

/** A whole envelope around body content, and header content if there is any. */
export const encodeEnvelope = (body: string, header = ''): string =>
  `<?xml version="1.0" encoding="utf-8"?><${SOAP_PREFIX}:Envelope xmlns:${SOAP_PREFIX}="${NS.soap}">${
    header && `<${SOAP_PREFIX}:Header>${header}</${SOAP_PREFIX}:Header>`
  }<${SOAP_PREFIX}:Body>${body}</${SOAP_PREFIX}:Body></${SOAP_PREFIX}:Envelope>`;
