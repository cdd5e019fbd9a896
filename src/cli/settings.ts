// Settings from the environment, checked at start: every error names its variable and says what to do.

import { isIP } from 'node:net';
import { z } from 'zod';
import { LIMITS } from '../contract/limits.ts';
import { isAddressOrRange } from '../soap/addresses.ts';
import { ADDRESS_RULE, isStoreAddress } from '../store/open-store.ts';

/** The settings of the service, typed. Files are paths here; the composition root reads them. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly store: string;
  /** Connections to a PostgreSQL store that this process keeps for calls. */
  readonly storeConnections: number;
  /** With `test` a PostgreSQL is taken that does not flush every commit. */
  readonly storeDurability: 'required' | 'test';
  readonly tls: 'off' | OwnTls | ProxyTls;
  readonly organisationer: string;
  readonly publicUrl?: string;
  readonly formerMonths: number;
  readonly sequenceIdleMinutes: number;
  readonly outboxAlarmMinutes: number;
  /** Where metrics are served, if anywhere. */
  readonly metrics?: { readonly host: string; readonly port: number };
  readonly maxBody: number;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
}

/** The service ends TLS itself. */
export interface OwnTls {
  readonly mode: 'on';
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly crl?: string;
}

/** A proxy ends TLS and hands the certificate over. */
export interface ProxyTls {
  readonly mode: 'proxy';
  readonly ca: string;
  readonly crl?: string;
  readonly header: string;
  /** Addresses and ranges. */
  readonly from: readonly string[];
}

/** Settings that stop the start. `problems` has one line for each variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,10}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

/** Every variable, checked. */
export const environment = z.object({
  PENSION_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, 'must be an IP address or a host name')
    .default('127.0.0.1'),
  PENSION_PORT: number(0, 65_535).default(8443),
  PENSION_STORE: z.string().refine(isStoreAddress, ADDRESS_RULE).default('sqlite:var/pension.db'),
  PENSION_STORE_CONNECTIONS: number(2, 500).default(16),
  PENSION_STORE_DURABILITY: z.enum(['required', 'test'], 'must be required or test').default('required'),
  PENSION_TLS: z.enum(['on', 'proxy', 'off'], 'must be on, proxy or off').default('on'),
  PENSION_TLS_CERT: z.string().optional(),
  PENSION_TLS_KEY: z.string().optional(),
  PENSION_TLS_CA: z.string().optional(),
  PENSION_TLS_CRL: z.string().optional(),
  PENSION_PROXY_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the name of an HTTP header, for instance x-client-cert')
    .default('x-client-cert'),
  PENSION_PROXY_FROM: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine(
      (entries) => entries.every(isAddressOrRange),
      'must be IP addresses or ranges with commas between them, for instance 127.0.0.1,10.0.0.0/8',
    )
    .default(['127.0.0.1', '::1']),
  PENSION_ORGANISATIONER: z.string({
    error: 'is not set; name the JSON file of the reference data (`pension init DIR` makes one)',
  }),
  PENSION_PUBLIC_URL: z
    .string()
    .refine(
      (text) => /^https?:\/\/[^/?#\s"<>&]+$/.test(text) && URL.canParse(text),
      'must be scheme, host and port without a path, for instance https://pension.example:8443',
    )
    .optional(),
  PENSION_FORMER_MONTHS: number(0, 1200).default(42),
  PENSION_SEQUENCE_IDLE_MINUTES: number(1, 10_080).default(60),
  PENSION_OUTBOX_ALARM_MINUTES: number(1, 1_000_000).default(60),
  PENSION_METRICS: z
    .string()
    .regex(
      /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$/,
      'must be HOST:PORT, for instance 127.0.0.1:9464',
    )
    .transform((text) => ({
      host: text.replace(/:[0-9]+$/, '').replace(/^\[(.*)\]$/, '$1'),
      port: Number(/[0-9]+$/.exec(text)![0]),
    }))
    .refine(({ port }) => port <= 65_535, 'must have a port of at most 65535')
    .optional(),
  PENSION_MAX_BODY: number(1_024, 67_108_864).default(LIMITS.maxBody),
  PENSION_LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'], 'must be error, warn, info or debug')
    .default('info'),
});

/** What they say. */
export type Environment = z.output<typeof environment>;

/** What each way to run cannot do without. */
const REQUIRED = {
  on: ['PENSION_TLS_CERT', 'PENSION_TLS_KEY', 'PENSION_TLS_CA'],
  proxy: ['PENSION_TLS_CA'],
} as const;

/** Reads the settings. An empty variable counts as not set. Throws SettingsError with every problem found. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = givenIn(env);
  const problems: string[] = [];
  const parsed = environment.safeParse(given);
  if (!parsed.success) problems.push(...problemsOf(parsed.error));
  if (given.PENSION_TLS !== 'off') {
    const required = REQUIRED[given.PENSION_TLS === 'proxy' ? 'proxy' : 'on'];
    const missing = required.filter((name) => given[name] === undefined);
    problems.push(
      ...missing.map(
        (name) =>
          `${name} is not set; name the PEM file, or set PENSION_TLS=off for a test on a loopback address.`,
      ),
    );
  } else if (!isLoopback(given.PENSION_HOST ?? '127.0.0.1')) {
    problems.push(
      'PENSION_TLS off is for a loopback address only; set PENSION_HOST to 127.0.0.1, or PENSION_TLS to on.',
    );
  }
  if (problems.length > 0 || !parsed.success) throw new SettingsError(problems);
  return toSettings(parsed.data);
}

function toSettings(e: Environment): Settings {
  return {
    host: e.PENSION_HOST,
    port: e.PENSION_PORT,
    store: e.PENSION_STORE,
    storeConnections: e.PENSION_STORE_CONNECTIONS,
    storeDurability: e.PENSION_STORE_DURABILITY,
    tls: tlsOf(e),
    organisationer: e.PENSION_ORGANISATIONER,
    ...(e.PENSION_PUBLIC_URL && { publicUrl: e.PENSION_PUBLIC_URL }),
    formerMonths: e.PENSION_FORMER_MONTHS,
    sequenceIdleMinutes: e.PENSION_SEQUENCE_IDLE_MINUTES,
    outboxAlarmMinutes: e.PENSION_OUTBOX_ALARM_MINUTES,
    ...(e.PENSION_METRICS && { metrics: e.PENSION_METRICS }),
    maxBody: e.PENSION_MAX_BODY,
    logLevel: e.PENSION_LOG_LEVEL,
  };
}

function tlsOf(e: Environment): Settings['tls'] {
  const crl = e.PENSION_TLS_CRL && { crl: e.PENSION_TLS_CRL };
  const trusted = { ca: e.PENSION_TLS_CA!, ...crl };
  if (e.PENSION_TLS === 'off') return 'off';
  if (e.PENSION_TLS === 'on')
    return { mode: 'on', cert: e.PENSION_TLS_CERT!, key: e.PENSION_TLS_KEY!, ...trusted };
  return { mode: 'proxy', header: e.PENSION_PROXY_HEADER, from: e.PENSION_PROXY_FROM, ...trusted };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** The settings that are given; an empty variable counts as not set. */
export const givenIn = (
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name.startsWith('PENSION_') && value !== ''),
  );

/** A line for each problem, naming its variable. */
export const problemsOf = (error: z.ZodError): string[] =>
  error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`);
