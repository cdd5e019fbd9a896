// The cells of the access matrix: certificates, claims and citizens, and the envelopes that go with them.

import { type DemoBorgerNavn, demoBorgere } from '../../src/cli/world/demo-borgere.ts';
import { certificateNames } from '../../src/cli/world/files.ts';
import {
  encodeActiveOrganisation,
  encodeCloseSequence,
  encodeCreateSequence,
  encodeEnvelope,
  encodeGetRequest,
  encodeGetTidligPensionVersion1,
  encodeRequestUserMetadata,
  encodeSaveRequest,
  encodeSequenceRequest,
  encodeTerminateSequence,
} from '../../src/contract/encode.ts';
import { WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import type { Claim, MatrixCall, QueueCall } from './access-oracle.ts';
import { metadataOf } from './envelopes.ts';

/** Who connects. */
const CERTIFICATES = [...certificateNames.filter((name) => name !== 'server'), 'none'];
/** These are refused before a header is read, so one RequestOrganisation is enough for them. */
const REFUSED = new Set(['ukendt', 'tilbagekaldt', 'none']);

/** What ActiveOrganisationHeader claims. */
export const ACTIVE: Readonly<Record<string, Claim>> = {
  UDK: { type: 50, code: '12345678' },
  'UDK by a code that is not its own': { type: 50, code: '99990001' },
  'UDK by the code of STAR': { type: 50, code: '87654321' },
  'UDK by the code of an a-kasse': { type: 50, code: '11' },
  STAR: { type: 51, code: '87654321' },
  'STAR by the code of UDK': { type: 51, code: '12345678' },
  'a-kasse 11': { type: 2, code: '11' },
  'a-kasse 22': { type: 2, code: '22' },
  'a-kasse 67': { type: 2, code: '67' },
  'a-kasse 31, merged into 67': { type: 2, code: '31' },
  'a-kasse 99, which is not in the list': { type: 2, code: '99' },
  'a-kasse 067, which is no code': { type: 2, code: '067' },
  'an a-kasse by the code of UDK': { type: 2, code: '12345678' },
  'a kommune': { type: 7, code: '101' },
  'a kommune by the code of UDK': { type: 7, code: '12345678' },
  'a type that is not in the list': { type: 99, code: '12345678' },
};

/** What RequestUserMetadataHeader claims; only whether the type is in the list may matter. */
const REQUEST: Readonly<Record<string, (active: Claim) => Claim>> = {
  same: (active) => active,
  'UDK or STAR': ({ type }) =>
    type === 50 ? { type: 51, code: '87654321' } : { type: 50, code: '12345678' },
  'a jobcenter': () => ({ type: 8, code: '-1' }),
  'not in the list': () => ({ type: 98, code: '1' }),
};

const UKENDT = '2902610999';
const TI_NULLER = '0000000000';
/** About whom: every named citizen of the demo world, one of whom nothing is known, and ten zeros. */
export const BORGERE = [
  ...Object.values(demoBorgere).map(({ personnummer }) => personnummer),
  UKENDT,
  TI_NULLER,
];
/** The citizens of whom something has been reported. */
export const MED_FORLOEB: ReadonlySet<string> = new Set(
  Object.entries(demoBorgere).flatMap(([navn, { personnummer }]) =>
    navn === 'aldrig' ? [] : [personnummer],
  ),
);

/** Who may read each named citizen, read off the description of the situation by a person. */
export const MAY_READ: Readonly<Record<DemoBorgerNavn, readonly string[]>> = {
  medlem11: ['11'],
  medlem22: ['22'],
  medlem67: ['67'],
  flyttet: ['22'],
  flyttetUdenSlut: ['67'],
  tidligereMedEfterloen: ['11'],
  tidligereUdenEfterloen: ['11'],
  tidligereFremtidigtEfterloen: ['22'],
  medlemMedEfterloen: ['22'],
  tidligereUnder42: ['11'],
  tidligerePraecis42: ['11'],
  tidligereOver42: [],
  tilbagekaldt: [],
  tilbagekaldtGenaabner: ['11'],
  fusioneret: ['67'],
  tidligereFusioneret: ['67'],
  fremtidig: [],
  tidligereOgFremtidig: ['11'],
  sammeAkasseToGange: ['11'],
  aldrig: [],
  slutterIDag: ['11'],
  begynderIDag: ['22'],
  flyttetFraFusioneret: ['11'],
  sluttede: ['67'],
  flytter: ['11'],
};

/** The forløb that each citizen has, recognised in an answer. */
export const guidOf = (personnummer: string): string => `4d1f7c1e-0000-4000-8000-00${personnummer}`;
/** What a Save of the matrix says: the same each time, so that it clashes with nothing. */
export const saveOf = (personnummer: string) => ({
  Personnummer: personnummer,
  TidligPensionIdentifier: guidOf(personnummer),
  Kompensationsudbetaling: { Kompensationsafgoerelsesdato: '2026-01-01' },
});

/** The envelope of the call; a Save says what saveOf says. */
export function envelopeOf({ operation, active, request, personnummer }: MatrixCall): string {
  const body =
    operation === 'SaveTidligPension'
      ? encodeSaveRequest(saveOf(personnummer))
      : encodeGetRequest({ Personnummer: personnummer });
  return encodeEnvelope(body, headersOf(active, request));
}

const headersOf = (active: Claim, request: Claim): string =>
  encodeActiveOrganisation({ OrganisationTypeIdentifier: active.type, OrganisationCode: active.code }) +
  encodeRequestUserMetadata(metadataOf(request));

/** The path and the envelope of a call about a queue. */
export function queueRequestOf({ operation, active, request, sequence }: QueueCall): {
  readonly path: string;
  readonly body: string;
} {
  const headers = headersOf(active, request);
  const name = { Identifier: sequence?.identifier ?? '' };
  const wsrm = (body: string) => ({ path: WSRM_SERVICE.path, body: encodeEnvelope(body, headers) });
  switch (operation) {
    case 'CreateSequence':
      return wsrm(encodeCreateSequence());
    case 'CloseSequence':
      return wsrm(encodeCloseSequence(name));
    case 'TerminateSequence':
      return wsrm(encodeTerminateSequence(name));
    case 'GetTidligPensionVersion1':
      return {
        path: WSRM_MESSAGE_SERVICE.path,
        body: encodeEnvelope(encodeGetTidligPensionVersion1(), headers + encodeSequenceRequest(name)),
      };
  }
}

/** Every cell of an operation for what ActiveOrganisationHeader claims: certificate × RequestOrganisation × citizen. */
export const cellsOf = (operation: MatrixCall['operation'], active: Claim): MatrixCall[] =>
  claimsOf(active).flatMap((claims) =>
    BORGERE.map((personnummer) => ({ operation, ...claims, personnummer })),
  );

/** Every certificate × RequestOrganisation for what ActiveOrganisationHeader claims. */
export const claimsOf = (active: Claim): { certificate: string; active: Claim; request: Claim }[] =>
  CERTIFICATES.flatMap((certificate) =>
    Object.values(REQUEST)
      .filter((_, nr) => nr === 0 || !REFUSED.has(certificate))
      .map((request) => ({ certificate, active, request: request(active) })),
  );
