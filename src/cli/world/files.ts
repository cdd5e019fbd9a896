// The names of a demo world's files, and where they are.
import path from 'node:path';

/** The systems of the demo world that have a certificate; the NAME in `NAME.pem` and `organisationer.json`. */
export const certificateNames = [
  'server',
  'udk',
  'star',
  'akasse-11',
  'akasse-22',
  'akasse-67',
  'akasse-31',
  'ukendt',
  'tilbagekaldt',
] as const;

/** One of the demo world's certificates. */
export type CertificateName = (typeof certificateNames)[number];

/** The file that is written last: where it is, there is a finished world. */
export const ENV_FILE = 'env';

/** The store of the demo world; named by `env`, made by the service. */
export const STORE_FILE = 'pension.db';

/** Every file that `init` writes, in the order in which they are put in place. */
export const worldFileNames: readonly string[] = [
  'ca.pem',
  'ca.key',
  ...certificateNames.flatMap((name) => [`${name}.pem`, `${name}.key`]),
  'crl.pem',
  'organisationer.json',
  'medlemskaber.csv',
  ENV_FILE,
];

/** The absolute path of one file of the world in `dir`. */
export function worldFile(dir: string, name: string): string {
  return path.resolve(dir, name);
}

/** What a client needs to call as one of the demo world's systems: paths of certificate, key and CA. */
export function clientIdentity(dir: string, name: string): { cert: string; key: string; ca: string } {
  return {
    cert: worldFile(dir, `${name}.pem`),
    key: worldFile(dir, `${name}.key`),
    ca: worldFile(dir, 'ca.pem'),
  };
}
