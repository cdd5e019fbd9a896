// Reads PEM strictly: a file of which a part is missing or damaged is not taken for one that holds less.

import { DerError, readDer } from './der.ts';

/** A PEM text of which a part cannot be read. */
export class PemError extends Error {
  override readonly name = 'PemError';
}

/** What stands in the blocks of that label, in order. Throws PemError when one is cut off or damaged. */
export function pemBlocks(pem: string, label: string): Buffer[] {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const [, ...parts] = pem.split(begin);
  if (pem.split(end).length - 1 !== parts.length) throw new PemError(`a ${label} is cut off`);
  return parts.map((part) => {
    const [base64, ...more] = part.split(end);
    if (more.length !== 1 || !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(base64!)) {
      throw new PemError(`a ${label} is damaged`);
    }
    return wholeElement(Buffer.from(base64!, 'base64'), label);
  });
}

function wholeElement(der: Buffer, label: string): Buffer {
  try {
    if (readDer(der).whole.length === der.length) return der;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  throw new PemError(`a ${label} is damaged`);
}
