// The example program of docs/akasse.md, run as an a-kasse would run it; and the page shows no other code.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { PACKAGE_ROOT } from '../../../src/cli/contract-files.ts';
import { faultAnswer } from '../../support/faulty-server.ts';
import { tempDir } from '../../support/temp.ts';
import { startWsrmServer, type WsrmFate, WsrmQueue } from '../../support/wsrm-server.ts';
import { registration, registrations } from './beskeder.ts';

const EXAMPLE = fileURLToPath(new URL('docs/akasse-example.mjs', PACKAGE_ROOT));
const PAGE = readFileSync(new URL('docs/akasse.md', PACKAGE_ROOT), 'utf8');

describe('the example for a-kasser', () => {
  const file = path.join(tempDir(), 'akasse.db');
  const runExample = (url: string) =>
    promisify(execFile)(process.execPath, ['--no-warnings', EXAMPLE, url, '22', '', '', '', file]);
  const forloeb = (): unknown[] => {
    const database = new DatabaseSync(file);
    const rows = database.prepare('SELECT id, state FROM forloeb ORDER BY id').all();
    database.close();
    return rows.map(({ id, state }) => [id, JSON.parse(String(state)) as unknown]);
  };

  it('keeps how each forløb stands, once, and takes the beskeder off the queue', async () => {
    const queue = new WsrmQueue(registrations(6), 4);
    let lost = 6;
    // What was kept is not known to be, so it comes again.
    const server = await startWsrmServer(
      queue,
      ({ operation }): WsrmFate =>
        operation === 'TerminateSequence' && lost-- > 0 ? { status: 500, body: 'lost' } : 'answered',
    );
    for (let run = 0; run < 6; run += 1) {
      const failed = await runExample(server.url).then(
        () => undefined,
        (error: { code: number; stderr: string }) => error,
      );
      expect(failed?.code).to.equal(1);
      expect(failed?.stderr).to.match(/HTTP 500: lost/);
    }
    expect((await runExample(server.url)).stdout).to.equal('6 beskeder came\n');
    const annulment = { ...registration(0), MessageIdentifier: registration(7).MessageIdentifier };
    delete (annulment as { OvergangTilTidligPension?: unknown }).OvergangTilTidligPension;
    queue.waiting.push(annulment, registration(6));
    expect((await runExample(server.url)).stdout).to.equal('2 beskeder came\n');
    await server.stop();
    expect(queue.waiting).to.deep.equal([]);
    const rows = forloeb();
    expect(rows).to.have.length(7);
    expect(rows[0]).to.deep.equal(['5f1d0c30-0001-4000-8000-000000000000', 'annulled']);
    expect(rows[1]).to.have.nested.property('1.overgang.tidligPensionOvergangsdato', '2026-01-01');
  });

  it('says why it could not, and ends with code 1', async () => {
    const server = await startWsrmServer(new WsrmQueue([]), () => faultAnswer(1012, 'Not mapped.'));
    const failed = await runExample(server.url).catch((error: { code: number; stderr: string }) => error);
    await server.stop();
    expect(failed).to.include({ code: 1 });
    expect(failed.stderr).to.match(/^refused with 1012 \(Logon failed\): Not mapped\./);
  });

  it('is where the code on the page comes from', () => {
    const source = readFileSync(EXAMPLE, 'utf8');
    const blocks = [...PAGE.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
    expect(blocks).to.have.length(2);
    for (const block of blocks) expect(source).to.contain(block);
  });
});
