// Where a client command calls, with which certificate, and for which organisation: from its options, and from a
// demo world where --as names one of its systems.

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { type Organisationer, readOrganisationer } from '../../access/organisationer.ts';
import type { ActiveOrganisation } from '../../contract/messages.ts';
import { UsageError } from '../outcome.ts';
import { belongTogether, certificateProblem, keyProblem } from '../pem.ts';
import { clientIdentity } from '../world/files.ts';

/** The options that every client command takes. */
export interface TargetOptions {
  readonly url?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly as?: string;
  readonly world?: string;
  readonly organisation?: string;
}

/** PEM texts for a TLS client. */
export interface ClientTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** A service to call, and as whom. Without `tls` the address is plain HTTP. */
export interface Target {
  /** Scheme, host and port. */
  readonly url: string;
  readonly tls?: ClientTls;
  readonly organisation: ActiveOrganisation;
}

/** Where a service is called, and whose world is meant, unless options say otherwise. */
export const DEFAULT_URL = 'https://127.0.0.1:8443';
export const DEFAULT_WORLD = 'var';
/** Type numbers of the demo world; a world of your own may have others, so give --organisation there. */
const UDK_TYPE = 50;

/** Adds the options to a command. `as` is the system that is meant when --as is not given. */
export function addTargetOptions(command: Command, as?: string): Command {
  return command
    .option('--url <url>', 'address of the service: scheme, host and port', DEFAULT_URL)
    .addOption(
      new Option(
        '--as <name>',
        'call as this system of the demo world: fills headers and certificate',
      ).default(as),
    )
    .option('--world <dir>', `folder of the demo world (default: beside --cert, or ${DEFAULT_WORLD})`)
    .option('--cert <file>', 'client certificate, PEM')
    .option('--key <file>', 'its private key, PEM')
    .option('--ca <file>', 'authority that issued the certificate of the service, PEM')
    .option(
      '--organisation <type:code>',
      'the organisation to call for (ActiveOrganisationHeader), for instance 50:12345678 (UDK) or 2:22 (a-kasse 22)',
    );
}

/** Works the target out. Throws UsageError when something is missing or cannot be read. */
export function resolveTarget(options: TargetOptions): Target {
  const url = checkUrl(options.url ?? DEFAULT_URL);
  const world = findWorld(options);
  const system = options.as === undefined ? undefined : systemName(options.as);
  const identity = system === undefined ? undefined : clientIdentity(world, system);
  const tls = url.startsWith('https:') ? readTls(options, identity) : undefined;
  return { url, ...(tls && { tls }), organisation: findOrganisation(options, world, system, tls) };
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href) {
    throw new UsageError(`--url must be scheme, host and port, for instance ${DEFAULT_URL}.`);
  }
  return url.origin;
}

function findWorld({ world, cert }: TargetOptions): string {
  if (world !== undefined) return world;
  if (cert !== undefined && existsSync(path.join(path.dirname(cert), 'organisationer.json')))
    return path.dirname(cert);
  return DEFAULT_WORLD;
}

/** `67` stands for `akasse-67`. */
const systemName = (as: string): string => (/^[0-9]{2}$/.test(as) ? `akasse-${as}` : as);

function readTls(options: TargetOptions, identity: ReturnType<typeof clientIdentity> | undefined): ClientTls {
  const cert = readPem('--cert', options.cert ?? identity?.cert, options, certificateProblem);
  const key = readPem('--key', options.key ?? identity?.key, options, keyProblem);
  const ca = readPem('--ca', options.ca ?? identity?.ca, options, certificateProblem);
  if (!belongTogether(cert, key))
    throw new UsageError('--cert and --key do not belong together: the key is that of another certificate.');
  return { cert, key, ca };
}

function readPem(
  option: string,
  file: string | undefined,
  { as }: TargetOptions,
  problemOf: (text: string) => string | undefined,
): string {
  if (file === undefined) {
    throw new UsageError(
      `${option} is missing; name the PEM file, or use --as with a system of a demo world.`,
    );
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const hint =
      as === undefined
        ? ''
        : ' Is there a demo world? `make run` or `pension init DIR` makes one; name it with --world.';
    throw new UsageError(
      `${option}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).${hint}`,
    );
  }
  const problem = problemOf(text);
  if (problem !== undefined) throw new UsageError(`${option}: ${file}: ${problem}; a PEM file was expected.`);
  return text;
}

function findOrganisation(
  { organisation, as }: TargetOptions,
  world: string,
  system: string | undefined,
  tls: ClientTls | undefined,
): ActiveOrganisation {
  if (organisation !== undefined) return parseOrganisation(organisation);
  if (system === undefined)
    throw new UsageError('--organisation TYPE:CODE is missing, or --as with a system of a demo world.');
  const own = ownOrganisation(world, system) ?? (system === 'udk' ? udkOf(tls) : undefined);
  if (own !== undefined) return own;
  throw new UsageError(
    `--as ${as}: no such system, or none that acts for an organisation, in ${path.join(world, 'organisationer.json')}; name the demo world with --world, or give --organisation TYPE:CODE.`,
  );
}

function parseOrganisation(text: string): ActiveOrganisation {
  const match = /^([0-9]{1,3}):(.{1,20})$/.exec(text);
  if (match === null)
    throw new UsageError('--organisation must be TYPE:CODE, for instance 50:12345678 or 2:67.');
  return { OrganisationTypeIdentifier: Number(match[1]), OrganisationCode: match[2]! };
}

function ownOrganisation(world: string, name: string): ActiveOrganisation | undefined {
  let reference: Organisationer;
  try {
    reference = readOrganisationer(readFileSync(path.join(world, 'organisationer.json'), 'utf8'));
  } catch {
    return undefined; // no world there: the caller says so
  }
  const first = reference.systems.find((system) => system.name === name)?.organisations[0];
  return first && { OrganisationTypeIdentifier: first.type, OrganisationCode: first.code };
}

/** UDK's organisation by the CVR number in its certificate. */
function udkOf(tls: ClientTls | undefined): ActiveOrganisation | undefined {
  const cvr =
    tls && /organizationIdentifier=NTRDK-([0-9]{8})/.exec(new X509Certificate(tls.cert).subject)?.[1];
  return cvr === undefined ? undefined : { OrganisationTypeIdentifier: UDK_TYPE, OrganisationCode: cvr };
}
