// From typed objects to the XML of bodies, headers and faults, in the order of the schemas and with escapes.

import { FEJLKATALOG, type Fejl } from './fejlkatalog.ts';
import { maskPersonnumre } from './mask.ts';
import type {
  ActiveOrganisation,
  KompensationMessage,
  OvergangMessage,
  RequestUserMetadata,
  ResponseOf,
  SaveTidligPensionRequest,
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

const overgang = (block: OvergangMessage | undefined): string =>
  block === undefined
    ? ''
    : `<OvergangTilTidligPension>${
        leaf('TidligPensionOvergangsdato', block.TidligPensionOvergangsdato) +
        leaf('TidligPensionAfgoerelsesdato', block.TidligPensionAfgoerelsesdato) +
        leaf('TidligPensionOphoersdato', block.TidligPensionOphoersdato)
      }</OvergangTilTidligPension>`;

const kompensation = (block: KompensationMessage | undefined): string =>
  block === undefined
    ? ''
    : `<Kompensationsudbetaling>${leaf('Kompensationsafgoerelsesdato', block.Kompensationsafgoerelsesdato)}</Kompensationsudbetaling>`;

const pensionElement = (name: string, content: string): string =>
  `<${name} xmlns="${NS.pension}">${content}</${name}>`;

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

/** ActiveOrganisationHeader as an element. */
export const encodeActiveOrganisation = (header: ActiveOrganisation): string =>
  `<${HEADERS.activeOrganisation.name} xmlns="${NS.activeOrganisation}">${
    leaf('OrganisationTypeIdentifier', header.OrganisationTypeIdentifier) +
    leaf('OrganisationCode', header.OrganisationCode)
  }</${HEADERS.activeOrganisation.name}>`;

const codeListItem = (value: number): string =>
  `<CodeListItemIdentifier xmlns="${NS.codeList}">${value}</CodeListItemIdentifier>`;

/** The content of an element of type RequestUserMetadataType, without the element itself. */
export function encodeRequestUserMetadataContent(metadata: RequestUserMetadata): string {
  const user = metadata.RequestUserStructure;
  const organisation = metadata.RequestOrganisationStructure;
  return (
    `<RequestUserStructure xmlns="${NS.requestUser}">${leaf('UserFullName', user.UserFullName)}` +
    `<RequestUserTypeIdentifier xmlns="${NS.requestUserType}">${codeListItem(user.RequestUserTypeIdentifier.CodeListItemIdentifier)}</RequestUserTypeIdentifier>` +
    `${leaf('UserIdentifier', user.UserIdentifier)}${leaf('UserEmail', user.UserEmail)}</RequestUserStructure>` +
    `<RequestOrganisationStructure xmlns="${NS.requestOrganisation}">` +
    `<OrganisationTypeIdentifier>${codeListItem(organisation.OrganisationTypeIdentifier.CodeListItemIdentifier)}</OrganisationTypeIdentifier>` +
    `${leaf('OrganisationCode', organisation.OrganisationCode)}</RequestOrganisationStructure>` +
    leaf('RegistrationDateTime', metadata.RegistrationDateTime)
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
