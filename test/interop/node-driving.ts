// What the drivers on Node.js share: reading lines, doing what each says, and saying in JSON what came of it.

import { createInterface } from 'node:readline';

/** What a line says after its verb. */
export type Given = Readonly<Record<string, string>>;
/** An answer as a SOAP library gives it: objects by the names of the WSDL. */
// biome-ignore lint/suspicious/noExplicitAny: what a SOAP library gives has no type, and a missing part is a failure
export type Answer = any;

/** The four elements of CreateSequence as .NET sends them. */
export const NILS = { AcksTo: null, Expires: null, Offer: null, SubQueueIdentifier: null };

/** What a Save says, by the names of the WSDL. */
export const indberetning = (given: Given): object => ({
  Personnummer: given.personnummer,
  ...(given.guid && { TidligPensionIdentifier: given.guid }),
  ...(given.overgang && {
    OvergangTilTidligPension: {
      TidligPensionOvergangsdato: given.overgang,
      TidligPensionAfgoerelsesdato: given.afgoerelse,
      ...(given.ophoer && { TidligPensionOphoersdato: given.ophoer }),
    },
  }),
  ...(given.kompensation && {
    Kompensationsudbetaling: { Kompensationsafgoerelsesdato: given.kompensation },
  }),
});

/** One line of the inventory. */
export const item = (found: Answer): object => ({
  service: found.ServiceName,
  endpoint: found.ServiceEndpoint,
  count: found.MessageCount,
});

/** One besked; JSON leaves out what is undefined. Both libraries give a number behind an element reference as text. */
export const besked = (found: Answer): object => ({
  message: found.MessageIdentifier,
  type: found.RegistrationType,
  event: found.EventDate,
  personnummer: found.Personnummer,
  by: {
    name: found.RequestUserMetadata.RequestUserStructure.UserFullName,
    userType: Number(
      found.RequestUserMetadata.RequestUserStructure.RequestUserTypeIdentifier.CodeListItemIdentifier,
    ),
    user: found.RequestUserMetadata.RequestUserStructure.UserIdentifier,
    organisationType: Number(
      found.RequestUserMetadata.RequestOrganisationStructure.OrganisationTypeIdentifier
        .CodeListItemIdentifier,
    ),
    organisation: found.RequestUserMetadata.RequestOrganisationStructure.OrganisationCode,
    registered: found.RequestUserMetadata.RegistrationDateTime,
  },
  guid: found.TidligPensionIdentifier,
  overgang: found.OvergangTilTidligPension?.TidligPensionOvergangsdato,
  afgoerelse: found.OvergangTilTidligPension?.TidligPensionAfgoerelsesdato,
  ophoer: found.OvergangTilTidligPension?.TidligPensionOphoersdato,
  kompensation: found.Kompensationsudbetaling?.Kompensationsafgoerelsesdato,
});

/** The fault in an error, or the error itself. */
function refusal(error: Answer): object {
  const fault = error?.root?.Envelope?.Body?.Fault;
  if (fault === undefined) return { error: String(error?.stack ?? error) };
  const { ErrorCode, Message, Source } = fault.detail.FaultDetails;
  return { fault: Number(ErrorCode), text: fault.faultstring, message: Message, source: Source };
}

/** Answers every line of stdin. */
export async function drive(
  verbs: Readonly<Record<string, (given: Given) => Promise<object>>>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb = '', ...words] = line.trim().split(' ');
    const given = Object.fromEntries(
      words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    );
    const outcome = await verbs[verb]!(given).catch(refusal);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
}
