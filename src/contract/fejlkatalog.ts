// The catalogue of refusals: every error code a client can meet, its fixed text, who is at fault, whether a retry
// helps, and what to do. Clients switch on the code; the table in the README is held against this one by a test.

/** Who has to act: the sender of the message, or the operators of the service. */
export type Skyld = 'Client' | 'Server';

interface Katalogpost {
  /** The `faultstring`: fixed, the same for every occurrence. */
  readonly tekst: string;
  readonly skyld: Skyld;
  /** Whether the same call may succeed later without being changed. */
  readonly retry: boolean;
  /** What the receiver of the code should do. */
  readonly raad: string;
  /** Reserved codes belong to the platform and are not sent by this version. */
  readonly reserveret?: true;
}

const katalog = {
  1001: {
    tekst: 'Invalid cpr',
    skyld: 'Client',
    retry: false,
    raad: 'Send the real personnummer; ten zeros mean "unknown" on the platform and are not accepted here.',
  },
  1009: {
    tekst: 'Configuration error',
    skyld: 'Server',
    retry: false,
    raad: 'Never sent: bad settings stop the start.',
    reserveret: true,
  },
  1010: {
    tekst: 'Unknown cpr',
    skyld: 'Client',
    retry: false,
    raad: 'Never sent: this version has no register of citizens.',
    reserveret: true,
  },
  1011: {
    tekst: 'Internal error on server',
    skyld: 'Server',
    retry: true,
    raad: 'Send it again later; nothing was changed unless Message says that this is not certain. If it persists, give the Source to the operators.',
  },
  1012: {
    tekst: 'Logon failed',
    skyld: 'Client',
    retry: false,
    raad: 'Use a valid certificate that the operators have mapped to your system; Message says what is wrong.',
  },
  1013: {
    tekst: 'User has insufficient permissions to access this webservice',
    skyld: 'Client',
    retry: false,
    raad: 'Check ActiveOrganisationHeader: your certificate must be mapped to it and its kind must have the operation.',
  },
  1014: {
    tekst: 'The submitted message is not valid',
    skyld: 'Client',
    retry: false,
    raad: 'Correct the message: Message names the element, its line and what was expected; of a sequence, what became of it and what to call next.',
  },
  1100: {
    tekst: 'An error has occurred',
    skyld: 'Server',
    retry: true,
    raad: 'Never sent by this version.',
    reserveret: true,
  },
  1101: {
    tekst: 'Client certificate missing from request',
    skyld: 'Client',
    retry: false,
    raad: 'Send your client certificate; some clients withhold one whose issuer the service does not list.',
  },
  4413: {
    tekst: 'The authoritytype of the requestheader is invalid',
    skyld: 'Client',
    retry: false,
    raad: 'Organisations of this type are not served; call for UDK, STAR or an a-kasse.',
  },
  4575: {
    tekst: 'You are not authorized to execute the operation',
    skyld: 'Client',
    retry: false,
    raad: 'An a-kasse may read its own members, and former members for 42 months unless set otherwise.',
  },
  4636: {
    tekst: 'Enddate cannot be before startdate',
    skyld: 'Client',
    retry: false,
    raad: 'Correct TidligPensionOphoersdato; the same day as TidligPensionOvergangsdato is allowed.',
  },
  8173: {
    tekst: 'OrganisationType is invalid according to the organisationTypeIdentifierCodeList.',
    skyld: 'Client',
    retry: false,
    raad: 'Use an organisation type of the list in both headers.',
  },
  8174: {
    tekst: 'UserType is invalid according to the requestUserTypeIdentifierCodeList.',
    skyld: 'Client',
    retry: false,
    raad: 'Use a user type of the list: 1 citizen, 2 case worker, 3 system, 4 employee.',
  },
  8232: {
    tekst: 'The Soap request message is missing its required Soap header: ActiveOrganisationHeader',
    skyld: 'Client',
    retry: false,
    raad: 'Add the header; many generators leave headers out unless told.',
  },
  8233: {
    tekst: 'The Soap request message is missing its required Soap header: RequestUserMetadataHeader',
    skyld: 'Client',
    retry: false,
    raad: 'Add the header; many generators leave headers out unless told.',
  },
  8234: {
    tekst: 'Could not deserialize the Soap header: ActiveOrganisationHeader',
    skyld: 'Client',
    retry: false,
    raad: 'Send the header once and valid against its schema; Message names the element.',
  },
  8235: {
    tekst: 'Could not deserialize the Soap header: RequestUserMetadataHeader',
    skyld: 'Client',
    retry: false,
    raad: 'Send the header once and valid against its schema; Message names the element.',
  },
  9434: {
    tekst: 'Forløb må ikke overlappe andet Tidlig Pension forløb',
    skyld: 'Client',
    retry: false,
    raad: 'End or annul the forløb that Message names, or correct the dates, then send again.',
  },
} as const satisfies Record<number, Katalogpost>;

/** Every error code that exists on the wire. */
export type Fejlkode = keyof typeof katalog;

/** The catalogue, readable as `FEJLKATALOG[kode]`. */
export const FEJLKATALOG: Readonly<Record<Fejlkode, Katalogpost>> = katalog;

/** SOAP 1.1 fault codes. Client and Server follow from the catalogue; the other two belong to the envelope. */
export type Faultcode = Skyld | 'VersionMismatch' | 'MustUnderstand';

/** A catalogued refusal: a value, never thrown by rules. `message` is for people and never holds a personnummer. */
export interface Fejl {
  readonly kode: Fejlkode;
  readonly message: string;
  /** Only where it is not the one of the catalogue: an envelope of another SOAP version, a header not understood. */
  readonly faultcode?: Faultcode;
}

/** Makes a refusal. */
export const fejl = (kode: Fejlkode, message: string, faultcode?: Faultcode): Fejl =>
  faultcode === undefined ? { kode, message } : { kode, message, faultcode };

/** Either a value or the refusal that stands in its way. */
export type Resultat<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fejl: Fejl };

export const ok = <T>(value: T): Resultat<T> => ({ ok: true, value });
export const afvist = (f: Fejl): { readonly ok: false; readonly fejl: Fejl } => ({ ok: false, fejl: f });
