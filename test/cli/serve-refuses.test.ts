// `pension serve` does not start on what is missing or wrong, and its message names the variable and what to do.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { knownMigrations } from '../../src/store/sqlite/migrate.ts';
import { type CliResult, pension, startPension, worldEnv } from '../support/cli.ts';
import { fileOf } from '../support/new-store.ts';
import { demoWorld, startTestService } from '../support/service.ts';
import { tempDir } from '../support/temp.ts';

/** A start that is refused: what is wrong with the settings, and what the message has to say. */
interface Refusal {
  readonly env: () => Record<string, string>;
  readonly says: RegExp;
}

describe('pension serve refuses', () => {
  const dir = tempDir();
  let world: string;

  /** A file with that text. */
  const file = (name: string, text: string): string => {
    const at = path.join(dir, name);
    writeFileSync(at, text);
    return at;
  };
  const of = (name: string): string => path.join(world, name);

  const refusals: Readonly<Record<string, Refusal>> = {
    'a certificate that is not there': {
      env: () => ({ PENSION_TLS_CERT: path.join(dir, 'none.pem') }),
      says: /PENSION_TLS_CERT: .*none\.pem cannot be read/,
    },
    'a key that is a folder': {
      env: () => ({ PENSION_TLS_KEY: dir }),
      says: /PENSION_TLS_KEY: .* cannot be read/,
    },
    'a list of revoked certificates that is not there': {
      env: () => ({ PENSION_TLS_CRL: path.join(dir, 'none.pem') }),
      says: /PENSION_TLS_CRL: .*none\.pem cannot be read/,
    },
    'reference data that are not there': {
      env: () => ({ PENSION_ORGANISATIONER: path.join(dir, 'none.json') }),
      says: /PENSION_ORGANISATIONER: .*none\.json cannot be read/,
    },
    'a certificate that is not PEM': {
      env: () => ({ PENSION_TLS_CERT: file('text.pem', 'not PEM\n') }),
      says: /PENSION_TLS_CERT.* PEM/,
    },
    'a key that is not PEM': {
      env: () => ({ PENSION_TLS_KEY: file('text.key', 'not PEM\n') }),
      says: /PENSION_TLS_KEY.* PEM/,
    },
    'authorities that are not PEM, for every caller would be turned away': {
      env: () => ({ PENSION_TLS_CA: file('text.ca', 'not PEM\n') }),
      says: /PENSION_TLS_CA.* PEM/,
    },
    'a list of revoked certificates that is not PEM': {
      env: () => ({ PENSION_TLS_CRL: file('text.crl', 'not PEM\n') }),
      says: /PENSION_TLS_CRL.* PEM/,
    },
    'an empty certificate, for no handshake would succeed': {
      env: () => ({ PENSION_TLS_CERT: file('empty.pem', '') }),
      says: /PENSION_TLS_CERT.* PEM/,
    },
    'an empty key, for no handshake would succeed': {
      env: () => ({ PENSION_TLS_KEY: file('empty.key', '') }),
      says: /PENSION_TLS_KEY.* PEM/,
    },
    'a key that belongs to another certificate': {
      env: () => ({ PENSION_TLS_KEY: of('udk.key') }),
      says: /PENSION_TLS_CERT, PENSION_TLS_KEY.* do not belong together/,
    },
    'reference data that are not JSON': {
      env: () => ({ PENSION_ORGANISATIONER: of('ca.pem') }),
      says: /PENSION_ORGANISATIONER: .*ca\.pem: .*JSON/,
    },
    'reference data without what they need': {
      env: () => ({ PENSION_ORGANISATIONER: file('empty.json', '{"akasser":[]}') }),
      says: /PENSION_ORGANISATIONER: .*empty\.json: .*systems/,
    },
    'an address that is not this machine’s': {
      env: () => ({ PENSION_HOST: '192.0.2.1' }),
      says: /PENSION_HOST: 192\.0\.2\.1 is not an address of this machine/,
    },
    'a store in a folder that cannot be made': {
      env: () => ({ PENSION_STORE: `sqlite:${file('a-file', '')}/pension.db` }),
      says: /PENSION_STORE.*a-file.* cannot be opened.* Check the path/,
    },
    'a store that is a folder': {
      env: () => ({ PENSION_STORE: `sqlite:${dir}` }),
      says: /cannot be opened.* Check the path/,
    },
    'a store that is another kind of file': {
      env: () => ({ PENSION_STORE: `sqlite:${file('pension.db', 'not a database\n'.repeat(100))}` }),
      says: /PENSION_STORE.*pension\.db|pension\.db.*PENSION_STORE/,
    },
  };

  let ended: Map<string, CliResult>;
  before(async () => {
    world = await demoWorld();
    const starts = Object.entries(refusals).map(async ([name, { env }]) => {
      const serve = startPension(['serve'], { env: { ...worldEnv(world), ...env() } });
      // One that starts after all is a failure, not a test that hangs.
      serve.sees('stdout', /listening/).then(
        () => serve.signal('SIGTERM'),
        () => undefined,
      );
      return [name, await serve.result] as const;
    });
    ended = new Map(await Promise.all(starts));
  });
  for (const [name, { says }] of Object.entries(refusals)) {
    it(name, () => {
      const { code, stdout, stderr } = ended.get(name)!;
      expect(stderr)
        .to.match(says)
        .and.not.match(/^\s+at /m);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    });
  }

  it('a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await pension(['serve'], {
      env: { ...worldEnv(world), PENSION_PORT: String(port) },
    });
    taken.close();
    expect(stderr).to.match(
      new RegExp(`PENSION_PORT: 127\\.0\\.0\\.1 port ${port} is already in use; .*choose another`),
    );
    expect(code).to.equal(1);
  });

  it('a store newer than the program, and leaves it as it is', async () => {
    const service = await startTestService();
    await service.stop();
    const db = new Database(fileOf(service.store));
    db.prepare(
      "INSERT INTO migration (number, name, applied) VALUES (9999, '9999-from-the-future', '')",
    ).run();
    const schema = () => db.prepare('SELECT * FROM sqlite_master ORDER BY name').all();
    const before = schema();
    const { code, stderr } = await pension(['serve'], {
      env: { ...worldEnv(world), PENSION_STORE: service.store },
    });
    expect(stderr).to.contain('newer than this program').and.contain('9999-from-the-future');
    expect(stderr).to.contain(knownMigrations().at(-1)!.name);
    expect(code).to.equal(1);
    expect(schema()).to.deep.equal(before);
    db.close();
  });

  it('a store in a folder it may not write to', async function () {
    const folder = path.join(dir, 'read-only');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    // root may write anywhere, unless that right is taken away
    const through = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all'] : [];
    const start = { env: { ...worldEnv(world), PENSION_STORE: `sqlite:${folder}/pension.db` }, through };
    const { code, stderr } = await pension(['serve'], start).catch((error: Error) => {
      if (through.length > 0) this.skip(); // no setpriv on this machine, and root
      throw error;
    });
    expect(stderr).to.match(/cannot be opened.* Check the path and the rights/);
    expect(code).to.equal(1);
  });
});
