// The order of checks: of two defects the earlier one in the order is answered, for each pair of neighbours and some
// that lie far apart. Nothing about a citizen is said before 4575 is decided.

import { expect } from 'chai';
import { PENSION_SERVICE } from '../../src/contract/names.ts';
import { readFault } from '../support/answers.ts';
import { akasse, getEnvelope, saveEnvelope } from '../support/envelopes.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const BORGER = '2902610003';
const ANDEN_BORGER = '2902610004';
const GUID = '6b1f7c1e-0000-4000-8000-000000000001';
const ANDEN_GUID = '6b1f7c1e-0000-4000-8000-000000000002';
const overgang = (start: string, slut?: string) => ({
  OvergangTilTidligPension: {
    TidligPensionOvergangsdato: start,
    TidligPensionAfgoerelsesdato: '2025-01-01',
    ...(slut && { TidligPensionOphoersdato: slut }),
  },
});

/** Each defect as a change to a valid Save by UDK, in the order in which it must be answered. */
const DEFECTS: readonly {
  readonly code: number;
  readonly name: string;
  readonly change: (xml: string) => string;
}[] = [
  { code: 1014, name: 'not well-formed', change: (xml) => xml.replace('</s:Envelope>', '') },
  {
    code: 1014,
    name: 'a header that must be understood',
    change: (xml) => xml.replace('<s:Header>', '<s:Header><x:X xmlns:x="urn:x" s:mustUnderstand="1"/>'),
  },
  {
    code: 8232,
    name: 'no ActiveOrganisationHeader',
    change: (xml) => xml.replace(/<ActiveOrganisationHeader.*<\/ActiveOrganisationHeader>/s, ''),
  },
  {
    code: 8233,
    name: 'no RequestUserMetadataHeader',
    change: (xml) => xml.replace(/<RequestUserMetadataHeader.*<\/RequestUserMetadataHeader>/s, ''),
  },
  {
    code: 8234,
    name: 'ActiveOrganisationHeader not valid',
    change: (xml) =>
      xml.replace(
        /<OrganisationCode>[^<]*<\/OrganisationCode><\/ActiveOrganisationHeader>/,
        '</ActiveOrganisationHeader>',
      ),
  },
  {
    code: 8235,
    name: 'RequestUserMetadataHeader not valid',
    change: (xml) => xml.replace(/<UserFullName>[^<]*</, '<UserFullName><'),
  },
  {
    code: 8173,
    name: 'organisation type not in the list',
    change: (xml) => xml.replace(/<OrganisationTypeIdentifier>\d+</, '<OrganisationTypeIdentifier>99<'),
  },
  {
    code: 8174,
    name: 'user type not in the list',
    change: (xml) => xml.replace('>3</CodeListItemIdentifier>', '>9</CodeListItemIdentifier>'),
  },
  {
    code: 4413,
    name: 'organisation type not served',
    change: (xml) => xml.replace(/<OrganisationTypeIdentifier>50</, '<OrganisationTypeIdentifier>7<'),
  },
  {
    code: 1013,
    name: 'not the organisation of the certificate',
    change: (xml) =>
      xml.replace(
        /<OrganisationCode>12345678<\/OrganisationCode><\/ActiveOrganisationHeader>/,
        '<OrganisationCode>87654321</OrganisationCode></ActiveOrganisationHeader>',
      ),
  },
  {
    code: 1014,
    name: 'body not valid',
    change: (xml) => xml.replace(/(<TidligPensionAfgoerelsesdato>)[^<]*/, '$12026-02-30'),
  },
  {
    code: 1001,
    name: 'unknown cpr',
    change: (xml) => xml.replace(/<Personnummer>\d+/, '<Personnummer>0000000000'),
  },
  {
    code: 1014,
    name: 'identifier of another citizen',
    change: (xml) => xml.replace(/(<TidligPensionIdentifier>)[^<]*/, `$1${ANDEN_GUID}`),
  },
  {
    code: 4636,
    name: 'end before start',
    change: (xml) => xml.replace(/(<TidligPensionOphoersdato>)[^<]*/, '$12020-01-01'),
  },
  {
    code: 9434,
    name: 'overlap',
    change: (xml) => xml.replace(/(<TidligPensionOvergangsdato>)[^<]*/, '$12026-01-15'),
  },
];

describe('the order of checks', () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
    const taken = { Personnummer: BORGER, ...overgang('2026-01-01', '2026-01-31') };
    expect((await send(service, { body: saveEnvelope(taken) })).status).to.equal(200);
    const others = {
      Personnummer: ANDEN_BORGER,
      TidligPensionIdentifier: ANDEN_GUID,
      ...overgang('2026-01-01'),
    };
    expect((await send(service, { body: saveEnvelope(others) })).status).to.equal(200);
  });
  after(() => service.stop());

  const base = saveEnvelope({
    Personnummer: BORGER,
    TidligPensionIdentifier: GUID,
    ...overgang('2026-03-01', '2026-03-31'),
  });
  const codeOf = async (body: string): Promise<number> =>
    readFault((await send(service, { body })).body)!.errorCode;

  it('each defect changes the message, and alone gets its code', async () => {
    for (const { code, name, change } of DEFECTS) {
      expect(change(base), name).to.not.equal(base);
      expect(await codeOf(change(base)), name).to.equal(code);
    }
  });

  DEFECTS.forEach((earlier, index) => {
    for (const later of DEFECTS.slice(index + 1)) {
      // Two ways to spoil the same element cannot be told apart.
      const both = earlier.change(later.change(base));
      if (both === later.change(base) || later.change(earlier.change(base)) === earlier.change(base))
        continue;
      it(`${earlier.code} (${earlier.name}) comes before ${later.code} (${later.name})`, async () => {
        expect(await codeOf(both)).to.equal(earlier.code);
      });
    }
  });

  it('SOAPAction is judged with the envelope, before headers', async () => {
    const body = DEFECTS[2]!.change(base);
    const answer = await send(service, {
      body,
      headers: { SOAPAction: `"${PENSION_SERVICE.operations[1]!.soapAction}"` },
    });
    expect(readFault(answer.body)!.errorCode).to.equal(1014);
  });

  it('the certificate is judged before the message, and the head before the certificate', async () => {
    const refused = await send(service, { caller: 'ukendt', body: DEFECTS[0]!.change(base) });
    expect(readFault(refused.body)!.errorCode).to.equal(1012);
    expect(
      (await send(service, { caller: 'none', body: base, headers: { 'Content-Type': 'text/plain' } })).status,
    ).to.equal(415);
  });

  it('4575 is the same whether the citizen exists, has forløb, or not', async () => {
    const messages = new Set<string>();
    for (const personnummer of [BORGER, ANDEN_BORGER, '2902610999']) {
      const answer = await send(service, {
        caller: 'akasse-11',
        body: getEnvelope(personnummer, akasse('11')),
      });
      const { errorCode, message, faultstring } = readFault(answer.body)!;
      messages.add(JSON.stringify({ errorCode, message, faultstring }));
    }
    expect([...messages]).to.have.length(1);
    expect([...messages][0]).to.include('4575');
  });

  it('an a-kasse learns 1013 for a Save before anything of its body is looked at', async () => {
    const answer = await send(service, {
      caller: 'akasse-11',
      body: DEFECTS[10]!.change(
        saveEnvelope({ Personnummer: BORGER, ...overgang('2026-03-01') }, akasse('11')),
      ),
    });
    expect(readFault(answer.body)!.errorCode).to.equal(1013);
  });
});
