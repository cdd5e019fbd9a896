// The reference data of the demo world: `organisationer.json`.

import { X509Certificate } from 'node:crypto';
import type { Dato } from '../../domain/dato.ts';
import { holders } from './certificates.ts';
import type { CertificateName } from './files.ts';

const TYPE_AKASSE = 2;
const TYPE_UDK = 50;
const TYPE_STAR = 51;

interface Organisation {
  readonly type: number;
  readonly code: string;
}

const udk: Organisation = { type: TYPE_UDK, code: holders.udk.cvr };

/** For whom each system may act. `server` never calls, and `ukendt` is there to be mapped to nothing. */
const actsFor: Readonly<Record<Exclude<CertificateName, 'server' | 'ukendt'>, Organisation>> = {
  udk,
  star: { type: TYPE_STAR, code: holders.star.cvr },
  'akasse-11': { type: TYPE_AKASSE, code: '11' },
  'akasse-22': { type: TYPE_AKASSE, code: '22' },
  'akasse-67': { type: TYPE_AKASSE, code: '67' },
  'akasse-31': { type: TYPE_AKASSE, code: '31' },
  tilbagekaldt: udk,
};

/** The last day on which a-kasse 31 was its own: past on any day the world is made, and stable for a year. */
export function mergerDate(today: Dato): Dato {
  return `${Number(today.slice(0, 4)) - 2}-12-31` as Dato;
}

/** The text of `organisationer.json` for these certificates (PEM, by name). */
export function organisationerJson(today: Dato, pemOf: (name: CertificateName) => string): string {
  const data = {
    organisationTypes: [
      { id: TYPE_AKASSE, name: 'a-kasse', kind: 'akasse' },
      { id: 4, name: 'anden aktør', kind: 'other' },
      { id: 7, name: 'kommune', kind: 'other' },
      { id: 8, name: 'jobcenter', kind: 'other' },
      { id: 24, name: 'virksomhed', kind: 'other' },
      { id: TYPE_UDK, name: 'Udbetaling Danmark', kind: 'udk' },
      { id: TYPE_STAR, name: 'STAR', kind: 'star' },
    ],
    userTypes: [
      { id: 1, name: 'borger' },
      { id: 2, name: 'sagsbehandler' },
      { id: 3, name: 'system' },
      { id: 4, name: 'medarbejder' },
    ],
    akasser: [
      { code: '11', name: 'Demo a-kasse 11' },
      { code: '22', name: 'Demo a-kasse 22' },
      { code: '31', name: 'Demo a-kasse 31', til: mergerDate(today), afloeser: '67' },
      { code: '67', name: 'Ledernes (demo)' },
    ],
    systems: (Object.keys(actsFor) as (keyof typeof actsFor)[]).map((name) => ({
      name,
      fingerprint256: new X509Certificate(pemOf(name)).fingerprint256,
      organisations: [actsFor[name]],
    })),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}
