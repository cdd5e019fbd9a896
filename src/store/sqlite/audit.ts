// Writes audit entries. There is no way here to change or remove one.

import type { Fejlkode } from '../../contract/fejlkatalog.ts';
import type { Modtager } from '../../domain/besked-modtager.ts';
import type { ForloebVersion } from '../../domain/forloeb.ts';
import type { Kald } from '../store.ts';
import type { Connection } from './connection.ts';

/** What came of a call: a refusal, or what was done. */
export interface Udfald {
  readonly fejlkode?: Fejlkode;
  readonly version?: ForloebVersion;
  readonly modtager?: Modtager;
}

/** The statement on the audit trail, prepared once for a connection. It runs inside the caller's transaction. */
export function auditStatements(db: Connection) {
  const insert = db.prepare(
    `INSERT INTO audit_entry (tidspunkt, correlation_id, operation, udfald, fejlkode, certificate, system,
                              active_organisation_type, active_organisation_code,
                              request_organisation_type, request_organisation_code,
                              user_full_name, user_type, user_identifier,
                              personnummer, forloeb_id, version, modtager, modtager_aarsag)
     VALUES (:tidspunkt, :correlationId, :operation, :udfald, :fejlkode, :certificate, :system,
             :activeOrganisationType, :activeOrganisationCode,
             :requestOrganisationType, :requestOrganisationCode,
             :userFullName, :userType, :userIdentifier,
             :personnummer, :forloebId, :version, :modtager, :modtagerAarsag)`,
  );
  return {
    /** Adds the entry of one call. */
    add(kald: Kald, udfald: Udfald): void {
      const user = kald.requestUserMetadata?.RequestUserStructure;
      const organisation = kald.requestUserMetadata?.RequestOrganisationStructure;
      insert.run({
        tidspunkt: kald.modtaget.toISOString(),
        correlationId: kald.correlationId,
        operation: kald.operation ?? null,
        udfald: udfald.fejlkode === undefined ? 'udfoert' : 'afvist',
        fejlkode: udfald.fejlkode ?? null,
        certificate: kald.certificate ?? null,
        system: kald.system ?? null,
        activeOrganisationType: kald.activeOrganisation?.OrganisationTypeIdentifier ?? null,
        activeOrganisationCode: kald.activeOrganisation?.OrganisationCode ?? null,
        requestOrganisationType: organisation?.OrganisationTypeIdentifier.CodeListItemIdentifier ?? null,
        requestOrganisationCode: organisation?.OrganisationCode ?? null,
        userFullName: user?.UserFullName ?? null,
        userType: user?.RequestUserTypeIdentifier.CodeListItemIdentifier ?? null,
        userIdentifier: user?.UserIdentifier ?? null,
        personnummer: kald.personnummer ?? null,
        forloebId: udfald.version?.forloebId ?? kald.forloebId ?? null,
        version: udfald.version?.version ?? null,
        modtager: udfald.modtager?.akasse ?? null,
        modtagerAarsag: udfald.modtager?.aarsag ?? null,
      });
    },
  };
}
