// Every setting in words: the help of `pension serve` and the table of the README are made from it.

/** One variable: its name, its default, what it means. The table in the README is held against this one. */
export interface SettingDoc {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

export const SETTING_DOCS: readonly SettingDoc[] = [
  { name: 'PENSION_HOST', default: '127.0.0.1', meaning: 'address to listen on' },
  { name: 'PENSION_PORT', default: '8443', meaning: 'port to listen on; 0 takes any free one' },
  {
    name: 'PENSION_STORE',
    default: 'sqlite:var/pension.db',
    meaning: '`sqlite:PATH`, or `postgres://USER@HOST/DATABASE`',
  },
  {
    name: 'PENSION_STORE_CONNECTIONS',
    default: '16',
    meaning: 'connections to PostgreSQL that this process keeps for calls',
  },
  {
    name: 'PENSION_STORE_DURABILITY',
    default: 'required',
    meaning:
      '`required`; `test` = a PostgreSQL that does not flush every commit is taken too, never for real data',
  },
  {
    name: 'PENSION_TLS',
    default: 'on',
    meaning:
      '`on`; `proxy` = plain HTTP behind a proxy that ends TLS, the certificate in a header; `off` = plain HTTP on a loopback address only, the caller is whoever the headers say (for tests and benchmarks)',
  },
  { name: 'PENSION_TLS_CERT', default: '', meaning: 'PEM file: certificate of the service (with its chain)' },
  { name: 'PENSION_TLS_KEY', default: '', meaning: 'PEM file: its private key' },
  {
    name: 'PENSION_TLS_CA',
    default: '',
    meaning: 'PEM file: the authorities whose client certificates are trusted',
  },
  {
    name: 'PENSION_TLS_CRL',
    default: '',
    meaning: 'PEM file: the revocation list of each of these authorities; optional',
  },
  {
    name: 'PENSION_PROXY_HEADER',
    default: 'x-client-cert',
    meaning: 'with `proxy`: the header that holds the certificate, as URL-encoded PEM',
  },
  {
    name: 'PENSION_PROXY_FROM',
    default: '127.0.0.1,::1',
    meaning: 'with `proxy`: addresses and ranges that may send it, with commas between them',
  },
  {
    name: 'PENSION_ORGANISATIONER',
    default: '',
    meaning: 'JSON file: the reference data (organisations, a-kasser, systems)',
  },
  {
    name: 'PENSION_PUBLIC_URL',
    default: 'from host and port',
    meaning: 'scheme, host and port, no path: the address that the WSDL and the inventory name',
  },
  {
    name: 'PENSION_FORMER_MONTHS',
    default: '42',
    meaning: 'calendar months for which a former a-kasse may read',
  },
  {
    name: 'PENSION_SEQUENCE_IDLE_MINUTES',
    default: '60',
    meaning: 'idle minutes after which the open sequence of an a-kasse is rolled back',
  },
  {
    name: 'PENSION_OUTBOX_ALARM_MINUTES',
    default: '60',
    meaning: 'minutes after which a besked that nobody fetches is an alarm in the log',
  },
  {
    name: 'PENSION_METRICS',
    default: '',
    meaning: '`HOST:PORT` where Prometheus reads `/metrics`, plain HTTP; not served when it is not set',
  },
  { name: 'PENSION_MAX_BODY', default: '1048576', meaning: 'bytes of a request body; more is 413' },
  {
    name: 'PENSION_LOG_LEVEL',
    default: 'info',
    meaning: '`error`, `warn`, `info` or `debug`; JSON lines on stderr',
  },
];
