// The receipts file: one line for each line of the batch, and enough of it on disk at any moment to go on from.

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  type Fate,
  type FaultyServer,
  type SeenRequest,
  startFaultyServer,
} from '../../support/faulty-server.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  type BatchFolder,
  batch,
  batchFolder,
  borger,
  forloebOf,
  GUID,
  newForloeb,
  newForloebBatch,
  RECEIPTS_HEADER,
} from './batches.ts';

describe('the receipts of a batch', () => {
  let service: TestService;
  let server: FaultyServer;
  let decide: (request: SeenRequest) => Fate | Promise<Fate>;
  beforeEach(async () => {
    service = await startTestService();
    decide = () => 'answered';
    server = await startFaultyServer(service, (request) => decide(request));
  });
  afterEach(() => Promise.all([server.stop(), service.stop()]));

  const folderWith = (content: string): BatchFolder => batchFolder(service.world, content);
  const text = (folder: BatchFolder): string => readFileSync(folder.receipts, 'utf8');
  const identifier = (number: number): string =>
    `5f1d0c30-0001-4000-8000-${String(number).padStart(12, '0')}`;

  it('are one line for each line, in the order of the file, for their owner only', async () => {
    const folder = folderWith(
      batch(
        newForloeb(3),
        newForloeb(1),
        'overlaps,2902620003,,2026-05-01,2026-01-01,,',
        `"own, ""id""",${borger(4)},${identifier(4).toUpperCase()},,,,2026-01-01`,
        'empty,2902620005,,,,,',
      ),
    );
    const { code } = await folder.start(server.url).result;
    expect(code).to.equal(1);
    const lines = text(folder).split('\n');
    const saved = (reference: string): RegExp => new RegExp(`^${reference},saved,[0-9a-f-]{36},,$`);
    const expected = [
      new RegExp(`^${RECEIPTS_HEADER}$`),
      saved('ref-3'),
      saved('ref-1'),
      /^overlaps,refused,[0-9a-f-]{36},9434,"?Perioden 2026-05-01 .* overlapper forløb/,
      new RegExp(`^"own, ""id""",saved,${identifier(4)},,$`),
      /^empty,refused,[0-9a-f-]{36},1014,/,
      /^$/,
    ];
    expect(lines).to.have.length(expected.length);
    for (const [at, line] of lines.entries()) expect(line).to.match(expected[at]!);
    expect(text(folder)).not.to.match(/290262\d{4}/);
    expect(statSync(folder.receipts).mode & 0o077).to.equal(0);
    expect(existsSync(`${folder.receipts}.lock`)).to.equal(false);
  });

  it('name every new forløb as sending before the first call goes out', async () => {
    const folder = folderWith(
      batch(
        ...Array.from({ length: 20 }, (_, at) => newForloeb(at)),
        `own,${borger(50)},${identifier(50)},,,,2026-01-01`,
      ),
    );
    let seen: ReturnType<BatchFolder['read']> | undefined;
    decide = (request) => {
      const now = folder.read();
      seen ??= now;
      const named = now.filter((receipt) => receipt.tidligPensionIdentifier === request.identifier);
      return named.length === 1 || request.personnummer === borger(50) ? 'answered' : 'request lost';
    };
    const { code, stderr } = await folder.start(server.url).result;
    expect(code, stderr).to.equal(0);
    expect(seen?.map(({ reference, outcome }) => `${reference} ${outcome}`)).to.deep.equal(
      Array.from({ length: 20 }, (_, at) => `ref-${at} sending`),
    );
    for (const receipt of seen!) expect(receipt.tidligPensionIdentifier).to.match(GUID);
    expect(new Set(seen!.map((receipt) => receipt.tidligPensionIdentifier)).size).to.equal(20);
    expect(server.requests, 'no call went out without its name on file').to.have.length(21);
    const kept = folder.read().slice(0, 20);
    expect(kept.map((receipt) => receipt.tidligPensionIdentifier)).to.deep.equal(
      seen!.map((receipt) => receipt.tidligPensionIdentifier),
    );
  });

  describe('that a killed run left behind', () => {
    const torn: Readonly<Record<string, string>> = {
      'in the middle of a line': `ref-1,sending,${identifier(1)},,\nref-0,saved,${identifier(0)},,\nref-1,sav`,
      'just before a line end': `ref-1,sending,${identifier(1)},,\nref-0,saved,${identifier(0)},,\nref-1,saved,${identifier(1)},,`,
      'after a line end inside quotes': `ref-1,sending,${identifier(1)},,\nref-0,saved,${identifier(0)},,\nref-1,failed,${identifier(1)},,"HTTP 502: <html>\n<bo`,
      'with an older outcome before the last': `ref-0,failed,${identifier(0)},1011,x\nref-0,saved,${identifier(0)},,\nref-1,failed,${identifier(1)},,\n`,
    };
    for (const [where, left] of Object.entries(torn)) {
      it(`${where}, are gone on from: the last whole word on each line counts`, async () => {
        const folder = folderWith(newForloebBatch(2));
        writeFileSync(folder.receipts, `${RECEIPTS_HEADER}\n${left}`);
        const { code, stderr } = await folder.start(server.url).result;
        expect(code, stderr).to.equal(0);
        expect(server.requests.map((request) => request.identifier)).to.deep.equal([identifier(1)]);
        expect(text(folder)).to.equal(
          `${RECEIPTS_HEADER}\nref-0,saved,${identifier(0)},,\nref-1,saved,${identifier(1)},,\n`,
        );
      });
    }
    it('in their header, are begun again', async () => {
      const begun = ['', 'refer', `${RECEIPTS_HEADER}\n`].map(async (left, number) => {
        const folder = folderWith(batch(newForloeb(number)));
        writeFileSync(folder.receipts, left);
        expect((await folder.start(server.url).result).code).to.equal(0);
        expect(folder.read().map(({ outcome }) => outcome)).to.deep.equal(['saved']);
      });
      await Promise.all(begun);
    });
    it('beside a half-written new file, are gone on from', async () => {
      const folder = folderWith(newForloebBatch(1));
      writeFileSync(folder.receipts, `${RECEIPTS_HEADER}\nref-0,sending,${identifier(7)},,\n`);
      writeFileSync(`${folder.receipts}.new`, 'reference,outc');
      expect((await folder.start(server.url).result).code).to.equal(0);
      expect(await forloebOf(service, [borger(0)])).to.deep.equal([[identifier(7)]]);
    });
  });

  describe('are not touched, and nothing is sent,', () => {
    const refused = async (folder: BatchFolder, receipts: string, says: RegExp): Promise<void> => {
      const { code, stdout, stderr } = await folder.start(server.url, '--receipts', receipts).result;
      expect(stderr)
        .to.match(says)
        .and.not.match(/^\s+at /m);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(server.requests).to.deep.equal([]);
    };

    it('when they are those of another batch', async () => {
      const folder = folderWith(newForloebBatch(1));
      const left = `${RECEIPTS_HEADER}\nother,saved,${identifier(1)},,\n`;
      writeFileSync(folder.receipts, left);
      await refused(
        folder,
        folder.receipts,
        /holds receipts of another batch .* Name another file with --receipts; nothing was sent/,
      );
      expect(text(folder)).to.equal(left);
      expect(existsSync(`${folder.receipts}.lock`)).to.equal(false);
    });
    it('when the file is no receipts file, the batch itself for instance', async () => {
      const folder = folderWith(newForloebBatch(1));
      await refused(folder, folder.file, /batch\.csv is not a receipts file: .* Name another file/);
      expect(readFileSync(folder.file, 'utf8')).to.equal(newForloebBatch(1));
    });
    it('when an outcome is none that was ever written', async () => {
      const folder = folderWith(newForloebBatch(1));
      writeFileSync(folder.receipts, `${RECEIPTS_HEADER}\nref-0,done,${identifier(1)},,\n`);
      await refused(folder, folder.receipts, /line 2: unknown outcome/);
    });
    it('when there is no such folder, or the name is that of a folder', async () => {
      const folder = folderWith(newForloebBatch(1));
      await refused(folder, `${folder.receipts}/none/r.csv`, /cannot be written .* Nothing was sent/);
      mkdirSync(folder.receipts);
      await refused(folder, folder.receipts, /receipts\.csv (cannot be|is not a receipts file)/);
    });
  });
});
