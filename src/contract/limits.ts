// Every limit on what clients send, in one place. Sizes are in bytes, times in milliseconds unless the name says otherwise.

export const LIMITS = {
  /** Greatest request body, unless the setting PENSION_MAX_BODY says otherwise. */
  maxBody: 1_048_576,
  /** Greatest sum of request headers; above it 431. */
  maxHttpHeaders: 16_384,
  /** A TLS handshake that takes longer is cut off. */
  handshakeTimeout: 5_000,
  /** A client that has not sent its HTTP headers by then gets 408. */
  headersTimeout: 10_000,
  /** A client that has not sent its whole request by then gets 408. */
  requestTimeout: 20_000,
  /** How long an idle connection is kept for the next call. */
  keepAliveTimeout: 65_000,
  /** How long a graceful stop goes on taking requests, each the last of its connection. */
  stopGrace: 100,
  /** How long after it what has come by then is taken, where there is so much of it that it takes its time. */
  stopCatchUp: 1_000,
  /** How long it then waits for requests in flight. */
  stopTimeout: 8_000,
  /** Connections that are served at once; on one beyond them the first request is answered 503, and it is closed. */
  maxConnections: 3_000,
  /** Those of one certificate, or of one address without a certificate; likewise. */
  maxConnectionsEach: 1_000,
  /** A connection that is one too many is closed after so long, if no request has come on it by then. */
  surplusTimeout: 1_000,
  /** Sockets in all, handshakes that are not done counted; beyond it one is closed as soon as it is there. */
  maxSockets: 4_096,
  /** Requests on one connection that have no answer yet; one more is answered 503, the last answer of its connection. */
  maxPipelined: 64,
  /** Calls that the store is asked about or that wait for it: the length of its queue. Beyond it 503. */
  maxInFlight: 192,
  /** Those of one system; likewise, so that there is room for the others. */
  maxInFlightEach: 128,
  /** Those of all callers together who are nobody's system: without a certificate, or with one that is not good. */
  maxInFlightStrangers: 32,
  /** Of all these, so many are with the store at a time; the others wait, and each system has its turn. */
  maxAtStore: 64,
  /** A call that has waited for its turn, or for another process to let go of the store, for so long is not carried out. */
  patience: 5_000,
  /** What a database that is reached over a network has to answer in; a call that gets none by then is answered 1011. */
  storeAnswer: 4_000,
  /** Bytes of bodies that have come of requests that are not whole yet; a request that would bring more gets 503. */
  maxReading: 67_108_864,
  /** Those of one system; likewise. */
  maxReadingEach: 41_943_040,
  /** Bytes of answers that one system has not taken yet; beyond it 503. An answer with 500 beskeder has one to three million. */
  maxUndelivered: 16_777_216,
  /** A connection with a call under way on which nothing moves for so long is cut off: its client takes no answers. */
  stallTimeout: 30_000,
  /** What a 503 tells the client to wait, in seconds. */
  retryAfterSeconds: 5,
  /** Bytes that are taken and forgotten of a request that is refused before its body is read. */
  maxDiscarded: 1_048_576,
  /** How long that may take. */
  discardTimeout: 1_000,
  /** How long of a client that has asked whether to send its body at all. */
  waitingDiscardTimeout: 200,
  /** Elements may be nested this deep in an envelope, Envelope itself counted. */
  maxDepth: 64,
  /** Elements in one envelope. */
  maxElements: 2_000,
  /** Attributes in one envelope, namespace declarations counted. */
  maxAttributes: 1_000,
  /** Characters of one attribute value or namespace name: a schema is searched by the namespace of every element. */
  maxAttributeValue: 4_096,
  /** Comments, CDATA sections and processing instructions in one envelope: they cut text into pieces. */
  maxMarkup: 500,
  /** Certificates and addresses that are told apart in one minute, by code, when refusals of strangers are gathered. */
  maxGathered: 200,
  /** Beskeder in one sequence: a limit on what one answer holds, and what a client has to take at a time. */
  maxSequence: 500,
  /** Characters of client text that a fault message repeats at most. */
  maxQuoted: 160,
} as const;
