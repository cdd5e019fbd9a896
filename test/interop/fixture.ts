// What each client's spec starts from: a service of its own, its documents as files, and identities to call with.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { startQueueService } from '../support/queue.ts';
import type { TestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

export const REPOSITORY = path.resolve(import.meta.dirname, '../..');
/** Where each service answers: typed here again, so that a change of one is noticed. */
const PATHS = {
  PensionService: '/PjaktassWCFTservice/1/PensionService.svc',
  WsrmService: '/PjaktassWCFTservice/3/WsrmService.svc',
  WsrmMessageService: '/PjaktassWCFTservice/10/WsrmMessageService.svc',
} as const;

/** A service, by the name of its WSDL. */
export type ServiceName = keyof typeof PATHS;

/** The two services through which an a-kasse empties its queue. */
export const QUEUE_SERVICES = ['WsrmService', 'WsrmMessageService'] as const;

/** The WSDL of a service on disk, whose schemas are in the folder beside it. */
export const wsdlFile = (service: ServiceName): string => path.join(REPOSITORY, `wsdl/${service}.wsdl`);
export const WSDL_FILE = wsdlFile('PensionService');

/** Who calls: a certificate of the demo world, or none, for an organisation. */
export interface Identity {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly organisation: { readonly type: string; readonly code: string };
}

/** The parties of the scenario. `ukendt` and `none` say in the header that they are UDK. */
export type Party = 'udk' | 'star' | 'akasse-22' | 'akasse-67' | 'ukendt' | 'none';

/** A service for one client, with members of the a-kasser in its store and nothing that was saved. */
export class Fixture {
  readonly #service: TestService;
  /** For what a client generates. Nothing of it goes into the repository. */
  readonly dir = tempDir();
  readonly ca: string;
  readonly endpoint: string;

  private constructor(service: TestService) {
    this.#service = service;
    this.ca = path.join(service.world, 'ca.pem');
    this.endpoint = this.endpointOf('PensionService');
  }

  static async start(): Promise<Fixture> {
    return new Fixture(await startQueueService());
  }

  stop(): Promise<void> {
    return this.#service.stop();
  }

  endpointOf(service: ServiceName): string {
    return this.#service.url + PATHS[service];
  }

  identity(party: Party): Identity {
    const file = (name: string): string => path.join(this.#service.world, name);
    const mapped = party === 'ukendt' || party === 'none' ? 'udk' : party;
    const { systems } = JSON.parse(readFileSync(file('organisationer.json'), 'utf8')) as ReferenceData;
    const { type, code } = systems.find(({ name }) => name === mapped)!.organisations[0]!;
    return {
      cert: party === 'none' ? undefined : file(`${party}.pem`),
      key: party === 'none' ? undefined : file(`${party}.key`),
      organisation: { type: String(type), code },
    };
  }

  /** True when the log of the service knows a call by this correlation id. */
  logged(correlationId: string): boolean {
    return this.#service.logLines.some((line) => line.includes(`"correlationId":"${correlationId}"`));
  }

  /** What is served at `?singleWsdl`, as a file. */
  async singleWsdlFile(service: ServiceName = 'PensionService'): Promise<string> {
    const file = path.join(this.dir, `${service}.wsdl`);
    writeFileSync(file, await download(`${this.endpointOf(service)}?singleWsdl`, this.ca));
    return file;
  }

  /** The contract as files with two mistakes, for the proof that a generator's complaint would be seen. */
  brokenWsdlFile(): string {
    const dir = tempDir();
    const copy = (from: string, change: (text: string) => string): string => {
      const to = path.join(dir, path.basename(from));
      writeFileSync(to, change(readFileSync(from, 'utf8')));
      return to;
    };
    for (const name of readdirSync(path.join(REPOSITORY, 'xsd'))) {
      copy(path.join(REPOSITORY, 'xsd', name), (text) =>
        text.replaceAll('type="tns:Dato"', 'type="tns:NoSuch"'),
      );
    }
    const message = 'input name="GetTidligPensionRequest" message="tns:';
    return copy(WSDL_FILE, (text) => text.replaceAll('../xsd/', '').replace(message, `${message}NoSuch`));
  }
}

interface ReferenceData {
  readonly systems: readonly {
    readonly name: string;
    readonly organisations: readonly { readonly type: number; readonly code: string }[];
  }[];
}

function download(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { ca: readFileSync(ca) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(text)
          : reject(new Error(`HTTP ${response.statusCode}: ${text}`)),
      );
    });
    request.on('error', reject);
  });
}
