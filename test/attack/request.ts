// Writes a request as bytes, with whatever headers a test wants.

/**
 * A POST of those bytes, the last of its connection. A header line in `more` takes the place of those of its name; a
 * name alone takes them away.
 */
export function requestOf(target: string, body: Uint8Array, more: readonly string[] = []): Buffer {
  const nameOf = (line: string): string => line.split(':')[0]!.toLowerCase();
  const names = more.map(nameOf);
  const usual = [
    'Host: 127.0.0.1',
    'Content-Type: text/xml; charset=utf-8',
    'SOAPAction: ""',
    'Connection: close',
    `Content-Length: ${body.length}`,
  ].filter((line) => !names.includes(nameOf(line)));
  const head = [
    `POST ${target} HTTP/1.1`,
    ...usual,
    ...more.filter((line) => line.includes(':')),
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
