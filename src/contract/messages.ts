// The messages of the contract as plain typed objects: what decoding gives and encoding takes. Values are texts as
// the schema allows them, white space collapsed; what they mean is the domain's business.

export interface OvergangMessage {
  readonly TidligPensionOvergangsdato: string;
  readonly TidligPensionAfgoerelsesdato: string;
  readonly TidligPensionOphoersdato?: string;
}

export interface KompensationMessage {
  readonly Kompensationsafgoerelsesdato: string;
}

export interface SaveTidligPensionRequest {
  readonly Personnummer: string;
  readonly TidligPensionIdentifier?: string;
  readonly OvergangTilTidligPension?: OvergangMessage;
  readonly Kompensationsudbetaling?: KompensationMessage;
}

export interface SaveTidligPensionResponse {
  readonly CreatedItemIdentifier: string;
}

export interface GetTidligPensionRequest {
  readonly Personnummer: string;
}

export interface TidligPensionMessage {
  readonly TidligPensionIdentifier: string;
  readonly OvergangTilTidligPension?: OvergangMessage;
  readonly Kompensationsudbetaling?: KompensationMessage;
}

export interface GetTidligPensionResponse {
  readonly TidligPension: readonly TidligPensionMessage[];
}

/** ActiveOrganisationHeader: the organisation for which the call is made. */
export interface ActiveOrganisation {
  readonly OrganisationTypeIdentifier: number;
  readonly OrganisationCode: string;
}

/** RequestUserMetadataHeader: who is behind the call. RegistrationDateTime is kept as the sender wrote it. */
export interface RequestUserMetadata {
  readonly RequestUserStructure: {
    readonly UserFullName: string;
    readonly RequestUserTypeIdentifier: { readonly CodeListItemIdentifier: number };
    readonly UserIdentifier: string;
    readonly UserEmail?: string;
  };
  readonly RequestOrganisationStructure: {
    readonly OrganisationTypeIdentifier: { readonly CodeListItemIdentifier: number };
    readonly OrganisationCode: string;
  };
  readonly RegistrationDateTime: string;
}

/** A request of which the headers say all. */
export type EmptyRequest = Readonly<Record<string, never>>;

/** Which operation hands out how many beskeder of a sequence, and where. */
export interface ServiceItem {
  readonly ServiceName: string;
  readonly ServiceEndpoint: string;
  readonly MessageCount: number;
}

export interface CreateSequenceResponse {
  readonly Identifier: string;
  readonly ServiceInventoryCollection: { readonly ServiceItem: readonly ServiceItem[] };
}

/** What names a sequence: the bodies of Close and Terminate and their answers, and the headers of a pickup. */
export interface SequenceName {
  readonly Identifier: string;
}

/** What the a-kasse is told: a first version is Create, every later one Update. The schema knows Delete too, which is never sent. */
export const REGISTRATION_TYPES = ['Create', 'Update'] as const;
export type RegistrationType = (typeof REGISTRATION_TYPES)[number];

/** One besked: the whole state of a forløb after one Save. */
export interface TidligPensionRegistration {
  readonly MessageIdentifier: string;
  readonly RequestUserMetadata: RequestUserMetadata;
  readonly RegistrationType: RegistrationType;
  readonly EventDate: string;
  readonly Personnummer: string;
  readonly TidligPensionIdentifier: string;
  readonly OvergangTilTidligPension?: OvergangMessage;
  readonly Kompensationsudbetaling?: KompensationMessage;
}

export interface GetTidligPensionVersion1Response {
  readonly TidligPensionRegistration: readonly TidligPensionRegistration[];
}

/** The body of each operation, by its name. */
export interface RequestOf {
  SaveTidligPension: SaveTidligPensionRequest;
  GetTidligPension: GetTidligPensionRequest;
  CreateSequence: EmptyRequest;
  CloseSequence: SequenceName;
  TerminateSequence: SequenceName;
  GetTidligPensionVersion1: EmptyRequest;
}

/** The answer of each operation, by its name. */
export interface ResponseOf {
  SaveTidligPension: SaveTidligPensionResponse;
  GetTidligPension: GetTidligPensionResponse;
  CreateSequence: CreateSequenceResponse;
  CloseSequence: SequenceName;
  TerminateSequence: SequenceName;
  GetTidligPensionVersion1: GetTidligPensionVersion1Response;
}
