// The authority of a demo world, to issue certificates that the world itself does not have.

import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { X509Certificate } from '@peculiar/x509';
import { worldFile } from '../../src/cli/world/world.ts';
import { Name, type Party } from '../support/pki.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** Its name and its keys. */
export async function authorityOf(world: string): Promise<Pick<Party, 'name' | 'keys'>> {
  const pem = readFileSync(worldFile(world, 'ca.key'), 'utf8').replace(/-----[^-]+-----|\s/g, '');
  const privateKey = await webcrypto.subtle.importKey('pkcs8', Buffer.from(pem, 'base64'), ALGORITHM, true, [
    'sign',
  ]);
  const own = new X509Certificate(readFileSync(worldFile(world, 'ca.pem'), 'utf8'));
  const publicKey = await own.publicKey.export(ALGORITHM, ['verify']);
  return { name: new Name(own.subject), keys: { privateKey, publicKey } as webcrypto.CryptoKeyPair };
}
