// The checks of a call in the order of the contract, each as a way to spoil a call so that exactly this check refuses
// it. docs/access.md is held to the order of this list.

import { expect } from 'chai';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { type ReadFault, readFault } from './answers.ts';
import { send } from './raw-client.ts';
import type { TestService } from './service.ts';

/** A call as the raw client sends it. */
export interface Call {
  /** PensionService when left out. */
  readonly path?: string;
  readonly caller: string;
  readonly soapAction: string;
  readonly body: string;
}

/** One check: its code, what the fault says, and how a call fails it. */
export interface Check {
  readonly code: number;
  readonly name: string;
  /** Matches `faultcode message`, for several checks share the code 1014. */
  readonly says: RegExp;
  readonly spoil: (call: Call) => Call;
}

const inBody =
  (pattern: RegExp | string, replacement: string) =>
  (call: Call): Call => ({ ...call, body: call.body.replace(pattern, replacement) });
const without = (header: string) => inBody(new RegExp(`<${header}[ >].*</${header}>`, 's'), '');
const calledBy = (caller: string) => (call: Call) => ({ ...call, caller });

/** The identifier of a forløb that belongs to a citizen whom the calls are not about. */
export const ANDENS_GUID = '6b1f7c1e-0000-4000-8000-000000000002';

/** What is judged before anything of the body is looked at. Holds of every operation of every service. */
export const CHECKS_OF_EVERY_CALL: readonly Check[] = [
  { code: 1101, name: 'no certificate', says: /^Client No client certificate/, spoil: calledBy('none') },
  { code: 1012, name: 'unknown certificate', says: /^Client Logon failed/, spoil: calledBy('ukendt') },
  {
    code: 1014,
    name: 'not well-formed',
    says: /^Client .*not well-formed/,
    spoil: inBody('</s:Envelope>', ''),
  },
  {
    code: 1014,
    name: 'another envelope',
    says: /^VersionMismatch /,
    spoil: inBody('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
  },
  {
    code: 1014,
    name: 'something behind the body',
    says: /^Client .*nothing after Body/,
    spoil: inBody('</s:Body>', '</s:Body><x xmlns="urn:x"/>'),
  },
  {
    code: 1014,
    name: 'a header that must be understood',
    says: /^MustUnderstand /,
    spoil: inBody('<s:Header>', '<s:Header><x:X xmlns:x="urn:x" s:mustUnderstand="1"/>'),
  },
  {
    code: 1014,
    name: 'no such operation',
    says: /^Client .*has no operation for it/,
    spoil: inBody(
      /((?:Save|Get)TidligPension(?:Version1)?Request|(?:Create|Close|Terminate)Sequence)(?=[ >])/g,
      'DeleteTidligPensionRequest',
    ),
  },
  {
    code: 1014,
    name: 'SOAPAction of nothing',
    says: /^Client The HTTP header SOAPAction/,
    spoil: (call) => ({ ...call, soapAction: `"${PENSION_SERVICE.operations[0]!.soapAction}s"` }),
  },
  {
    code: 8232,
    name: 'no ActiveOrganisationHeader',
    says: /ActiveOrganisationHeader is missing/,
    spoil: without('ActiveOrganisationHeader'),
  },
  {
    code: 8233,
    name: 'no RequestUserMetadataHeader',
    says: /RequestUserMetadataHeader is missing/,
    spoil: without('RequestUserMetadataHeader'),
  },
  {
    code: 8234,
    name: 'ActiveOrganisationHeader not valid',
    says: /ActiveOrganisationHeader/,
    spoil: inBody('</ActiveOrganisationHeader>', '<Ekstra/></ActiveOrganisationHeader>'),
  },
  {
    code: 8235,
    name: 'RequestUserMetadataHeader not valid',
    says: /UserFullName/,
    spoil: inBody(/<UserFullName>[^<]*</, '<UserFullName><'),
  },
  {
    code: 8173,
    name: 'organisation type in ActiveOrganisationHeader not in the list',
    says: /99 in ActiveOrganisationHeader/,
    spoil: inBody(/<OrganisationTypeIdentifier>\d+</, '<OrganisationTypeIdentifier>99<'),
  },
  {
    code: 8173,
    name: 'organisation type in RequestUserMetadataHeader not in the list',
    says: /98 in RequestOrganisationStructure/,
    spoil: inBody(/>\d+(<\/CodeListItemIdentifier><\/OrganisationTypeIdentifier>)/, '>98$1'),
  },
  {
    code: 8174,
    name: 'user type not in the list',
    says: /RequestUserTypeIdentifier 9/,
    spoil: inBody('>3</CodeListItemIdentifier>', '>9</CodeListItemIdentifier>'),
  },
  {
    code: 4413,
    name: 'organisation type not served',
    says: /type 7 in ActiveOrganisationHeader/,
    spoil: inBody(/<OrganisationTypeIdentifier>\d+</, '<OrganisationTypeIdentifier>7<'),
  },
  {
    code: 1013,
    name: 'not the organisation of the certificate',
    says: /certificate may not act/,
    spoil: inBody(/>[^<]*(<\/OrganisationCode><\/ActiveOrganisationHeader>)/, '>87654321$1'),
  },
];

export const BODY_NOT_VALID: Check = {
  code: 1014,
  name: 'body not valid',
  says: /^Client .*Ekstra/,
  spoil: inBody(/(<s:Body><\w+)/, '$1 Ekstra="1"'),
};

/** The checks of an operation about a citizen, as far as they are the same. */
export const CHECKS_ABOUT_A_CITIZEN: readonly Check[] = [
  ...CHECKS_OF_EVERY_CALL,
  BODY_NOT_VALID,
  {
    code: 1001,
    name: 'unknown cpr',
    says: /ten zeros/,
    spoil: inBody(/<Personnummer>\d+/, '<Personnummer>0000000000'),
  },
];

const SEQUENCE_REQUEST = /<SequenceRequest .*<\/SequenceRequest>/s;

/** The header that names the sequence, of an operation that needs it. */
export const CHECKS_OF_SEQUENCE_REQUEST: readonly Check[] = [
  {
    code: 1014,
    name: 'no SequenceRequest',
    says: /^Client .*SequenceRequest is missing/,
    spoil: inBody(SEQUENCE_REQUEST, ''),
  },
  {
    code: 1014,
    name: 'SequenceRequest twice',
    says: /^Client .*SequenceRequest.* twice/,
    spoil: inBody(SEQUENCE_REQUEST, '$&$&'),
  },
  {
    code: 1014,
    name: 'SequenceRequest not valid',
    says: /^Client .*SequenceRequest\/Identifier/,
    spoil: inBody(/(<SequenceRequest [^>]*><Identifier)>[^<]*/g, '$1>x'),
  },
];

/** The rules of a transfer: the last check of each of its operations that names a sequence. */
export const NO_SUCH_SEQUENCE: Check = {
  code: 1014,
  name: 'a sequence that never was',
  says: /^Client The sequence /,
  spoil: inBody(/(<Identifier)>[0-9a-f]{8}-/, '$1>ffffffff-'),
};

/** The rules of a Save, after 4575. */
export const RULES_OF_SAVE: readonly Check[] = [
  {
    code: 1014,
    name: 'identifier of another citizen',
    says: /another citizen/,
    spoil: inBody(/(<TidligPensionIdentifier>)[^<]*/, `$1${ANDENS_GUID}`),
  },
  {
    code: 1014,
    name: 'first indberetning with neither block',
    says: /first indberetning/,
    spoil: inBody(/<OvergangTilTidligPension>.*<\/OvergangTilTidligPension>/s, ''),
  },
  {
    code: 4636,
    name: 'end before start',
    says: /2020-01-01/,
    spoil: inBody(/(<TidligPensionOphoersdato>)[^<]*/, '$12020-01-01'),
  },
  {
    code: 9434,
    name: 'overlap',
    says: /overlapper/,
    spoil: inBody(/(<TidligPensionOvergangsdato>)[^<]*/, '$12026-01-15'),
  },
];

/** Both defects in one call; undefined where one undoes or hides the other, as when both spoil the same element. */
export function spoilBoth(call: Call, a: Check, b: Check): Call | undefined {
  const [ab, ba] = [b.spoil(a.spoil(call)), a.spoil(b.spoil(call))];
  const same = (one: Call, other: Call): boolean => JSON.stringify(one) === JSON.stringify(other);
  return same(ab, ba) && !same(ab, a.spoil(call)) && !same(ab, b.spoil(call)) ? ab : undefined;
}

/** The fault that the call gets. */
export const faultOf = async (
  service: TestService,
  { caller, soapAction, body, path }: Call,
): Promise<ReadFault> => {
  const answer = await send(service, {
    caller,
    body,
    headers: { SOAPAction: soapAction },
    ...(path && { path }),
  });
  return readFault(answer.body)!;
};

/** Holds a fault to the check that must have refused. */
export const expectRefusal = (
  { errorCode, faultcode, message }: ReadFault,
  { code, says, name }: Check,
): void => {
  expect(`${faultcode} ${message}`, name).to.match(says);
  expect(errorCode, name).to.equal(code);
};
