// What an entry of the audit trail says, and which events leave one. The two lists here are the whole truth:
// docs/audit.md prints them, and the store keeps a column for each field.

import type { OperationName } from '../../contract/names.ts';

/** What leaves an entry beside the calls: the commands of the operators, and what the service does by itself. */
export type OperatorEvent =
  | 'GenindlaesFiler'
  | 'MeldSvigt'
  | 'ImportMedlemskaber'
  | 'FrigivBesked'
  | 'OverhalBesked'
  | 'RulSequenceTilbage'
  | 'VisMedlemskab'
  | 'VisOutbox'
  | 'VisBesked'
  | 'LukSequence'
  | 'GennemgaaOutbox'
  | 'GenskabBesked'
  | 'VisAudit'
  | 'EksporterAudit'
  | 'TagSikkerhedskopi'
  | 'GendanStore'
  | 'KopierStore';

/** What an entry is about; nothing where a call was refused before its operation was known. */
export type AuditEvent = OperationName | OperatorEvent;

/** One entry. What is not known, or does not apply, is left out. */
export interface AuditEntry {
  readonly seq: number;
  readonly tidspunkt: string;
  readonly correlationId: string;
  readonly operation?: AuditEvent;
  readonly udfald: 'udfoert' | 'afvist';
  readonly fejlkode?: number;
  readonly certificate?: string;
  readonly system?: string;
  readonly activeOrganisationType?: number;
  readonly activeOrganisationCode?: string;
  readonly requestOrganisationType?: number;
  readonly requestOrganisationCode?: string;
  readonly userFullName?: string;
  readonly userType?: number;
  readonly userIdentifier?: string;
  readonly personnummer?: string;
  readonly forloebId?: string;
  readonly version?: number;
  readonly modtager?: string;
  readonly modtagerAarsag?: string;
  readonly antal?: number;
  readonly adresse?: string;
  readonly detaljer?: string;
  readonly sequence?: string;
}

/** An entry that has no place in the trail yet. */
export type NewAuditEntry = Omit<AuditEntry, 'seq'>;

/** An entry as it is kept. Bytes are in hexadecimal. */
export interface StoredEntry {
  readonly entry: AuditEntry;
  /** Where something of the entry is hidden from those who must not see it. */
  readonly salt?: string;
  /** Its digest when it was written. */
  readonly digest: string;
}

export type AuditFieldName = keyof AuditEntry;

/** One field: how it is called, what it holds, and the column that keeps it. */
export interface AuditField {
  readonly name: AuditFieldName;
  readonly column: string;
  readonly type: 'number' | 'text';
  readonly meaning: string;
}

const fields: Readonly<Record<AuditFieldName, Omit<AuditField, 'name'>>> = {
  seq: { column: 'seq', type: 'number', meaning: 'number of the entry, from 1, without gaps' },
  tidspunkt: {
    column: 'tidspunkt',
    type: 'text',
    meaning: 'when the call was received or the command run, UTC, milliseconds',
  },
  correlationId: {
    column: 'correlation_id',
    type: 'text',
    meaning: '`Source` of the fault, `X-Correlation-Id`, and the id in the log',
  },
  operation: { column: 'operation', type: 'text', meaning: 'the event, see below' },
  udfald: { column: 'udfald', type: 'text', meaning: '`udfoert` (done) or `afvist` (refused)' },
  fejlkode: { column: 'fejlkode', type: 'number', meaning: 'error code of a refusal' },
  certificate: {
    column: 'certificate',
    type: 'text',
    meaning: 'SHA-256 fingerprint of the client certificate, or `(tls off)`',
  },
  system: {
    column: 'system',
    type: 'text',
    meaning: 'the system that the certificate is mapped to; `pension` for a command',
  },
  activeOrganisationType: {
    column: 'active_organisation_type',
    type: 'number',
    meaning: 'for whom the call was made: type',
  },
  activeOrganisationCode: {
    column: 'active_organisation_code',
    type: 'text',
    meaning: 'for whom the call was made: code',
  },
  requestOrganisationType: {
    column: 'request_organisation_type',
    type: 'number',
    meaning: 'who made the call: type',
  },
  requestOrganisationCode: {
    column: 'request_organisation_code',
    type: 'text',
    meaning: 'who made the call: code',
  },
  userFullName: { column: 'user_full_name', type: 'text', meaning: 'the user, as the caller named it' },
  userType: {
    column: 'user_type',
    type: 'number',
    meaning: 'type of the user: 1 citizen, 2 case worker, 3 system, 4 employee',
  },
  userIdentifier: {
    column: 'user_identifier',
    type: 'text',
    meaning:
      'the identifier of the user, as the caller named it; of a command `os:` and the account that ran it',
  },
  personnummer: { column: 'personnummer', type: 'text', meaning: 'the citizen concerned' },
  forloebId: {
    column: 'forloeb_id',
    type: 'text',
    meaning: 'TidligPensionIdentifier of the forløb concerned',
  },
  version: { column: 'version', type: 'number', meaning: 'the version that a Save made' },
  modtager: {
    column: 'modtager',
    type: 'text',
    meaning: 'the a-kasse to which the besked goes; none: it waits',
  },
  modtagerAarsag: { column: 'modtager_aarsag', type: 'text', meaning: 'why there, or why it waits' },
  antal: {
    column: 'antal',
    type: 'number',
    meaning:
      'how many refusals (1101, 1012) of one certificate or address in one minute the entry stands for; none: one',
  },
  adresse: {
    column: 'adresse',
    type: 'text',
    meaning: 'network address of the caller, where no certificate is known',
  },
  detaljer: {
    column: 'detaljer',
    type: 'text',
    meaning:
      'what else was done, as JSON; of SaveTidligPension and GenskabBesked the SHA-256 of what the version says and of the MessageIdentifier of its besked (`indhold`), which `pension verify-store` compares; of CreateSequence how many beskeder the sequence holds, and the SHA-256 of their MessageIdentifiers, each with a line end, in order',
  },
  sequence: {
    column: 'sequence',
    type: 'text',
    meaning:
      'identifier of the sequence that was opened or ended, or that the caller named; of a CreateSequence that was refused, of the one that is open',
  },
};

/** Every field, in the order in which an entry is written. New ones go last: what is sealed stays as it was. */
export const AUDIT_FIELDS: readonly AuditField[] = Object.entries(fields).map(([name, field]) => ({
  name: name as AuditFieldName,
  ...field,
}));

/** What leaves an entry, and when. */
export const AUDIT_EVENTS: Readonly<Record<AuditEvent | '(none)', string>> = {
  SaveTidligPension: 'every call, in the transaction of its version and besked; refused ones too',
  GetTidligPension: 'every call, before it is answered; refused ones too',
  CreateSequence: 'every call, in the transaction that opens the sequence; refused ones too',
  GetTidligPensionVersion1:
    'every pickup, before it is answered; refused ones too. One entry for all beskeder of the sequence: a search for a citizen finds it by what the sequence holds',
  TerminateSequence: 'every call, in the transaction that takes the beskeder off the queue; refused ones too',
  CloseSequence: 'every call, in the transaction that gives the beskeder back; refused ones too',
  '(none)':
    'a SOAP call refused before its operation was known: 1014 for a bad envelope, each by itself; 1101 and 1012, gathered by certificate (or address), code and minute',
  GenindlaesFiler:
    'the service took files of its settings that had changed (reference data, certificates, revocation list); `detaljer` holds the SHA-256 of each',
  MeldSvigt:
    'the store had failed, and so many calls were answered 1011 without an entry of their own: `detaljer` holds how many, when the first and the last came, and why. Written when the store is well again',
  ImportMedlemskaber:
    '`pension import medlemskaber`, in the transaction of the import; `detaljer` holds its counts',
  FrigivBesked:
    'a waiting besked was released to an a-kasse by an import, one entry each, in the same transaction',
  OverhalBesked:
    'a waiting besked that an import would have released is not sent: a later version of its forløb has been handed out to that a-kasse already',
  RulSequenceTilbage:
    'the service rolled back a sequence that had been idle for too long (`inaktiv`), or that held beskeder of two a-kasser when their merger was undone (`afloeser`); its beskeder come again',
  VisOutbox: '`pension outbox` was run',
  VisBesked: '`pension outbox show` was run; `detaljer` holds what was asked for',
  LukSequence:
    '`pension outbox close-sequence` gave the beskeder of a sequence back; `detaljer` holds the state in which it found it, and nothing was done unless that was `open`',
  GennemgaaOutbox:
    '`pension outbox sweep` looked for versions without their besked; `detaljer` holds how many there were, and whether they were to be queued again',
  GenskabBesked: '`pension outbox sweep --recreate` queued a besked that a version was owed, one entry each',
  VisMedlemskab: '`pension medlemskab show` was run',
  VisAudit: '`pension audit list --reveal` was run; `detaljer` holds its filters',
  EksporterAudit: '`pension audit export --reveal` was run; `detaljer` holds its filters',
  TagSikkerhedskopi:
    '`pension backup` was run: one entry before the copy is begun (`paabegyndt`), so that it is in the copy too, and one before it gets its name (`faerdig`), with its SHA-256, the last entry (`poster`) and seal that it goes up to (`segl`), and which checks it did not pass (`afvigelser`)',
  GendanStore:
    '`pension restore` made this store of a backup: the first entry behind the seam. `detaljer` holds the file and its SHA-256, the last entry and seal that came with it, and those of the store that it replaced (`erstattet`)',
  KopierStore:
    '`pension store copy` was run: one entry in the store that is copied before the copy is begun (`paabegyndt`), so that it is in the copy too, and one in the copy when it is finished, the first behind the seam (`faerdig`). `detaljer` holds the kind of the other database (`til`, `fra`), and of a finished one the last entry (`poster`) and seal (`segl`) that came with it',
};
