// What a transfer takes although few clients write it so: everything that is valid by the schema and by the rules of
// the envelope. What it refuses is in fixtures/invalid.

import { expect } from 'chai';
import { NS, PENSION_SERVICE, WSRM_MESSAGE_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';
import { readFault, schemaErrors, textOf, textsOf } from '../support/answers.ts';
import {
  akasse,
  closeEnvelope,
  createEnvelope,
  fetchEnvelope,
  getEnvelope,
  terminateEnvelope,
} from '../support/envelopes.ts';
import { member, saveOne, startQueueService } from '../support/queue.ts';
import { type RawAnswer, send } from '../support/raw-client.ts';
import type { TestService } from '../support/service.ts';

const XSI = `xmlns:xsi="${NS.xsi}" xmlns:xs="${NS.xs}"`;
const WSA = 'xmlns:a="http://www.w3.org/2005/08/addressing"';
const EPR = `<a:Address ${WSA}>http://www.w3.org/2005/08/addressing/anonymous</a:Address>`;
const OWN = akasse('22');

/** What may stand in CreateSequence. */
const CREATES: Readonly<Record<string, string>> = {
  'nil for all four, as .NET sends them':
    '<AcksTo xsi:nil="true"/><Expires xsi:nil="true"/><Offer xsi:nil="true"/><SubQueueIdentifier xsi:nil="true"/>',
  'nil that is 1, with white space': '<AcksTo xsi:nil=" 1 "></AcksTo>',
  'nil that is false, with the value': '<Expires xsi:nil="false">PT1H</Expires>',
  'an endpoint reference in AcksTo, as WCF sends it': `<AcksTo>${EPR}</AcksTo>`,
  'an offer as WCF sends it': `<AcksTo>${EPR}</AcksTo><Offer><Identifier>urn:uuid:0aa7c1e5</Identifier></Offer>`,
  'text, attributes and elements of anybody in AcksTo and Offer':
    '<AcksTo a="1">tekst<x:y xmlns:x="urn:x" z="2">mere</x:y></AcksTo><Offer><CreateSequence/></Offer>',
  'a duration in Expires': '<Expires>PT1H</Expires>',
  'any text in Expires': '<Expires>\n når som helst &amp; altid \n</Expires>',
  'Expires that is empty': '<Expires/>',
  'the default queue by an empty name': '<SubQueueIdentifier></SubQueueIdentifier>',
  'an empty name with a comment in it': '<SubQueueIdentifier><!-- den ene --></SubQueueIdentifier>',
  'only the last of the four': '<SubQueueIdentifier xsi:nil="true"/>',
  'the type of the schema on values': '<Expires xsi:type="xs:string">x</Expires>',
  'a type of its own where anything may be': '<AcksTo xsi:type="xs:int">7</AcksTo>',
  'white space and comments between': '\n  <AcksTo xsi:nil="true"/>\n <!-- og --> <Offer xsi:nil="true"/>\n',
  'nothing but white space': '\n  ',
};

describe('a transfer takes', () => {
  let service: TestService;
  let sequence: string;
  beforeEach(async () => {
    service = await startQueueService();
    await saveOne(service, member('22', 1));
    await saveOne(service, member('22', 2));
    const created = await post(createEnvelope(OWN));
    sequence = textOf(created.body, 'Identifier')!;
  });
  afterEach(() => service.stop());

  const post = (body: string, path: string = WSRM_SERVICE.path, headers = {}): Promise<RawAnswer> =>
    send(service, { caller: 'akasse-22', path, body, headers });
  const fetch = (edit?: (body: string) => string, headers = {}): Promise<RawAnswer> => {
    const plain = fetchEnvelope(sequence, OWN);
    const body = edit?.(plain) ?? plain;
    expect(body === plain, 'the message was not changed').to.equal(edit === undefined);
    return post(body, WSRM_MESSAGE_SERVICE.path, headers);
  };
  const expectTwo = ({ body }: RawAnswer, what?: string): void => {
    expect(textsOf(body, 'MessageIdentifier'), what ?? body).to.have.length(2);
    expect(schemaErrors(body)).to.deep.equal([]);
  };

  it('in CreateSequence whatever the schema lets in', async () => {
    for (const [what, children] of Object.entries(CREATES)) {
      await post(closeEnvelope(sequence, OWN));
      const body = createEnvelope(OWN).replace(
        /<CreateSequence xmlns="([^"]*)"><\/CreateSequence>/,
        `<CreateSequence xmlns="$1" ${XSI}>${children}</CreateSequence>`,
      );
      expect(body).to.include(children);
      const created = await post(body);
      expect(readFault(created.body), what).to.equal(undefined);
      expect(textOf(created.body, 'MessageCount'), what).to.equal('2');
      sequence = textOf(created.body, 'Identifier')!;
    }
  });

  it('the type of the schema on each request element and on Identifier', async () => {
    const typed = (body: string, element: string, type: string, namespace: string): string =>
      body.replace(`<${element} `, `<${element} ${XSI} xmlns:t="${namespace}" xsi:type="t:${type}" `);
    const identifier = (body: string): string =>
      body.replace('<Identifier>', `<Identifier ${XSI} xmlns:t="${NS.wsrm}" xsi:type="t:guid">`);
    expectTwo(
      await fetch((body) =>
        typed(
          typed(identifier(body), 'SequenceRequest', 'SequenceRequestType', NS.wsrm),
          'GetTidligPensionVersion1Request',
          'WsrmRequestType',
          NS.wsrmMessage,
        ),
      ),
    );
    const end = (body: string, name: string): string => typed(identifier(body), name, `${name}Type`, NS.wsrm);
    expect((await post(end(closeEnvelope(sequence, OWN), 'CloseSequence'))).status).to.equal(200);
    const created = await post(typed(createEnvelope(OWN), 'CreateSequence', 'CreateSequenceType', NS.wsrm));
    sequence = textOf(created.body, 'Identifier')!;
    expect((await post(end(terminateEnvelope(sequence, OWN), 'TerminateSequence'))).status).to.equal(200);
  });

  it('a GUID in upper case wherever one stands, and answers in lower case', async () => {
    const upper = sequence.toUpperCase();
    const fetched = await post(fetchEnvelope(upper, OWN), WSRM_MESSAGE_SERVICE.path);
    expectTwo(fetched);
    expect(textOf(fetched.body, 'Identifier')).to.equal(sequence);
    for (const make of [closeEnvelope, closeEnvelope])
      expect(textOf((await post(make(upper, OWN))).body, 'Identifier')).to.equal(sequence);
    const next = textOf((await post(createEnvelope(OWN))).body, 'Identifier')!;
    expect(textOf((await post(terminateEnvelope(next.toUpperCase(), OWN))).body, 'Identifier')).to.equal(
      next,
    );
  });

  it('the three headers in any order, and headers of strangers between them', async () => {
    const [, inside] = /<s:Header>(.*)<\/s:Header>/s.exec(fetchEnvelope(sequence, OWN))!;
    const blocks = inside!.split(/(?=<(?:ActiveOrganisationHeader|SequenceRequest) )/);
    expect(blocks).to.have.length(3);
    const [a, b, c] = blocks as [string, string, string];
    const stranger = '<x:X xmlns:x="urn:x">hvad som helst</x:X>';
    for (const order of [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ])
      expectTwo(await fetch((body) => body.replace(inside!, order.join(stranger))));
  });

  it('SequenceRequest and AckRequested marked mustUnderstand on both services, and looks at AckRequested nowhere', async () => {
    const marked = `xmlns="${NS.wsrm}" s:mustUnderstand="1"`;
    for (const ack of [
      `<AckRequested ${marked}/>`,
      `<AckRequested ${marked}><Identifier>${sequence}</Identifier></AckRequested>`,
      `<AckRequested ${marked} x="1">hvad<y/></AckRequested><AckRequested ${marked}/>`,
    ]) {
      const more = (body: string): string => body.replace('</s:Header>', `${ack}</s:Header>`);
      expectTwo(
        await fetch((body) =>
          more(body.replace('<SequenceRequest ', '<SequenceRequest s:mustUnderstand="1" ')),
        ),
        ack,
      );
      const besides = `<SequenceRequest ${marked}><Identifier>${sequence}</Identifier></SequenceRequest>`;
      const both = (body: string): string => more(body).replace('</s:Header>', `${besides}</s:Header>`);
      expect((await post(both(closeEnvelope(sequence, OWN)))).status, ack).to.equal(200);
      const created = await post(both(createEnvelope(OWN)));
      sequence = textOf(created.body, 'Identifier')!;
    }
  });

  it('neither of them so marked at PensionService', async () => {
    for (const name of ['SequenceRequest', 'AckRequested']) {
      const body = getEnvelope(member('22', 1), OWN).replace(
        '</s:Header>',
        `<${name} xmlns="${NS.wsrm}" s:mustUnderstand="1"><Identifier>${sequence}</Identifier></${name}></s:Header>`,
      );
      expect(readFault((await post(body, PENSION_SERVICE.path)).body), name).to.include({
        faultcode: 'MustUnderstand',
        errorCode: 1014,
      });
    }
  });

  it('SequenceRequest with any other attribute of the SOAP namespace that a header may have', async () => {
    for (const attributes of [
      's:actor="http://schemas.xmlsoap.org/soap/actor/next"',
      's:mustUnderstand="0"',
      's:encodingStyle=""',
    ])
      expectTwo(await fetch((body) => body.replace('<SequenceRequest ', `<SequenceRequest ${attributes} `)));
  });

  it('its own SOAPAction, with quotes or without, or an empty one, or none', async () => {
    const { soapAction } = WSRM_MESSAGE_SERVICE.operations[0]!;
    for (const headers of [
      {},
      ...['', '""', soapAction, `"${soapAction}"`].map((SOAPAction) => ({ SOAPAction })),
    ])
      expectTwo(await fetch(undefined, headers), JSON.stringify(headers));
  });

  it('a request element that is written in two tags, or holds a comment', async () => {
    const element = /<GetTidligPensionVersion1Request ([^/]*\/[^>]*)\/>/;
    for (const content of ['', '<!-- intet -->'])
      expectTwo(
        await fetch((body) =>
          body.replace(
            element,
            `<GetTidligPensionVersion1Request $1>${content}</GetTidligPensionVersion1Request>`,
          ),
        ),
      );
  });
});
