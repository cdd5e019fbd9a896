// node-soap and strong-soap, from the served WSDL, over mTLS: a Save, a Get, and a refusal with its code.

import { expect } from 'chai';
import { clientIdentity } from '../../src/cli/world/world.ts';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { UDK } from '../support/envelopes.ts';
import { startTestService, type TestService } from '../support/service.ts';
import * as nodeSoap from './node-soap/client.ts';
import * as strongSoap from './strong-soap/client.ts';

interface Sample {
  connect(options: nodeSoap.SampleOptions): Promise<never>;
  save(client: never, request: object): Promise<string>;
  get(client: never, personnummer: string): Promise<unknown[]>;
  errorCode(error: unknown): number;
}

const samples: Readonly<Record<string, Sample>> = {
  'node-soap': nodeSoap as unknown as Sample,
  'strong-soap': strongSoap as unknown as Sample,
};

const BORGER = '2902610002';
const overgang = (start: string, slut?: string) => ({
  OvergangTilTidligPension: {
    TidligPensionOvergangsdato: start,
    TidligPensionAfgoerelsesdato: '2025-11-20',
    ...(slut && { TidligPensionOphoersdato: slut }),
  },
});

for (const [name, sample] of Object.entries(samples)) {
  for (const query of ['wsdl', 'singleWsdl']) {
    describe(`${name} from ?${query}`, () => {
      let service: TestService;
      let client: never;
      before(async () => {
        service = await startTestService();
        const { cert, key, ca } = clientIdentity(service.world, 'udk');
        const wsdl = `${service.url}${PENSION_SERVICE.path}?${query}`;
        client = await sample.connect({ wsdl, cert, key, ca, organisation: UDK });
      });
      after(() => service.stop());

      it('reads a citizen without forløb as an empty list', async () => {
        expect(await sample.get(client, BORGER)).to.deep.equal([]);
      });

      it('saves, and reads back what it saved', async () => {
        const id = await sample.save(client, {
          Personnummer: BORGER,
          ...overgang('2026-01-01', '2026-06-30'),
        });
        const [forloeb] = (await sample.get(client, BORGER)) as Record<string, unknown>[];
        expect(forloeb!.TidligPensionIdentifier).to.equal(id);
        expect(JSON.stringify(forloeb)).to.include('2026-01-01').and.to.include('2026-06-30');
      });

      it('receives 9434 with its code', async () => {
        const refusal = await sample.save(client, { Personnummer: BORGER, ...overgang('2026-06-30') }).then(
          () => expect.fail('the overlap was saved'),
          (error: unknown) => error,
        );
        expect(sample.errorCode(refusal)).to.equal(9434);
      });

      it('annuls, and reads the identifier alone', async () => {
        const [{ TidligPensionIdentifier }] = (await sample.get(client, BORGER)) as [Record<string, unknown>];
        await sample.save(client, { Personnummer: BORGER, TidligPensionIdentifier });
        expect(await sample.get(client, BORGER)).to.deep.equal([{ TidligPensionIdentifier }]);
      });
    });
  }
}
