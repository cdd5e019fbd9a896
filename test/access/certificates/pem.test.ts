// PEM that is cut off or damaged is refused: what remains of it must not pass for the whole.

import { expect } from 'chai';
import { certificatesIn } from '../../../src/access/certificates/client-certificate.ts';
import { PemError } from '../../../src/access/certificates/pem.ts';
import { RevocationListError, revocationListsIn } from '../../../src/access/certificates/revocation-list.ts';
import { authority, revocationList } from '../../support/pki.ts';

describe('a PEM file', () => {
  let authorities: string;
  let lists: string;
  before(async () => {
    const [one, other] = [await authority('CN=one'), await authority('CN=other')];
    authorities = `# both\n${one.x509.toString()}\n${other.x509.toString()}`;
    lists = `${await revocationList(one)}\n${await revocationList(other)}`;
  });

  it('is read whole, whatever stands between its blocks', () => {
    expect(certificatesIn(authorities)).to.have.length(2);
    expect(revocationListsIn(lists)).to.have.length(2);
  });

  it('is refused when its end is missing, wherever it is cut inside the last block', () => {
    const cut = (text: string, from: number): string => text.trimEnd().slice(0, -from);
    for (let from = 1; from < 200; from += 7) {
      expect(() => certificatesIn(cut(authorities, from)), String(from)).to.throw(PemError);
      expect(() => revocationListsIn(cut(lists, from)), String(from)).to.throw(
        RevocationListError,
        /cut off/,
      );
    }
  });

  it('is refused when a line in it is lost or is not base64', () => {
    const lines = authorities.split('\n');
    const at = lines.length - 4;
    expect(() => certificatesIn(lines.toSpliced(at, 1).join('\n'))).to.throw(PemError);
    expect(() => certificatesIn(lines.with(at, `${lines[at]!.slice(1)}*`).join('\n'))).to.throw(PemError);
  });
});
