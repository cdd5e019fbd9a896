// From valid sections to plain typed objects. The schema has already vouched for every field read here.

import type {
  ActiveOrganisation,
  GetTidligPensionRequest,
  KompensationMessage,
  OvergangMessage,
  RequestOf,
  RequestUserMetadata,
  SaveTidligPensionRequest,
  SequenceName,
} from './messages.ts';
import type { OperationName } from './names.ts';
import { childElements, type Element } from './xml.ts';

type Children = ReadonlyMap<string, Element>;

const childrenOf = (element: Element): Children =>
  new Map(childElements(element).map((child) => [child.name, child]));

/** Text of a string type: white space belongs to it. */
const text = (element: Element): string => element.content;
/** Text of a date, time or number: white space around it does not count. */
const collapsed = (element: Element): string => element.content.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
const number = (element: Element): number => Number(collapsed(element));

const optional = <K extends string, T>(
  children: Children,
  name: K,
  read: (element: Element) => T,
): { readonly [key in K]?: T } => {
  const element = children.get(name);
  return element === undefined ? {} : ({ [name]: read(element) } as { [key in K]: T });
};

const child = (children: Children, name: string): Element => {
  const element = children.get(name);
  if (element === undefined) throw new Error(`decoding and schema disagree: ${name} is required`);
  return element;
};

function overgang(element: Element): OvergangMessage {
  const c = childrenOf(element);
  return {
    TidligPensionOvergangsdato: collapsed(child(c, 'TidligPensionOvergangsdato')),
    TidligPensionAfgoerelsesdato: collapsed(child(c, 'TidligPensionAfgoerelsesdato')),
    ...optional(c, 'TidligPensionOphoersdato', collapsed),
  };
}

const kompensation = (element: Element): KompensationMessage => ({
  Kompensationsafgoerelsesdato: collapsed(child(childrenOf(element), 'Kompensationsafgoerelsesdato')),
});

const blocks = (c: Children) => ({
  ...optional(c, 'OvergangTilTidligPension', overgang),
  ...optional(c, 'Kompensationsudbetaling', kompensation),
});

function saveRequest(payload: Element): SaveTidligPensionRequest {
  const c = childrenOf(payload);
  return {
    Personnummer: text(child(c, 'Personnummer')),
    ...optional(c, 'TidligPensionIdentifier', text),
    ...blocks(c),
  };
}

const getRequest = (payload: Element): GetTidligPensionRequest => ({
  Personnummer: text(child(childrenOf(payload), 'Personnummer')),
});

/** The one thing that Close, Terminate and the header SequenceRequest hold, from their valid element. */
export const decodeSequenceName = (element: Element): SequenceName => ({
  Identifier: text(child(childrenOf(element), 'Identifier')),
});

const requests: { readonly [O in OperationName]: (payload: Element) => RequestOf[O] } = {
  SaveTidligPension: saveRequest,
  GetTidligPension: getRequest,
  CreateSequence: () => ({}),
  CloseSequence: decodeSequenceName,
  TerminateSequence: decodeSequenceName,
  GetTidligPensionVersion1: () => ({}),
};

/** The request of an operation from its valid body element. */
export const decodeRequest = (operation: OperationName, payload: Element): RequestOf[OperationName] =>
  requests[operation](payload);

/** ActiveOrganisationHeader from its valid element. */
export function decodeActiveOrganisation(header: Element): ActiveOrganisation {
  const c = childrenOf(header);
  return {
    OrganisationTypeIdentifier: number(child(c, 'OrganisationTypeIdentifier')),
    OrganisationCode: text(child(c, 'OrganisationCode')),
  };
}

const codeListItem = (element: Element) => ({
  CodeListItemIdentifier: number(child(childrenOf(element), 'CodeListItemIdentifier')),
});

/** RequestUserMetadataHeader, or any element of its type, from its valid element. */
export function decodeRequestUserMetadata(header: Element): RequestUserMetadata {
  const c = childrenOf(header);
  const user = childrenOf(child(c, 'RequestUserStructure'));
  const organisation = childrenOf(child(c, 'RequestOrganisationStructure'));
  return {
    RequestUserStructure: {
      UserFullName: text(child(user, 'UserFullName')),
      RequestUserTypeIdentifier: codeListItem(child(user, 'RequestUserTypeIdentifier')),
      UserIdentifier: text(child(user, 'UserIdentifier')),
      ...optional(user, 'UserEmail', text),
    },
    RequestOrganisationStructure: {
      OrganisationTypeIdentifier: codeListItem(child(organisation, 'OrganisationTypeIdentifier')),
      OrganisationCode: text(child(organisation, 'OrganisationCode')),
    },
    RegistrationDateTime: collapsed(child(c, 'RegistrationDateTime')),
  };
}
