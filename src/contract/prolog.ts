// Reads what stands before the root element, before any parser sees it: encoding must be UTF-8, and a document type
// declaration never gets further than here.

import { isUtf8 } from 'node:buffer';
import { afvist, fejl, ok, type Resultat } from './fejlkatalog.ts';

const invalid = (message: string) => afvist(fejl(1014, message));

/**
 * Checks encoding and prolog of a request body and gives its text, without byte order mark.
 * Refuses with 1014: bytes that are not UTF-8, a declaration that says another encoding, a DTD, a processing
 * instruction before the root element.
 */
export function readProlog(body: Uint8Array): Resultat<string> {
  if (body.length === 0) return invalid('The request has no body; a SOAP 1.1 envelope was expected.');
  if (startsAsUtf16(body)) return invalid('The message is encoded as UTF-16 or UTF-32; UTF-8 was expected.');
  if (!isUtf8(body)) return invalid('The message holds bytes that are not UTF-8; UTF-8 was expected.');
  const text = new TextDecoder('utf-8').decode(body);
  if (text.startsWith('\uFEFF'))
    return invalid('The byte order mark is there twice; at most one was expected.');
  return checkDeclarations(text);
}

const startsAsUtf16 = (body: Uint8Array): boolean =>
  (body[0] === 0xff && body[1] === 0xfe) ||
  (body[0] === 0xfe && body[1] === 0xff) ||
  body[0] === 0 ||
  body[1] === 0;

function checkDeclarations(text: string): Resultat<string> {
  const declaration = /^<\?xml\s[^>]*\?>/.exec(text)?.[0];
  const encoding = declaration && /\sencoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1];
  if (encoding && encoding.toLowerCase() !== 'utf-8') {
    return invalid('The XML declaration names an encoding other than UTF-8; UTF-8 was expected.');
  }
  let at = declaration?.length ?? 0;
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1;
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 4);
      if (end < 0) return ok(text);
      at = end + 3;
    } else if (text.startsWith('<!DOCTYPE', at)) {
      return invalid(`A document type declaration is not allowed (line ${lineAt(text, at)}).`);
    } else if (text.startsWith('<?', at) && !/^<\?xml\s/.test(text.slice(at, at + 6))) {
      return invalid(`A processing instruction is not allowed (line ${lineAt(text, at)}).`);
    } else {
      return ok(text);
    }
  }
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;
