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

/** The body of each operation, by its name. */
export interface RequestOf {
  SaveTidligPension: SaveTidligPensionRequest;
  GetTidligPension: GetTidligPensionRequest;
}

/** The answer of each operation, by its name. */
export interface ResponseOf {
  SaveTidligPension: SaveTidligPensionResponse;
  GetTidligPension: GetTidligPensionResponse;
}
