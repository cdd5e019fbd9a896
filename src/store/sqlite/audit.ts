// Adds entries to the audit trail. There is no way here to change or remove one.

import { digestOf, faceOf, sidesOf } from '../../access/audit/digest.ts';
import { AUDIT_FIELDS, type NewAuditEntry } from '../../access/audit/entry.ts';
import type { Fejlkode } from '../../contract/fejlkatalog.ts';
import type { Modtager } from '../../domain/besked-modtager.ts';
import type { ForloebVersion } from '../../domain/forloeb.ts';
import type { Kald } from '../kald.ts';
import type { StorePorts } from '../store.ts';
import type { Connection } from './connection.ts';

/** What came of a call: a refusal, or what was done. */
export interface Udfald {
  readonly fejlkode?: Fejlkode;
  readonly version?: ForloebVersion;
  readonly modtager?: Modtager;
  readonly detaljer?: string;
}

/** The statements that add to the audit trail, prepared once for a connection. They run inside the caller's transaction. */
export function auditStatements(db: Connection, ports: StorePorts) {
  const columns = AUDIT_FIELDS.map(({ column }) => column).join(', ');
  const insert = db.prepare(
    `INSERT INTO audit_entry (${columns}, salt, digest)
     VALUES (${AUDIT_FIELDS.map(() => '?').join(', ')}, ?, ?)`,
  );
  const lastSeq = db
    .prepare<[], number | null>(
      `SELECT max((SELECT coalesce(max(seq), 0) FROM audit_entry),
                  coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'), 0))`,
    )
    .pluck();

  /** Adds an entry with the next number, its salt where it has something to hide, and its digest. */
  const add = (entry: NewAuditEntry): void => {
    const numbered = { ...entry, seq: lastSeq.get()! + 1 };
    const sides = sidesOf(numbered);
    const salt = sides.hidden && Buffer.from(ports.newSalt());
    const digest = digestOf(faceOf(sides, salt?.toString('hex')));
    const { changes } = insert.run(
      ...AUDIT_FIELDS.map(({ name }) => numbered[name] ?? null),
      salt ?? null,
      Buffer.from(digest, 'hex'),
    );
    demandWritten(changes, 'audit_entry');
  };
  return {
    add,
    /** Adds the entry of one call. */
    addCall: (kald: Kald, udfald: Udfald): void => add(entryOf(kald, udfald)),
  };
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

/** Throws when rows were not written: a trigger that somebody has added can swallow them without an error. */
export function demandWritten(changes: number, table: string, rows = 1): void {
  if (changes !== rows)
    throw new Error(`the database did not keep a row of ${table}; nothing is done without it`);
}
