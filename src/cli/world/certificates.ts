// Who has a certificate in the demo world, and all of them made at one stroke.
import { randomUUID } from 'node:crypto';
import { createAuthority, type Issued, type Subject } from './authority.ts';
import { type CertificateName, certificateNames } from './files.ts';

const HOUR = 3_600_000;
const CA_YEARS = 10;
const LEAF_YEARS = 2;

interface Holder {
  readonly organisation: string;
  readonly cvr: string;
}

/**
 * The owners of the certificates. No CVR number here passes the modulus 11 check of the real register, so
 * none can be that of a real company; `tilbagekaldt` is UDK's, so that nothing but the revocation refuses it.
 */
export const holders: Readonly<Record<CertificateName | 'ca', Holder>> = {
  ca: { organisation: 'PensionService demo', cvr: '99990002' },
  server: { organisation: 'PensionService demo', cvr: '99990001' },
  udk: { organisation: 'Demo UDK', cvr: '12345678' },
  star: { organisation: 'Demo STAR', cvr: '87654321' },
  'akasse-11': { organisation: 'Demo a-kasse 11', cvr: '99991111' },
  'akasse-22': { organisation: 'Demo a-kasse 22', cvr: '99991122' },
  'akasse-67': { organisation: 'Demo a-kasse 67', cvr: '99991167' },
  'akasse-31': { organisation: 'Demo a-kasse 31', cvr: '99991131' },
  ukendt: { organisation: 'Demo ukendt', cvr: '99990099' },
  tilbagekaldt: { organisation: 'Demo UDK', cvr: '12345678' },
};

/** Everything of the demo world that a key signs. */
export interface Certificates {
  readonly ca: Issued;
  readonly leafs: Readonly<Record<CertificateName, Issued>>;
  readonly crl: string;
}

/** Makes the CA, a certificate for each name, and the list that revokes `tilbagekaldt`. */
export async function makeCertificates(now: Date): Promise<Certificates> {
  // An hour back, so that a client whose clock is slow can use the world at once.
  const notBefore = new Date(now.getTime() - HOUR);
  const leafValidity = { notBefore, notAfter: yearsAfter(now, LEAF_YEARS) };
  const authority = await createAuthority(subjectOf('ca', 'PensionService demo CA'), {
    notBefore,
    notAfter: yearsAfter(now, CA_YEARS),
  });
  const issued = await Promise.all(
    certificateNames.map(async (name) => {
      const subject = subjectOf(name, `PensionService demo ${name}`);
      return [name, await authority.issue(subject, leafValidity, name === 'server' ? 'server' : 'client')];
    }),
  );
  const leafs: Record<CertificateName, Issued> = Object.fromEntries(issued);
  const crl = await authority.revoke([leafs.tilbagekaldt.certificate], leafValidity);
  return { ca: { certificate: authority.certificate, key: authority.key }, leafs, crl };
}

function subjectOf(name: CertificateName | 'ca', commonName: string): Subject {
  return { ...holders[name], uuid: randomUUID(), commonName };
}

function yearsAfter(now: Date, years: number): Date {
  const later = new Date(now);
  later.setUTCFullYear(now.getUTCFullYear() + years);
  return later;
}
