// Serves the contract: `?wsdl`, `?xsd=NAME` and `?singleWsdl`, the files as they are but for addresses.

import type { ServiceContract } from '../contract/names.ts';
import { type ContractFiles, relocateSchemas, schemasOf, singleWsdl } from '../contract/schema-files.ts';

/** Finds a document by the query of a GET; undefined when there is none. */
export type FindDocument = (service: ServiceContract, query: string) => string | undefined;

const SOAP_ADDRESS = /(<soap:address\s+location=")[^"]*(")/;

/** Makes every document of the services once. `publicUrl` is scheme, host and port, without a path. */
export function makeDocuments(
  files: ContractFiles,
  services: readonly ServiceContract[],
  publicUrl: string,
): FindDocument {
  const documents = new Map<string, string>();
  for (const service of services) {
    const address = `${publicUrl}${service.path}`;
    const schemaAt = (xsd: string): string => `${address}?xsd=${xsd.replace(/\.xsd$/, '')}`;
    const addressed = (text: string): string =>
      text.replace(SOAP_ADDRESS, (_, before, after) => before + address + after);
    const keep = (query: string, text: string): unknown =>
      documents.set(`${service.name}?${query.toLowerCase()}`, text);
    keep('wsdl', addressed(relocateSchemas(files.wsdl.get(service.wsdl)!, schemaAt)));
    keep('singleWsdl', addressed(singleWsdl(files, service.wsdl)));
    for (const xsd of schemasOf(files, service.wsdl)) {
      keep(`xsd=${xsd.replace(/\.xsd$/, '')}`, relocateSchemas(files.xsd.get(xsd)!, schemaAt));
    }
  }
  return (service, query) =>
    documents.get(`${service.name}?${decode(query).toLowerCase().replace(/=$/, '')}`);
}

function decode(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch {
    return query;
  }
}
