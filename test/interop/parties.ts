// The running clients of one spec, one for each party, and the words in which a rule is told.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { ClientProcess, Forloeb, Outcome, SaveCommand } from './client-process.ts';
import type { Fixture, Party } from './fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The published texts, as a client should see them: typed here again, so that a change of one is noticed. */
const TEXTS: Readonly<Record<number, string>> = {
  1001: 'Invalid cpr',
  1012: 'Logon failed',
  1013: 'User has insufficient permissions to access this webservice',
  1014: 'The submitted message is not valid',
  1101: 'Client certificate missing from request',
  4575: 'You are not authorized to execute the operation',
  4636: 'Enddate cannot be before startdate',
  8232: 'The Soap request message is missing its required Soap header: ActiveOrganisationHeader',
  8233: 'The Soap request message is missing its required Soap header: RequestUserMetadataHeader',
  8234: 'Could not deserialize the Soap header: ActiveOrganisationHeader',
  8235: 'Could not deserialize the Soap header: RequestUserMetadataHeader',
  9434: 'Forløb må ikke overlappe andet Tidlig Pension forløb',
};

/** Starts the client of a spec as a party. */
export type StartClient = (party: Party) => ClientProcess;

/** Starts clients as they are needed and says what must come of their calls. */
export class Parties {
  readonly #fixture: () => Fixture;
  readonly #start: StartClient;
  readonly #running = new Map<Party, ClientProcess>();
  #borgere = 0;

  constructor(fixture: () => Fixture, start: StartClient) {
    this.#fixture = fixture;
    this.#start = start;
  }

  as(party: Party): ClientProcess {
    const running = this.#running.get(party) ?? this.#start(party);
    this.#running.set(party, running);
    return running;
  }

  /** A personnummer, synthetic, that no rule has used yet. */
  newBorger(): string {
    this.#borgere += 1;
    return `290261${String(5000 + this.#borgere)}`;
  }

  newGuid(): string {
    return randomUUID();
  }

  /** Saves as UDK; gives the identifier. */
  async saved(command: SaveCommand): Promise<string> {
    const outcome = await this.as('udk').save(command);
    expect(outcome, 'an answer to Save').to.have.all.keys('guid');
    const { guid } = outcome as { guid: string };
    expect(guid).to.match(UUID);
    if (command.guid !== undefined) expect(guid).to.equal(command.guid.toLowerCase());
    return guid;
  }

  /** Reads as UDK and compares, the order too. */
  async shows(personnummer: string, ...forloeb: readonly Forloeb[]): Promise<void> {
    expect(await this.as('udk').get(personnummer)).to.deep.equal({ list: forloeb });
  }

  /** A refusal as UDK gets it when it saves; `names` is what the message must say. */
  async refusesSave(command: SaveCommand, code: number, ...names: readonly string[]): Promise<void> {
    this.isFault(await this.as('udk').save(command), code, ...names);
  }

  /** Everything a fault has to carry through the client. */
  isFault(outcome: Outcome, code: number, ...names: readonly string[]): void {
    expect(outcome, JSON.stringify(outcome)).to.have.all.keys('fault', 'text', 'message', 'source');
    const fault = outcome as Extract<Outcome, { fault: number }>;
    expect({ fault: fault.fault, text: fault.text }).to.deep.equal({ fault: code, text: TEXTS[code] });
    expect(fault.message).not.to.be.empty;
    for (const name of names) expect(fault.message).to.contain(name);
    expect(fault.source).to.match(UUID);
    expect(this.#fixture().logged(fault.source), 'the log has the correlation id').to.equal(true);
  }

  /** Ends every client: each at the end of its input, and without a word on stderr. */
  async stop(): Promise<void> {
    for (const [party, client] of this.#running) {
      const status = await client.stop();
      expect({ party, status, stderr: client.stderr }).to.deep.equal({ party, status: 0, stderr: '' });
    }
  }

  /** Ends what stop() has not, after a test that failed. */
  kill(): void {
    for (const client of this.#running.values()) client.kill();
  }
}
