// Writes a request of HTTP as bytes, with whatever headers a test wants.

/**
 * A POST of that body, the last of its connection unless `Connection` is among the headers. A header line takes the place
 * of those of its name; a name alone takes them away.
 */
export function requestOf(
  target: string,
  body: string | Uint8Array,
  headers: readonly string[] = [],
): Buffer {
  const nameOf = (line: string): string => line.split(':')[0]!.toLowerCase();
  const names = headers.map(nameOf);
  const bytes = Buffer.from(body as string);
  const usual = [
    'Host: 127.0.0.1',
    'Content-Type: text/xml; charset=utf-8',
    'SOAPAction: ""',
    'Connection: close',
    `Content-Length: ${bytes.length}`,
  ].filter((line) => !names.includes(nameOf(line)));
  const head = [
    `POST ${target} HTTP/1.1`,
    ...usual,
    ...headers.filter((line) => line.includes(':')),
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** The header that leaves a connection open for the next request. */
export const KEEP_ALIVE: readonly string[] = ['Connection'];
