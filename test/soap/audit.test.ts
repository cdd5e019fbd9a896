// Every call that reached the service leaves one audit entry, with all that was known when it ended, refused or not.

import { expect } from 'chai';
import type { NewAuditEntry } from '../../src/access/audit/entry.ts';
import { openAudit } from '../../src/store/open-store.ts';
import { readFault } from '../support/answers.ts';
import { akasse, getEnvelope, type HeaderOrganisation, saveEnvelope, UDK } from '../support/envelopes.ts';
import { send } from '../support/raw-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const BORGER = '2902610006';
const ANDEN_BORGER = '2902610007';
const GUID = '7c1f7c1e-0000-4000-8000-000000000001';
const overgang = (start: string, slut?: string) => ({
  OvergangTilTidligPension: {
    TidligPensionOvergangsdato: start,
    TidligPensionAfgoerelsesdato: '2025-01-01',
    ...(slut && { TidligPensionOphoersdato: slut }),
  },
});

const HEADERS = ['activeOrganisationCode', 'requestOrganisationCode', 'userFullName', 'userIdentifier'];
const SUBJECT = ['personnummer', 'forloebId'];
const save = (request: object, organisation?: HeaderOrganisation): string =>
  saveEnvelope({ Personnummer: BORGER, TidligPensionIdentifier: GUID, ...request } as never, organisation);
const without = (header: string, xml: string): string =>
  xml.replace(new RegExp(`<${header}.*</${header}>`, 's'), '');

/** Calls in order, on one store: the code each gets, and what its entry must hold beside time and certificate. */
const CALLS: readonly {
  readonly what: string;
  readonly body: string;
  readonly caller?: string;
  readonly code?: number;
  readonly holds: readonly string[];
}[] = [
  {
    what: 'a Save',
    body: save(overgang('2026-01-01', '2026-12-31')),
    holds: [...HEADERS, ...SUBJECT, 'version', 'modtagerAarsag'],
  },
  { what: 'a Get', body: getEnvelope(BORGER), holds: [...HEADERS, 'personnummer'] },
  { what: 'no certificate', caller: 'none', body: getEnvelope(BORGER), code: 1101, holds: ['adresse'] },
  {
    what: 'an unknown certificate',
    caller: 'ukendt',
    body: getEnvelope(BORGER),
    code: 1012,
    holds: ['certificate'],
  },
  { what: 'not XML', body: 'x', code: 1014, holds: ['system'] },
  {
    what: 'no ActiveOrganisationHeader',
    body: without('ActiveOrganisationHeader', save({})),
    code: 8232,
    holds: ['operation', 'userFullName', 'requestOrganisationCode'],
  },
  {
    what: 'no RequestUserMetadataHeader',
    body: without('RequestUserMetadataHeader', save({})),
    code: 8233,
    holds: ['operation', 'activeOrganisationCode'],
  },
  {
    what: 'a wrong RequestUserMetadataHeader',
    body: save({}).replace(/<UserIdentifier>[^<]*/, '<UserIdentifier>'),
    code: 8235,
    holds: ['operation', 'activeOrganisationCode'],
  },
  {
    what: 'a Save by an a-kasse',
    caller: 'akasse-11',
    body: save({}, akasse('11')),
    code: 1013,
    holds: ['operation', ...HEADERS],
  },
  { what: 'a wrong body', body: save({ Personnummer: '1' }), code: 1014, holds: ['operation', ...HEADERS] },
  {
    what: 'ten zeros',
    body: save({ Personnummer: '0000000000', ...overgang('2026-01-01') }),
    code: 1001,
    holds: [...HEADERS, 'forloebId'],
  },
  {
    what: 'a stranger',
    caller: 'akasse-11',
    body: getEnvelope(BORGER, akasse('11')),
    code: 4575,
    holds: [...HEADERS, 'personnummer'],
  },
  {
    what: 'the identifier of another',
    body: save({ Personnummer: ANDEN_BORGER, ...overgang('2026-01-01') }),
    code: 1014,
    holds: [...HEADERS, ...SUBJECT],
  },
  {
    what: 'end before start',
    body: save(overgang('2026-02-01', '2026-01-01')),
    code: 4636,
    holds: [...HEADERS, ...SUBJECT],
  },
  {
    what: 'an overlap',
    body: save({
      TidligPensionIdentifier: '7c1f7c1e-0000-4000-8000-000000000002',
      ...overgang('2026-06-01'),
    }),
    code: 9434,
    holds: [...HEADERS, ...SUBJECT],
  },
];

describe('the audit trail', () => {
  let service: TestService;
  let numbered: NewAuditEntry[];
  let entries: NewAuditEntry[];
  const answers: { status: number; source: unknown; code: number | undefined }[] = [];

  before(async () => {
    service = await startTestService();
    for (const { body, caller } of CALLS) {
      const { status, headers, body: xml } = await send(service, { body, ...(caller && { caller }) });
      answers.push({ status, source: headers['x-correlation-id'], code: readFault(xml)?.errorCode });
    }
    const audit = await openAudit(service.store);
    numbered = (await audit.entries({ after: 0, limit: 1_000 })).map(({ entry }) => entry);
    entries = [...numbered, ...(await audit.gathering())];
    await audit.close();
  });
  after(() => service.stop());

  const entryOf = (index: number): NewAuditEntry =>
    entries.find(({ correlationId }) => correlationId === answers[index]!.source)!;

  it('has one entry for each call, in order, found by its correlation id; strangers are gathered', () => {
    expect(entries).to.have.length(CALLS.length);
    const known = answers.filter(({ code }) => code !== 1101 && code !== 1012);
    expect(numbered.map(({ correlationId }) => correlationId)).to.deep.equal(
      known.map(({ source }) => source),
    );
  });

  CALLS.forEach(({ what, code, holds }, index) => {
    it(`holds of ${what} (${code ?? 'done'}): ${holds.join(', ')}`, () => {
      expect(answers[index]!.code).to.equal(code);
      const entry = entryOf(index);
      expect([entry.udfald, entry.fejlkode]).to.deep.equal([code === undefined ? 'udfoert' : 'afvist', code]);
      expect(entry).to.include.keys(...holds);
      if (holds.includes('forloebId')) expect(entry.forloebId).to.match(/^7c1f7c1e-/);
      if (holds.includes('activeOrganisationCode')) {
        expect([UDK.code, '11']).to.include(entry.activeOrganisationCode);
      }
    });
  });
});
