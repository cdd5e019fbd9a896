// What our encoder writes, our schemas accept and our decoder reads back as it was, whatever the texts hold.

import { expect } from 'chai';
import fc from 'fast-check';
import { readContractFiles } from '../../src/cli/contract-files.ts';
import {
  encodeActiveOrganisation,
  encodeCloseSequence,
  encodeCreateSequence,
  encodeEnvelope,
  encodeFault,
  encodeGetRequest,
  encodeGetTidligPensionVersion1,
  encodeRequestUserMetadata,
  encodeResponse,
  encodeSaveRequest,
  encodeSequenceRequest,
  encodeSequenceResponse,
  encodeTerminateSequence,
} from '../../src/contract/encode.ts';
import { FEJLKATALOG, type Fejlkode, fejl } from '../../src/contract/fejlkatalog.ts';
import type { RequestUserMetadata, TidligPensionRegistration } from '../../src/contract/messages.ts';
import {
  PENSION_SERVICE,
  type ServiceContract,
  WSRM_MESSAGE_SERVICE,
  WSRM_SERVICE,
} from '../../src/contract/names.ts';
import { makeRequestReader } from '../../src/contract/request-reader.ts';
import { readFault, schemaErrors, textsOf } from '../support/answers.ts';
import { metadataOf, UDK } from '../support/envelopes.ts';

const files = readContractFiles();
const readerOf = (service: ServiceContract) => makeRequestReader(files, service);
const readers = {
  pension: readerOf(PENSION_SERVICE),
  wsrm: readerOf(WSRM_SERVICE),
  wsrmMessage: readerOf(WSRM_MESSAGE_SERVICE),
};

/** Texts as XML 1.0 can carry them; a carriage return must survive too. */
const text = (maxLength: number) =>
  fc
    .string({
      unit: fc.constantFrom(...'abcÆØÅæøå <>&"\'\r\n\t]]>…𝄞0123-'),
      minLength: 1,
      maxLength: Math.floor(maxLength / 2),
    })
    .filter((value) => [...value].length <= maxLength);
const number = (min: number, max: number) => fc.integer({ min, max });
const dato = fc
  .date({ min: new Date('0002-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((instant) => instant.toISOString().slice(0, 10));
const optional = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((made) => (made === undefined ? {} : { [name]: made }));
const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as never);

const overgang = merged(
  fc.record({ TidligPensionOvergangsdato: dato, TidligPensionAfgoerelsesdato: dato }),
  optional('TidligPensionOphoersdato', dato),
);
const blocks = [
  optional('OvergangTilTidligPension', overgang),
  optional('Kompensationsudbetaling', fc.record({ Kompensationsafgoerelsesdato: dato })),
];
const save = merged(
  fc.record({ Personnummer: fc.constantFrom('2902610001', '2902999999', '0000000000') }),
  optional('TidligPensionIdentifier', fc.uuid()),
  ...blocks,
);
const metadata: fc.Arbitrary<RequestUserMetadata> = fc.record({
  RequestUserStructure: merged(
    fc.record({
      UserFullName: text(140),
      RequestUserTypeIdentifier: fc.record({ CodeListItemIdentifier: number(0, 100_000_000) }),
      UserIdentifier: text(255),
    }),
    optional('UserEmail', fc.constantFrom('a@b.dk', '@x', `${'a'.repeat(191)}@${'b'.repeat(64)}`)),
  ),
  RequestOrganisationStructure: fc.record({
    OrganisationTypeIdentifier: fc.record({ CodeListItemIdentifier: number(0, 100_000_000) }),
    OrganisationCode: fc.constantFrom('-1', '1', '12345678'),
  }),
  RegistrationDateTime: fc.constantFrom(
    '2019-04-30T15:06:58.9218786+02:00',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00Z',
  ),
});

/** Both headers, for a message whose point is elsewhere. */
const HEADERS =
  encodeRequestUserMetadata(metadataOf(UDK)) +
  encodeActiveOrganisation({ OrganisationTypeIdentifier: 50, OrganisationCode: '1' });

const read = (body: string, header: string) =>
  readers.pension.read(Buffer.from(encodeEnvelope(body, header)), undefined, (request) => {
    if (!request.ok) return request;
    const headers = request.value.headers();
    return headers.fejl === undefined ? { headers, body: request.value.body() } : headers;
  });

describe('encoding and decoding', () => {
  it('a Save with its headers comes back as it was', () => {
    fc.assert(
      fc.property(save, metadata, number(1, 100), text(20), (request, requestUserMetadata, type, code) => {
        const activeOrganisation = { OrganisationTypeIdentifier: type, OrganisationCode: code };
        const header =
          encodeRequestUserMetadata(requestUserMetadata) + encodeActiveOrganisation(activeOrganisation);
        expect(read(encodeSaveRequest(request), header)).to.deep.equal({
          headers: { activeOrganisation, requestUserMetadata },
          body: { ok: true, value: request },
        });
      }),
    );
  });

  it('a Get comes back as it was', () => {
    expect(read(encodeGetRequest({ Personnummer: '2902610001' }), HEADERS)).to.deep.nested.include({
      'body.value': { Personnummer: '2902610001' },
    });
  });

  it('every answer is valid by our own schemas', () => {
    const forloeb = merged(fc.record({ TidligPensionIdentifier: fc.uuid() }), ...blocks);
    fc.assert(
      fc.property(fc.array(forloeb, { maxLength: 5 }), fc.uuid(), (TidligPension, CreatedItemIdentifier) => {
        expect(
          schemaErrors(encodeEnvelope(encodeResponse('GetTidligPension', { TidligPension }))),
        ).to.deep.equal([]);
        expect(
          schemaErrors(encodeEnvelope(encodeResponse('SaveTidligPension', { CreatedItemIdentifier }))),
        ).to.deep.equal([]);
      }),
    );
  });

  it('each call of a transfer comes back as it was', () => {
    const bodyOf = (name: 'wsrm' | 'wsrmMessage', body: string, more = '') =>
      readers[name].read(Buffer.from(encodeEnvelope(body, HEADERS + more)), undefined, (request) =>
        request.ok ? [request.value.operation.name, request.value.sequence(), request.value.body()] : request,
      );
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), (guid, upper) => {
        const Identifier = upper ? guid.toUpperCase() : guid;
        const none = { ok: true, value: undefined };
        expect(bodyOf('wsrm', encodeCreateSequence())).to.deep.equal([
          'CreateSequence',
          none,
          { ok: true, value: {} },
        ]);
        expect(bodyOf('wsrm', encodeCloseSequence({ Identifier }))).to.deep.equal([
          'CloseSequence',
          none,
          { ok: true, value: { Identifier } },
        ]);
        expect(bodyOf('wsrm', encodeTerminateSequence({ Identifier }))).to.deep.equal([
          'TerminateSequence',
          none,
          { ok: true, value: { Identifier } },
        ]);
        expect(
          bodyOf('wsrmMessage', encodeGetTidligPensionVersion1(), encodeSequenceRequest({ Identifier })),
        ).to.deep.equal([
          'GetTidligPensionVersion1',
          { ok: true, value: Identifier },
          { ok: true, value: {} },
        ]);
      }),
    );
  });

  it('every fault of the catalogue is valid, whatever its message holds', () => {
    const codes = Object.keys(FEJLKATALOG).map(Number) as Fejlkode[];
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.uuid(),
        (kode, message, source) => {
          const xml = encodeEnvelope(encodeFault(fejl(kode, message), source));
          expect(schemaErrors(xml)).to.deep.equal([]);
          expect(readFault(xml)).to.include({
            faultcode: FEJLKATALOG[kode].skyld,
            errorCode: kode,
            faultstring: FEJLKATALOG[kode].tekst,
            source,
          });
        },
      ),
    );
  });
});

const registration = merged(
  fc.record({
    MessageIdentifier: fc.uuid(),
    RequestUserMetadata: metadata,
    RegistrationType: fc.constantFrom('Create', 'Update'),
    EventDate: fc.constantFrom('2026-11-22T08:50:00.123+01:00', '2026-07-01T09:50:00.000+02:00'),
    Personnummer: fc.constantFrom('2902610001', '2902999999'),
    TidligPensionIdentifier: fc.uuid(),
  }),
  ...blocks,
) as fc.Arbitrary<TidligPensionRegistration>;

describe('the answers of a transfer', () => {
  it('are valid by our own schemas, whatever the beskeder say', () => {
    fc.assert(
      fc.property(
        fc.array(registration, { maxLength: 5 }),
        fc.uuid(),
        number(0, 500),
        (TidligPensionRegistration, Identifier, MessageCount) => {
          const item = { ServiceName: 'GetTidligPensionVersion1', ServiceEndpoint: 'https://[::1]:1/a' };
          const ServiceItem = MessageCount === 0 ? [] : [{ ...item, MessageCount }];
          for (const answer of [
            encodeResponse('CreateSequence', { Identifier, ServiceInventoryCollection: { ServiceItem } }),
            encodeResponse('CloseSequence', { Identifier }),
            encodeResponse('TerminateSequence', { Identifier }),
          ])
            expect(schemaErrors(encodeEnvelope(answer))).to.deep.equal([]);
          const beskeder = encodeResponse('GetTidligPensionVersion1', { TidligPensionRegistration });
          const whole = encodeEnvelope(beskeder, encodeSequenceResponse({ Identifier }));
          expect(schemaErrors(whole)).to.deep.equal([]);
          for (const name of ['MessageIdentifier', 'RegistrationType', 'EventDate'] as const)
            expect(textsOf(whole, name)).to.deep.equal(TidligPensionRegistration.map((one) => one[name]));
          expect(textsOf(whole, 'RegistrationDateTime')).to.deep.equal(
            TidligPensionRegistration.map((one) => one.RequestUserMetadata.RegistrationDateTime),
          );
        },
      ),
    );
  });

  it('are never written with a RegistrationType but Create and Update, though the schema has Delete', () => {
    const [besked] = fc.sample(registration, 1);
    for (const RegistrationType of ['Delete', 'create', '', undefined])
      expect(
        () =>
          encodeResponse('GetTidligPensionVersion1', {
            TidligPensionRegistration: [besked!, { ...besked!, RegistrationType } as never],
          }),
        String(RegistrationType),
      ).to.throw(/never/);
  });
});
