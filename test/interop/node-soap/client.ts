// A sample client on node-soap, as an integrator would write it from the served WSDL.

import { readFileSync } from 'node:fs';
import https from 'node:https';
import soap from 'soap';

/** PEM files and address of the service. */
export interface SampleOptions {
  readonly wsdl: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly organisation: { readonly type: number; readonly code: string };
}

const NS = {
  organisation: 'http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/',
  metadata: 'http://service.bm.dk/RequestUserMetadata/2015/01/21/',
};

/** Makes a client that sends both headers with every call. */
export async function connect(options: SampleOptions): Promise<soap.Client> {
  const tls = {
    cert: readFileSync(options.cert),
    key: readFileSync(options.key),
    ca: readFileSync(options.ca),
  };
  const client = await soap.createClientAsync(options.wsdl, {
    // The certificate is for the WSDL as for the calls.
    wsdl_options: { httpsAgent: new https.Agent(tls) },
    // Dates stay the text they came as, whatever node-soap makes of the types of a WSDL.
    customDeserializer: { date: (text: string) => text, dateTime: (text: string) => text },
  });
  client.setSecurity(new soap.ClientSSLSecurity(tls.key, tls.cert, tls.ca as never, { keepAlive: true }));
  const { type, code } = options.organisation;
  client.addSoapHeader(
    { ActiveOrganisationHeader: { OrganisationTypeIdentifier: type, OrganisationCode: code } },
    '',
    'aoh',
    NS.organisation,
  );
  client.addSoapHeader(metadataXml(type, code));
  return client;
}

/** The header crosses five namespaces, which node-soap cannot write from an object: it is given as XML. */
export const metadataXml = (
  type: number,
  code: string,
  registered: string = new Date().toISOString(),
): string => `
<RequestUserMetadataHeader xmlns="${NS.metadata}">
  <RequestUserStructure xmlns="http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/">
    <UserFullName>sample : node-soap</UserFullName>
    <RequestUserTypeIdentifier xmlns="http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/">
      <CodeListItemIdentifier xmlns="http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/">3</CodeListItemIdentifier>
    </RequestUserTypeIdentifier>
    <UserIdentifier>sample-node-soap</UserIdentifier>
  </RequestUserStructure>
  <RequestOrganisationStructure xmlns="http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/">
    <OrganisationTypeIdentifier>
      <CodeListItemIdentifier xmlns="http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/">${type}</CodeListItemIdentifier>
    </OrganisationTypeIdentifier>
    <OrganisationCode>${code}</OrganisationCode>
  </RequestOrganisationStructure>
  <RegistrationDateTime>${registered}</RegistrationDateTime>
</RequestUserMetadataHeader>`;

/** Reports a forløb and gives its identifier. */
export async function save(client: soap.Client, request: object): Promise<string> {
  const [answer] = await client.SaveTidligPensionAsync(request);
  return answer.CreatedItemIdentifier;
}

/** Reads every forløb of a citizen; an answer without content arrives as null and means none. */
export async function get(client: soap.Client, personnummer: string): Promise<Record<string, unknown>[]> {
  const [answer] = await client.GetTidligPensionAsync({ Personnummer: personnummer });
  return answer?.TidligPension ?? [];
}

/** The error code in a fault of the service. */
export const errorCode = (error: unknown): number =>
  Number(
    (error as { root: { Envelope: { Body: { Fault: Fault } } } }).root.Envelope.Body.Fault.detail.FaultDetails
      .ErrorCode,
  );

interface Fault {
  readonly detail: { readonly FaultDetails: { readonly ErrorCode: string } };
}
