// The settings: what each variable means, its default, its edges, and what is said when it is wrong.

import { expect } from 'chai';
import { SETTING_DOCS } from '../../src/cli/setting-docs.ts';
import { readSettings, type Settings } from '../../src/cli/settings.ts';
import { NEEDED, problemsOf } from '../support/settings.ts';

const tlsOf = ({ tls }: Settings) => (tls === 'off' ? undefined : tls);
const ownOf = ({ tls }: Settings) => (tls !== 'off' && tls.mode === 'on' ? tls : undefined);
const proxyOf = ({ tls }: Settings) => (tls !== 'off' && tls.mode === 'proxy' ? tls : undefined);

interface Expectation {
  readonly of: (settings: Settings) => unknown;
  /** Absent where the variable has to be set. */
  readonly default?: { readonly value: unknown };
  readonly valid: readonly (readonly [text: string, value: unknown])[];
  readonly invalid: readonly string[];
  /** The remedy that the message names. */
  readonly remedy: RegExp;
  readonly with?: Readonly<Record<string, string>>;
}

const file = (of: Expectation['of']): Expectation => ({
  of,
  valid: [['/some where/æ.pem', '/some where/æ.pem']],
  invalid: [],
  remedy: /name the (PEM|JSON) file/,
});

const VARIABLES: Readonly<Record<string, Expectation>> = {
  PENSION_HOST: {
    of: (settings) => settings.host,
    default: { value: '127.0.0.1' },
    valid: [
      ['0.0.0.0', '0.0.0.0'],
      ['::', '::'],
      ['pension.example', 'pension.example'],
    ],
    invalid: ['two words', '127.0.0.1/24', '[::1]'],
    remedy: /must be an IP address or a host name/,
  },
  PENSION_PORT: {
    of: (settings) => settings.port,
    default: { value: 8443 },
    valid: [
      ['0', 0],
      ['65535', 65_535],
    ],
    invalid: ['65536', '-1', '8443.5', 'https', '0x20', ' 8443', '1e3'],
    remedy: /(whole number from 0 to 65535|at most 65535)/,
  },
  PENSION_STORE: {
    of: (settings) => settings.store,
    default: { value: 'sqlite:var/pension.db' },
    valid: [
      ['sqlite:/data/æ b.db', 'sqlite:/data/æ b.db'],
      ['postgres://pension@localhost:5433/pension', 'postgres://pension@localhost:5433/pension'],
      ['postgresql://u:p@db/pension?sslmode=require', 'postgresql://u:p@db/pension?sslmode=require'],
    ],
    invalid: ['sqlite:', 'mysql://localhost/x', 'pension.db', 'postgres:', 'postgres://u:p/w@db/pension'],
    remedy: /must be sqlite:PATH or postgres:\/\/USER@HOST\/DATABASE, for instance sqlite:var\/pension\.db/,
  },
  PENSION_STORE_CONNECTIONS: {
    of: (settings) => settings.storeConnections,
    default: { value: 16 },
    valid: [
      ['2', 2],
      ['500', 500],
    ],
    invalid: ['1', '501', '-1', '2.5', 'many'],
    remedy: /(whole number from 2 to 500|at least 2|at most 500)/,
  },
  PENSION_STORE_DURABILITY: {
    of: (settings) => settings.storeDurability,
    default: { value: 'required' },
    valid: [
      ['required', 'required'],
      ['test', 'test'],
    ],
    invalid: ['off', 'TEST', 'true'],
    remedy: /must be required or test/,
  },
  PENSION_TLS: {
    of: (settings) => (settings.tls === 'off' ? 'off' : settings.tls.mode),
    default: { value: 'on' },
    valid: [
      ['on', 'on'],
      ['proxy', 'proxy'],
      ['off', 'off'],
    ],
    invalid: ['OFF', 'true', 'no', '0'],
    remedy: /must be on, proxy or off/,
  },
  PENSION_TLS_CERT: file((settings) => ownOf(settings)?.cert),
  PENSION_TLS_KEY: file((settings) => ownOf(settings)?.key),
  PENSION_TLS_CA: file((settings) => tlsOf(settings)?.ca),
  PENSION_TLS_CRL: { ...file((settings) => tlsOf(settings)?.crl), default: { value: undefined } },
  PENSION_PROXY_HEADER: {
    of: (settings) => proxyOf(settings)?.header,
    with: { PENSION_TLS: 'proxy' },
    default: { value: 'x-client-cert' },
    valid: [['X-SSL-Client_Cert', 'X-SSL-Client_Cert']],
    invalid: ['two words', 'x-client-cert:', 'æ'],
    remedy: /name of an HTTP header, for instance x-client-cert/,
  },
  PENSION_PROXY_FROM: {
    of: (settings) => proxyOf(settings)?.from.join(' '),
    with: { PENSION_TLS: 'proxy' },
    default: { value: '127.0.0.1 ::1' },
    valid: [
      ['10.0.0.0/8, 192.0.2.7 ,fd00::/8', '10.0.0.0/8 192.0.2.7 fd00::/8'],
      ['0.0.0.0/0', '0.0.0.0/0'],
      ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ],
    invalid: [
      'proxy.example',
      '10.0.0.0/33',
      'fd00::/129',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '127.0.0.1,',
      '127.0.0.1 ::1',
      'fe80::1%eth0',
      '::ffff:10.0.0.0/104',
    ],
    remedy: /IP addresses or ranges with commas between them, for instance 127\.0\.0\.1,10\.0\.0\.0\/8/,
  },
  PENSION_ORGANISATIONER: file((settings) => settings.organisationer),
  PENSION_PUBLIC_URL: {
    of: (settings) => settings.publicUrl,
    default: { value: undefined },
    valid: [
      ['https://pension.example:8443', 'https://pension.example:8443'],
      ['http://[::1]:1', 'http://[::1]:1'],
    ],
    invalid: [
      'https://pension.example/',
      'pension.example',
      'ftp://x',
      'https://x?y',
      'https://a"b',
      'https://:1',
      'https://x:99999',
    ],
    remedy: /scheme, host and port without a path, for instance https:/,
  },
  PENSION_SEQUENCE_IDLE_MINUTES: {
    of: (settings) => settings.sequenceIdleMinutes,
    default: { value: 60 },
    valid: [
      ['1', 1],
      ['10080', 10_080],
    ],
    invalid: ['0', '10081', '-1', '1.5', 'never', ' 60'],
    remedy: /(whole number from 1 to 10080|at least 1|at most 10080)/,
  },
  PENSION_OUTBOX_ALARM_MINUTES: {
    of: (settings) => settings.outboxAlarmMinutes,
    default: { value: 60 },
    valid: [
      ['1', 1],
      ['1000000', 1_000_000],
    ],
    invalid: ['0', '1000001', '-1', '1.5', 'never'],
    remedy: /(whole number from 1 to 1000000|at least 1|at most 1000000)/,
  },
  PENSION_METRICS: {
    of: ({ metrics }) => metrics && `${metrics.host} ${metrics.port}`,
    default: { value: undefined },
    valid: [
      ['127.0.0.1:9464', '127.0.0.1 9464'],
      ['[::1]:65535', '::1 65535'],
    ],
    invalid: ['9464', '127.0.0.1', ':9464', '127.0.0.1:x', '127.0.0.1:65536'],
    remedy: /(HOST:PORT|at most 65535)/,
  },
  PENSION_FORMER_MONTHS: {
    of: (settings) => settings.formerMonths,
    default: { value: 42 },
    valid: [
      ['0', 0],
      ['1200', 1200],
    ],
    invalid: ['1201', '-1', '3.5', 'many'],
    remedy: /(whole number from 0 to 1200|at most 1200)/,
  },
  PENSION_MAX_BODY: {
    of: (settings) => settings.maxBody,
    default: { value: 1_048_576 },
    valid: [
      ['1024', 1024],
      ['67108864', 67_108_864],
    ],
    invalid: ['1023', '67108865', '1M', '99999999999'],
    remedy: /(whole number from 1024 to 67108864|at least 1024|at most 67108864)/,
  },
  PENSION_LOG_LEVEL: {
    of: (settings) => settings.logLevel,
    default: { value: 'info' },
    valid: [
      ['error', 'error'],
      ['warn', 'warn'],
      ['debug', 'debug'],
    ],
    invalid: ['INFO', 'verbose'],
    remedy: /error, warn, info or debug/,
  },
};

describe('the settings', () => {
  it('are all held by this file', () => {
    expect(Object.keys(VARIABLES)).to.have.members(SETTING_DOCS.map(({ name }) => name));
  });

  for (const [name, { of, default: fallback, valid, invalid, remedy, with: besides }] of Object.entries(
    VARIABLES,
  )) {
    const others = { ...NEEDED, ...besides };
    const without = { ...others, [name]: undefined };
    describe(name, () => {
      for (const unset of [undefined, '']) {
        const is = unset === '' ? 'empty' : 'not set';
        if (fallback === undefined) {
          it(`stops the start when it is ${is}`, () => {
            const problems = problemsOf({ ...without, [name]: unset });
            expect(problems).to.have.length(1);
            expect(problems[0])
              .to.match(new RegExp(`^${name} is not set`))
              .and.match(remedy);
          });
        } else {
          it(`is ${fallback.value ?? 'left out'} when it is ${is}`, () => {
            expect(of(readSettings({ ...without, [name]: unset }))).to.equal(fallback.value);
          });
        }
      }
      for (const [text, value] of valid) {
        it(`may be ${text}`, () => expect(of(readSettings({ ...others, [name]: text }))).to.equal(value));
      }
      for (const text of invalid) {
        it(`may not be '${text}'`, () => {
          const problems = problemsOf({ ...others, [name]: text });
          expect(problems, 'one problem').to.have.length(1);
          expect(problems[0])
            .to.match(new RegExp(`^${name}\\b`))
            .and.match(remedy);
        });
      }
    });
  }
});
