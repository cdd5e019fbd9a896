// The order of checks: of two defects the earlier one in the order is answered, for every two that one call can have.
// 4575 belongs to Get and the rules after it to Save, so those two can never meet. order-of-checks-wsrm.test.ts has the
// operations of a transfer.

import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { FEJLKATALOG } from '../../src/contract/fejlkatalog.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import {
  ANDENS_GUID,
  BODY_NOT_VALID,
  type Call,
  CHECKS_ABOUT_A_CITIZEN,
  expectRefusal,
  faultOf,
  RULES_OF_SAVE,
  spoilBoth,
} from '../support/checks-in-order.ts';
import { akasse, getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { fileOf } from '../support/new-store.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const BORGER = '2902610003';
const ANDEN_BORGER = '2902610004';
const GUID = '6b1f7c1e-0000-4000-8000-000000000001';
const overgang = (start: string, slut?: string) => ({
  OvergangTilTidligPension: {
    TidligPensionOvergangsdato: start,
    TidligPensionAfgoerelsesdato: '2025-01-01',
    ...(slut && { TidligPensionOphoersdato: slut }),
  },
});

/** A Save that nothing is wrong with. */
const SAVE: Call = {
  caller: 'udk',
  soapAction: '""',
  body: saveEnvelope({
    Personnummer: BORGER,
    TidligPensionIdentifier: GUID,
    ...overgang('2026-03-01', '2026-03-31'),
  }),
};
/** A Get with which nothing is wrong but the citizen: nobody's member. */
const GET_4575: Call = {
  caller: 'akasse-11',
  soapAction: '""',
  body: getEnvelope(BORGER, akasse('11')),
};
const CHECKS_OF_SAVE = [...CHECKS_ABOUT_A_CITIZEN, ...RULES_OF_SAVE];

describe('the order of checks', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
    const taken = { Personnummer: BORGER, ...overgang('2026-01-01', '2026-01-31') };
    expect((await send(service, { body: saveEnvelope(taken) })).status).to.equal(200);
    const others = {
      Personnummer: ANDEN_BORGER,
      TidligPensionIdentifier: ANDENS_GUID,
      ...overgang('2026-01-01'),
    };
    expect((await send(service, { body: saveEnvelope(others) })).status).to.equal(200);
  });
  after(() => service.stop());

  describe('of a Save', () => {
    for (const check of CHECKS_OF_SAVE) {
      it(`${check.code} (${check.name}), alone`, async () => {
        expectRefusal(await faultOf(service, check.spoil(SAVE)), check);
      });
    }

    CHECKS_OF_SAVE.forEach((earlier, index) => {
      for (const later of CHECKS_OF_SAVE.slice(index + 1)) {
        const both = spoilBoth(SAVE, earlier, later);
        if (both === undefined) continue;
        it(`${earlier.code} (${earlier.name}) comes before ${later.code} (${later.name})`, async () => {
          expectRefusal(await faultOf(service, both), earlier);
        });
      }
    });

    it('is proved for all neighbours but those that no call can fail both', () => {
      const unproved = CHECKS_OF_SAVE.slice(1).flatMap((later, index) => {
        const earlier = CHECKS_OF_SAVE[index]!;
        return spoilBoth(SAVE, earlier, later) === undefined ? [`${earlier.name} / ${later.name}`] : [];
      });
      expect(unproved).to.deep.equal([
        'no certificate / unknown certificate',
        'first indberetning with neither block / end before start',
      ]);
    });
  });

  describe('of a Get that ends with 4575', () => {
    it('which is what it gets when nothing else is wrong', async () => {
      expect((await faultOf(service, GET_4575)).errorCode).to.equal(4575);
    });

    for (const earlier of CHECKS_ABOUT_A_CITIZEN) {
      it(`${earlier.code} (${earlier.name}) comes first`, async () => {
        expectRefusal(await faultOf(service, earlier.spoil(GET_4575)), earlier);
      });
    }
  });

  it('an a-kasse learns 1013 for a Save before anything of its body is looked at', async () => {
    const body = saveEnvelope({ Personnummer: BORGER, ...overgang('2026-03-01') }, akasse('11'));
    const call = BODY_NOT_VALID.spoil({ ...GET_4575, body });
    expect((await faultOf(service, call)).errorCode).to.equal(1013);
  });
});

describe('what HTTP refuses comes before the certificate', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService({ PENSION_MAX_BODY: '20000' });
  });
  after(() => service.stop());

  const body = `${SAVE.body}${' '.repeat(20_000)}`;
  const wrongType = { 'Content-Type': 'text/plain' };
  for (const [status, what, request] of [
    [404, 'path, method, content type and size', { path: '/', method: 'PUT', headers: wrongType, body }],
    [405, 'method, content type and size', { method: 'PUT', headers: wrongType, body }],
    [415, 'content type and size', { headers: wrongType, body }],
    [413, 'size', { body }],
  ] as const) {
    it(`${status} of a call without one whose ${what} are wrong`, async () => {
      const answer = await send(service, { caller: 'none', path: PENSION_SERVICE.path, ...request });
      expect(answer.status).to.equal(status);
      expect(readFault(answer.body)).to.equal(undefined);
    });
  }
});

describe('the catalogue of error codes', () => {
  it('is met in full but for what it reserves, over the real edge', async () => {
    const service = await startTestService();
    await send(service, {
      body: saveEnvelope({ Personnummer: BORGER, ...overgang('2026-01-01', '2026-01-31') }),
    });
    await send(service, {
      body: saveEnvelope({
        Personnummer: ANDEN_BORGER,
        TidligPensionIdentifier: ANDENS_GUID,
        ...overgang('2026-01-01'),
      }),
    });
    const seen = new Set<number>();
    for (const { spoil } of CHECKS_OF_SAVE) seen.add((await faultOf(service, spoil(SAVE))).errorCode);
    seen.add((await faultOf(service, GET_4575)).errorCode);
    // A store whose file is taken away can keep nothing, so nothing is answered but this.
    rmSync(fileOf(service.store));
    seen.add((await faultOf(service, SAVE)).errorCode);
    await service.stop();
    const wanted = Object.entries(FEJLKATALOG).filter(([, { reserveret }]) => !reserveret);
    expect([...seen].sort((a, b) => a - b)).to.deep.equal(wanted.map(([kode]) => Number(kode)));
  });
});
