// A sample client on strong-soap, as an integrator would write it from the served WSDL.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { SampleOptions } from '../node-soap/client.ts';

// strong-soap is a CommonJS package without types; this is what the sample uses of it.
interface StrongSoap {
  createClient(
    wsdl: string,
    options: object,
    callback: (error: Error | null, client: StrongClient) => void,
  ): void;
  readonly ClientSSLSecurity: new (key: Buffer, cert: Buffer, ca: Buffer) => unknown;
}
export interface StrongClient {
  setSecurity(security: unknown): void;
  addSoapHeader(value: object, name: unknown): void;
  changeSoapHeader(index: number, value: object, name: unknown): void;
  readonly [operation: string]: unknown;
}
const require = createRequire(import.meta.url);
const strongSoap = require('strong-soap') as {
  soap: StrongSoap;
  QName: new (namespace: string, name: string) => unknown;
};

const { soap } = strongSoap;
export const { QName } = strongSoap;

const NS = {
  organisation: 'http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/',
  metadata: 'http://service.bm.dk/RequestUserMetadata/2015/01/21/',
};

/** Makes a client that sends both headers with every call. A header is named by a QName, its content by the WSDL. */
export async function connect(options: SampleOptions): Promise<StrongClient> {
  const [key, cert, ca] = [readFileSync(options.key), readFileSync(options.cert), readFileSync(options.ca)];
  const client = await new Promise<StrongClient>((resolve, reject) => {
    soap.createClient(options.wsdl, { wsdl_options: { key, cert, ca } }, (error, made) =>
      error ? reject(error) : resolve(made),
    );
  });
  client.setSecurity(new soap.ClientSSLSecurity(key, cert, ca));
  const { type, code } = options.organisation;
  client.addSoapHeader(
    { OrganisationTypeIdentifier: type, OrganisationCode: code },
    new QName(NS.organisation, 'ActiveOrganisationHeader'),
  );
  client.addSoapHeader(metadata(type, code), METADATA_NAME);
  return client;
}

export const METADATA_NAME = new QName(NS.metadata, 'RequestUserMetadataHeader');

/** Who works. */
export const metadata = (
  type: number,
  code: string,
  registered: string = new Date().toISOString(),
): object => ({
  RequestUserStructure: {
    UserFullName: 'sample : strong-soap',
    RequestUserTypeIdentifier: { CodeListItemIdentifier: 3 },
    UserIdentifier: 'sample-strong-soap',
  },
  RequestOrganisationStructure: {
    OrganisationTypeIdentifier: { CodeListItemIdentifier: type },
    OrganisationCode: code,
  },
  RegistrationDateTime: registered,
});

type Parts = Record<string, unknown>;

/** Makes a call; gives the body of the answer, and its header. */
export const exchange = (
  client: StrongClient,
  operation: string,
  request: object,
): Promise<{ result: Parts; header: Parts }> =>
  new Promise((resolve, reject) => {
    const method = client[operation] as (
      args: object,
      callback: (error: unknown, result: Parts, body: string, header: Parts) => void,
    ) => void;
    method(request, (error, result, _, header) => (error ? reject(error) : resolve({ result, header })));
  });

const call = async (client: StrongClient, operation: string, request: object): Promise<Parts> =>
  (await exchange(client, operation, request)).result;

/** Reports a forløb and gives its identifier. The argument is wrapped in the element's name. */
export async function save(client: StrongClient, request: object): Promise<string> {
  const answer = await call(client, 'SaveTidligPension', { SaveTidligPensionRequest: request });
  return String(answer.CreatedItemIdentifier);
}

/** Reads every forløb of a citizen; a single one arrives without its list. */
export async function get(client: StrongClient, personnummer: string): Promise<unknown[]> {
  const answer = await call(client, 'GetTidligPension', {
    GetTidligPensionRequest: { Personnummer: personnummer },
  });
  const found = answer?.TidligPension ?? [];
  return Array.isArray(found) ? found : [found];
}

/** The error code in a fault of the service. */
export const errorCode = (error: unknown): number => {
  const body = JSON.stringify((error as { root?: unknown }).root ?? error);
  return Number(/"ErrorCode":"?(\d+)/.exec(body)?.[1]);
};
