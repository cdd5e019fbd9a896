// Every call that reached the service leaves one audit entry, with all that was known when it ended, refused or not.

import Database from 'better-sqlite3';
import { expect } from 'chai';
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

const HEADERS = [
  'active_organisation_code',
  'request_organisation_code',
  'user_full_name',
  'user_identifier',
];
const SUBJECT = ['personnummer', 'forloeb_id'];
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
    holds: [...HEADERS, ...SUBJECT, 'version', 'modtager_aarsag'],
  },
  { what: 'a Get', body: getEnvelope(BORGER), holds: [...HEADERS, 'personnummer'] },
  { what: 'no certificate', caller: 'none', body: getEnvelope(BORGER), code: 1101, holds: [] },
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
    holds: ['operation', 'user_full_name', 'request_organisation_code'],
  },
  {
    what: 'no RequestUserMetadataHeader',
    body: without('RequestUserMetadataHeader', save({})),
    code: 8233,
    holds: ['operation', 'active_organisation_code'],
  },
  {
    what: 'a wrong RequestUserMetadataHeader',
    body: save({}).replace(/<UserIdentifier>[^<]*/, '<UserIdentifier>'),
    code: 8235,
    holds: ['operation', 'active_organisation_code'],
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
    holds: [...HEADERS, 'forloeb_id'],
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
  let entries: Record<string, unknown>[];
  const answers: { status: number; source: unknown; code: number | undefined }[] = [];

  before(async () => {
    service = await startTestService();
    for (const { body, caller } of CALLS) {
      const { status, headers, body: xml } = await send(service, { body, ...(caller && { caller }) });
      answers.push({ status, source: headers['x-correlation-id'], code: readFault(xml)?.errorCode });
    }
    const db = new Database(service.store, { readonly: true });
    entries = db.prepare('SELECT * FROM audit_entry ORDER BY seq').all() as Record<string, unknown>[];
    db.close();
  });
  after(() => service.stop());

  it('has one entry for each call, in order, found by its correlation id', () => {
    expect(entries.map((entry) => entry.correlation_id)).to.deep.equal(
      answers.map((answer) => answer.source),
    );
  });

  CALLS.forEach(({ what, code, holds }, index) => {
    it(`holds of ${what} (${code ?? 'done'}): ${holds.join(', ') || 'that it was'}`, () => {
      expect(answers[index]!.code).to.equal(code);
      const entry = entries[index]!;
      expect(entry).to.include({ udfald: code === undefined ? 'udfoert' : 'afvist', fejlkode: code ?? null });
      for (const column of holds) expect(entry[column], column).to.not.equal(null);
      if (holds.includes('forloeb_id')) expect(entry.forloeb_id).to.match(/^7c1f7c1e-/);
      if (holds.includes('active_organisation_code')) {
        expect([UDK.code, '11']).to.include(entry.active_organisation_code);
      }
    });
  });
});
