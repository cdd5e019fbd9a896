// The audit entry of a call, and of what else leaves one by itself.

import type { NewAuditEntry } from '../../access/audit/entry.ts';
import type { Fejlkode } from '../../contract/fejlkatalog.ts';
import type { Modtager } from '../../domain/besked-modtager.ts';
import type { ForloebVersion } from '../../domain/forloeb.ts';
import type { Kald } from '../kald.ts';

/** What came of a call: a refusal, or what was done. */
export interface Udfald {
  readonly fejlkode?: Fejlkode;
  readonly version?: ForloebVersion;
  readonly modtager?: Modtager;
  readonly detaljer?: string;
}

/** The entry of a call, and what came of it. */
export function entryOf(kald: Kald, { fejlkode, version, modtager, detaljer }: Udfald): NewAuditEntry {
  const user = kald.requestUserMetadata?.RequestUserStructure;
  const requesting = kald.requestUserMetadata?.RequestOrganisationStructure;
  const forloebId = version?.forloebId ?? kald.forloebId;
  return {
    tidspunkt: kald.modtaget.toISOString(),
    correlationId: kald.correlationId,
    udfald: fejlkode === undefined ? 'udfoert' : 'afvist',
    ...(kald.operation && { operation: kald.operation }),
    ...(fejlkode && { fejlkode }),
    ...(kald.certificate && { certificate: kald.certificate }),
    ...(kald.system && { system: kald.system }),
    ...(kald.activeOrganisation && {
      activeOrganisationType: kald.activeOrganisation.OrganisationTypeIdentifier,
      activeOrganisationCode: kald.activeOrganisation.OrganisationCode,
    }),
    ...(requesting && {
      requestOrganisationType: requesting.OrganisationTypeIdentifier.CodeListItemIdentifier,
      requestOrganisationCode: requesting.OrganisationCode,
    }),
    ...(user && {
      userFullName: user.UserFullName,
      userType: user.RequestUserTypeIdentifier.CodeListItemIdentifier,
      userIdentifier: user.UserIdentifier,
    }),
    ...(kald.personnummer && { personnummer: kald.personnummer }),
    ...(forloebId && { forloebId }),
    ...(version && { version: version.version }),
    ...(modtager && { modtagerAarsag: modtager.aarsag }),
    ...(modtager?.akasse && { modtager: modtager.akasse }),
    ...(kald.adresse && { adresse: kald.adresse }),
    ...(detaljer && { detaljer }),
    ...(kald.sequence && { sequence: kald.sequence }),
  };
}
