// The certificate table: every certificate that a client may present, and a service that judges them.

import { readFileSync, writeFileSync } from 'node:fs';
import { akasse } from './envelopes.ts';
import {
  authority,
  CLIENT_AUTH,
  certificate,
  extension,
  later,
  type Party,
  revocationList,
  SERVER_AUTH,
} from './pki.ts';
import { startTrusting, type TrustingService } from './trusting-service.ts';

/** Needs a Node.js that shows what is sent along; see sent-authorities.ts. */
export const THROUGH_INTERMEDIATE = 'good, through an intermediate';
const ANOTHER_ORGANISATION = 'mapped, but for another organisation';

/** What a client presents, what it is told, and whether it is mapped to a system. */
export interface Row {
  readonly own: Party | undefined;
  readonly along?: readonly Party[];
  readonly errorCode: number | undefined;
  readonly says?: RegExp;
  readonly isMapped: boolean;
}

async function makeRows(root: Party, issuing: Party): Promise<Record<string, Row>> {
  const client = (options: Parameters<typeof certificate>[0]) =>
    certificate({ issuer: root, purposes: [CLIENT_AUTH], ...options });
  const stranger = await authority('CN=stranger');
  const refused = (own: Party, says: RegExp, along: readonly Party[] = []): Row => ({
    own,
    along,
    errorCode: 1012,
    says,
    isMapped: true,
  });
  const served = (own: Party, along: readonly Party[] = []): Row => ({
    own,
    along,
    errorCode: undefined,
    isMapped: true,
  });
  const namesake = await authority('CN=root');
  const long = await authority('CN=too deep', { issuer: issuing });
  return {
    none: { own: undefined, errorCode: 1101, says: /No client certificate came/, isMapped: false },
    good: served(await client({})),
    [THROUGH_INTERMEDIATE]: served(await client({ issuer: issuing }), [issuing]),
    'self-signed': refused(await certificate(), /is self-signed/),
    'wrong CA': refused(await certificate({ issuer: stranger }), /authority that is not trusted here/),
    'wrong CA, sent along': refused(await certificate({ issuer: stranger }), /not trusted here/, [stranger]),
    'a CA of the same name': refused(await certificate({ issuer: namesake }), /signature/),
    'without its intermediate': refused(
      await client({ issuer: await authority('CN=unsent', { issuer: root }) }),
      /not trusted/,
    ),
    expired: refused(await client({ to: later(-1) }), /has expired/),
    'not yet valid': refused(await client({ from: later(1) }), /not yet valid/),
    revoked: refused(await client({ name: 'CN=revoked', serialNumber: '4321' }), /has been revoked/),
    'not for client use': refused(await client({ purposes: [SERVER_AUTH] }), /not for client use/),
    'with an unknown critical extension': refused(
      await client({ extensions: [extension('1.2.3.4', true)] }),
      /critical extension/,
    ),
    'below too many authorities': refused(await client({ issuer: long }), /chain|authority/, [issuing, long]),
    'mapped to no system': {
      own: await client({}),
      errorCode: 1012,
      says: /belongs to no system known here/,
      isMapped: false,
    },
    [ANOTHER_ORGANISATION]: {
      own: await client({}),
      errorCode: 1013,
      says: /./,
      isMapped: true,
    },
  };
}

/** Every row, known before any is made. */
export const NAMES = [
  'none',
  'good',
  THROUGH_INTERMEDIATE,
  'self-signed',
  'wrong CA',
  'wrong CA, sent along',
  'a CA of the same name',
  'without its intermediate',
  'expired',
  'not yet valid',
  'revoked',
  'not for client use',
  'with an unknown critical extension',
  'below too many authorities',
  'mapped to no system',
  ANOTHER_ORGANISATION,
];

/** Makes every row and starts the service. */
export async function startTable(): Promise<{ service: TrustingService; rows: Record<string, Row> }> {
  const root = await authority('CN=root', { authority: { pathLength: 1 } });
  const issuing = await authority('CN=issuing', { issuer: root });
  const rows = await makeRows(root, issuing);
  const known = Object.values(rows).flatMap(({ own, isMapped }) => (own && isMapped ? [own] : []));
  const lists = [
    await revocationList(root, { revoked: [rows.revoked!.own!] }),
    await revocationList(issuing),
  ];
  const service = await startTrusting({ authorities: [root], lists, known });
  mapToAkasse(service, rows[ANOTHER_ORGANISATION]!.own!);
  return { service, rows };
}

/** Makes the system of that certificate an a-kasse's. */
function mapToAkasse(service: TrustingService, { x509 }: Party): void {
  const file = service.files.organisationer;
  const data = JSON.parse(readFileSync(file, 'utf8'));
  data.systems.find(
    (system: { fingerprint256: string }) => system.fingerprint256 === x509.fingerprint256,
  ).organisations = [akasse('11')];
  writeFileSync(file, JSON.stringify(data));
  service.reload();
}
