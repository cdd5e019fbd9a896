// The address: is it one of this machine, and what listens there already?

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer } from 'node:net';
import { NS, PENSION_SERVICE } from '../../contract/names.ts';
import { bad, type Finding, good } from './check.ts';
import type { UsableSettings } from './settings.ts';

/** Milliseconds for each of the two things asked of whoever listens. */
const PATIENCE = 600;
/** Characters of an answer that are read: our own WSDL is far shorter. */
const LONGEST = 1_000_000;

/** What is at the address of the settings. */
export interface AddressFindings {
  readonly findings: Finding[];
  /** Whether a service of this program answers there. */
  readonly isServing: boolean;
}

/** Asks for the address without taking it: nothing is listened on there, so that a start meanwhile is not disturbed. */
export async function checkAddress(settings: UsableSettings): Promise<AddressFindings> {
  const { mode, host, port } = settings;
  const named = namedFindings(settings);
  if (host === undefined || port === undefined) return { findings: named, isServing: false };
  if (!(await isOfThisMachine(host))) {
    const finding = bad(
      'address',
      `PENSION_HOST: ${host} is not an address of this machine`,
      'Set it to an address that this machine has, or to 0.0.0.0 for all of them',
    );
    return { findings: [finding, ...named], isServing: false };
  }
  const { says, isFree, isServing } = await whatIsAt(mode, host, port);
  const taken =
    isFree || isServing
      ? []
      : [
          bad(
            'address',
            `PENSION_PORT: ${host} port ${port} is held by something that does not answer as this service does under these settings`,
            'Stop the other program, or choose another port',
          ),
        ];
  const findings = [...taken, ...named];
  return { findings: findings.length > 0 ? findings : [good('address', says)], isServing };
}

const ALL_ADDRESSES: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** What is wrong with the address that the WSDL names. */
function namedFindings({ mode, host, hasPublicUrl, publicUrl }: UsableSettings): Finding[] {
  if (!hasPublicUrl && host !== undefined && Object.hasOwn(ALL_ADDRESSES, host)) {
    return [
      bad(
        'address',
        `the WSDL names ${host}, to which nobody can connect`,
        'Set PENSION_PUBLIC_URL to the address that clients use',
      ),
    ];
  }
  if (mode === 'on' && publicUrl?.startsWith('http:')) {
    return [
      bad(
        'address',
        `the WSDL names ${publicUrl}, but the service speaks HTTPS`,
        'Let PENSION_PUBLIC_URL begin with https:',
      ),
    ];
  }
  return [];
}

async function whatIsAt(mode: UsableSettings['mode'], host: string, port: number) {
  const at = `${host} port ${port}`;
  if (port === 0) return { says: `any free port of ${host}`, isFree: true, isServing: false };
  const to = ALL_ADDRESSES[host] ?? host;
  if (!(await isListening(to, port))) return { says: `${at} is free`, isFree: true, isServing: false };
  const schemes =
    mode === undefined ? (['https', 'http'] as const) : ([mode === 'on' ? 'https' : 'http'] as const);
  for (const scheme of schemes) {
    if (await answersAsWeDo(scheme, to, port)) {
      return { says: `this service answers at ${at}`, isFree: false, isServing: true };
    }
  }
  return { says: '', isFree: false, isServing: false };
}

/** By listening on any free port of it for a moment. */
function isOfThisMachine(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(0, host, () => server.close(() => resolve(true)));
  });
}

function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE });
    const end = (listening: boolean) => (): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

/** Whether the WSDL of this service is served there. Its reading is no call, and leaves no audit entry. */
function answersAsWeDo(scheme: 'http' | 'https', host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE);
    const options = { host, port, path: `${PENSION_SERVICE.path}?wsdl`, agent: false, signal };
    const request =
      scheme === 'https'
        ? httpsRequest({ ...options, rejectUnauthorized: false }) // who it is does not matter here
        : httpRequest(options);
    const give = (answer: boolean): void => {
      resolve(answer);
      request.destroy();
    };
    request.on('error', () => give(false));
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.includes(NS.pension)) give(true);
        else if (text.length > LONGEST) give(false);
      });
      response.once('end', () => give(false));
      response.once('error', () => give(false));
    });
    request.end();
  });
}
