// The client certificate behind a proxy that ends TLS: it comes in a header, as URL-encoded PEM, the client's first.
// A header is easily written, so only the proxy's own addresses may send one, and only once.

import type { IncomingMessage } from 'node:http';
import { BoundedMap } from '../access/certificates/bounded-map.ts';
import {
  type ClientCertificate,
  certificatesIn,
  clientCertificate,
  isCertificatesOnly,
} from '../access/certificates/client-certificate.ts';
import { addressList } from './addresses.ts';

/** Which header, and which addresses and ranges may send it. */
export interface ProxySettings {
  readonly header: string;
  readonly from: readonly string[];
}

/** The certificate, if the proxy has handed one over, or why its header cannot be used. */
export type Presented =
  | { readonly certificate: ClientCertificate | undefined }
  | { readonly problem: string };

/** Headers whose certificates are remembered, for a proxy sends them with every call. */
const MAX_REMEMBERED = 200;

/** Reads the certificate from the header of a request. */
export function readProxyHeader(proxy: ProxySettings): (request: IncomingMessage) => Presented {
  const isProxy = addressList(proxy.from);
  const name = proxy.header.toLowerCase();
  const remembered = new BoundedMap<string, ClientCertificate>(MAX_REMEMBERED);
  return (request) => {
    const values = valuesOf(name, request.rawHeaders);
    if (values.every((value) => value === '')) return { certificate: undefined };
    if (!isProxy(request.socket.remoteAddress ?? ''))
      return { problem: 'the certificate was handed over from an address that may not do so' };
    if (values.length > 1) return { problem: 'the header with the certificate is there twice' };
    const [value = ''] = values;
    const certificate = remembered.get(value) ?? certificateIn(value);
    if (certificate === undefined)
      return { problem: 'the header with the certificate cannot be read: it is not URL-encoded PEM' };
    remembered.set(value, certificate);
    return { certificate };
  };
}

/** Every value of a header, as it was sent. */
const valuesOf = (name: string, rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === name);

function certificateIn(value: string): ClientCertificate | undefined {
  try {
    const pem = decodeURIComponent(value);
    const [x509, ...sent] = certificatesIn(pem);
    return x509 === undefined || !isCertificatesOnly(pem) ? undefined : clientCertificate([x509, ...sent]);
  } catch {
    return undefined; // percent signs that encode nothing, or PEM around something else
  }
}
