// The whole access matrix over the real edge: operation × organisation × membership × what the headers claim × the
// certificate; that of the queue is in access-matrix-wsrm.test.ts. Each cell is answered as the specification says, which test/support/access-oracle.ts works out by
// itself, and is in the audit trail.

import { statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { type DemoBorgerNavn, demoBorgere } from '../../src/cli/world/demo-borgere.ts';
import {
  ACTIVE,
  BORGERE,
  cellsOf,
  envelopeOf,
  guidOf,
  MAY_READ,
  MED_FORLOEB,
  saveOf,
} from '../support/access-cells.ts';
import { AccessOracle, type Claim, type MatrixCall, todayInDenmark } from '../support/access-oracle.ts';
import { readFault } from '../support/answers.ts';
import { forEachAtOnce } from '../support/at-once.ts';
import { pension, worldEnv } from '../support/cli.ts';
import { saveEnvelope } from '../support/envelopes.ts';
import { lookInto, newStore } from '../support/new-store.ts';
import { send } from '../support/raw-client.ts';
import { demoWorld, startTestService, type TestService } from '../support/service.ts';

interface Made {
  readonly call: MatrixCall;
  readonly correlationId: string;
  readonly code: number | undefined;
}

describe('the access matrix', function () {
  this.timeout(120_000);
  let service: TestService;
  let oracle: AccessOracle;
  let idag: string;
  const made: Made[] = [];
  let problemsInAll = 0;

  before(async function () {
    const world = await demoWorld();
    const register = path.join(world, 'medlemskaber.csv');
    // World, service and oracle must speak of the same day to the end.
    idag = todayInDenmark(statSync(register).mtime);
    if (todayInDenmark(new Date(Date.now() + 60_000)) !== idag) this.skip();
    const env = { ...worldEnv(world), PENSION_STORE: await newStore() };
    const imported = await pension(['import', 'medlemskaber', register], { env });
    expect(imported, imported.stderr).to.have.property('code', 0);
    service = await startTestService({ PENSION_STORE: env.PENSION_STORE });
    await forEachAtOnce([...MED_FORLOEB], async (personnummer) => {
      expect((await send(service, { body: saveEnvelope(saveOf(personnummer)) })).status).to.equal(200);
    });
    oracle = new AccessOracle(world, idag);
  });
  after(async () => {
    if (service === undefined) return; // the day was too short
    console.log(
      `      S5: ${made.length} cells of the access matrix, answered otherwise than the table says ${problemsInAll}`,
    );
    await service.stop();
  });

  /** Makes the call; what is wrong with its answer, if anything. */
  async function problemWith(
    call: MatrixCall,
    at: TestService,
    by: AccessOracle,
  ): Promise<string | undefined> {
    const answer = await send(at, { caller: call.certificate, body: envelopeOf(call) });
    const code = readFault(answer.body)?.errorCode;
    made.push({ call, correlationId: String(answer.headers['x-correlation-id']), code });
    const expected = by.codeOf(call);
    const tells = answer.body.includes(guidOf(call.personnummer));
    const shall =
      expected === undefined &&
      (call.operation === 'SaveTidligPension' || MED_FORLOEB.has(call.personnummer));
    if (code === expected && tells === shall) return undefined;
    return `${JSON.stringify(call)}: ${code ?? 'done'}${tells ? ', tells' : ''}, must be ${expected ?? 'done'}${shall ? ', tells' : ''}`;
  }

  async function expectAll(calls: readonly MatrixCall[], at = service, by = oracle): Promise<void> {
    const problems: string[] = [];
    await forEachAtOnce(calls, async (call) => {
      const problem = await problemWith(call, at, by);
      if (problem !== undefined) problems.push(problem);
    });
    problemsInAll += problems.length;
    expect(problems, `${problems.length} of ${calls.length} calls`).to.deep.equal([]);
  }

  it('the oracle reads each situation as a person does', () => {
    for (const [navn, akasser] of Object.entries(MAY_READ)) {
      const { personnummer, situation } = demoBorgere[navn as DemoBorgerNavn];
      expect([...oracle.readersOf(personnummer)], situation).to.deep.equal(akasser);
    }
  });

  // Get first: a Save gives forløb to citizens who have none.
  for (const operation of ['GetTidligPension', 'SaveTidligPension'] as const) {
    for (const [who, active] of Object.entries(ACTIVE)) {
      it(`${operation} for ${who}: every certificate, claim and citizen`, () =>
        expectAll(cellsOf(operation, active)));
    }
  }

  const getByOwnCertificate = (personnumre: readonly string[]): MatrixCall[] =>
    ['11', '22', '67', '31'].flatMap((code) =>
      personnumre.map((personnummer) => ({
        operation: 'GetTidligPension' as const,
        certificate: `akasse-${code}`,
        active: { type: 2, code },
        request: { type: 2, code },
        personnummer,
      })),
    );

  it('GetTidligPension for each a-kasse by its own certificate: every citizen of the register', () =>
    expectAll(getByOwnCertificate(oracle.borgere.filter((personnummer) => !BORGERE.includes(personnummer)))));

  for (const months of [0, 5, 12, 43]) {
    it(`and with PENSION_FORMER_MONTHS=${months}`, async () => {
      const other = await startTestService({
        PENSION_STORE: service.store,
        PENSION_FORMER_MONTHS: String(months),
      });
      try {
        const calls = getByOwnCertificate([...MED_FORLOEB]);
        await expectAll(calls, other, new AccessOracle(service.world, idag, months));
      } finally {
        await other.stop();
      }
    });
  }

  it('holds every outcome that a call can have before the rules', () => {
    const codes = new Set(made.map(({ code }) => code));
    expect(codes).to.have.all.keys([undefined, 1001, 1012, 1013, 1101, 4413, 4575, 8173]);
  });

  it('left one audit entry for each call that got past the certificate, with its code and whom it claimed', async () => {
    const named = ({ type, code }: Claim): string => `${type}:${code}`;
    const wanted = made
      .filter(({ code }) => code !== 1101 && code !== 1012)
      .map(({ call, correlationId, code }) => ({
        correlationId,
        operation: call.operation,
        fejlkode: code ?? null,
        system: call.certificate,
        active: named(call.active),
        request: named(call.request),
      }))
      .sort((a, b) => (a.correlationId < b.correlationId ? -1 : 1));
    const ids = new Set(wanted.map(({ correlationId }) => correlationId));
    const entries = await kept<{ correlationId: string }>(
      `SELECT correlation_id AS "correlationId", operation, fejlkode, system,
              active_organisation_type || ':' || active_organisation_code AS active,
              request_organisation_type || ':' || request_organisation_code AS request
         FROM audit_entry ORDER BY correlation_id`,
    );
    expect(entries.filter(({ correlationId }) => ids.has(correlationId))).to.deep.equal(wanted);
  });

  it('counted each call that did not, gathered or not', async () => {
    const counted = await kept(
      `SELECT fejlkode, sum(antal) AS antal
         FROM (SELECT fejlkode, coalesce(antal, 1) AS antal FROM audit_entry
               UNION ALL SELECT fejlkode, antal FROM audit_gathering) AS counted
        WHERE fejlkode IN (1012, 1101) GROUP BY fejlkode ORDER BY fejlkode`,
    );
    const wanted = [1012, 1101].map((fejlkode) => ({
      fejlkode,
      antal: made.filter(({ code }) => code === fejlkode).length,
    }));
    expect(counted).to.deep.equal(wanted);
  });

  /** What a query finds in the store of the service. */
  const kept = <T>(sql: string): Promise<T[]> => lookInto<T>(service.store, sql);
});
