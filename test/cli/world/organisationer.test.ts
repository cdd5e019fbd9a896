// `organisationer.json` lets each demo certificate act for what its name says, and no more.
import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { mergerDate } from '../../../src/cli/world/organisationer.ts';
import { certificateNames, makeWorld } from '../../../src/cli/world/world.ts';
import { datoI } from '../../../src/domain/dato.ts';
import { tempFolder } from './temp.ts';

describe('the organisations of a demo world', () => {
  const { dir, read, remove } = tempFolder();
  const now = new Date();
  // biome-ignore lint/suspicious/noExplicitAny: the file is read as any client would read it
  let data: any;

  before(async () => {
    await makeWorld(dir, { now });
    data = JSON.parse(read('organisationer.json'));
  });
  after(remove);

  const fingerprint = (name: string) => new X509Certificate(read(`${name}.pem`)).fingerprint256;

  it('maps each certificate by its fingerprint to the one organisation of its name', () => {
    const mapped = data.systems.map((system: { name: string; organisations: object[] }) => [
      system.name,
      system.organisations,
    ]);
    expect(Object.fromEntries(mapped)).to.deep.equal({
      udk: [{ type: 50, code: '12345678' }],
      star: [{ type: 51, code: '87654321' }],
      'akasse-11': [{ type: 2, code: '11' }],
      'akasse-22': [{ type: 2, code: '22' }],
      'akasse-67': [{ type: 2, code: '67' }],
      'akasse-31': [{ type: 2, code: '31' }],
      tilbagekaldt: [{ type: 50, code: '12345678' }],
    });
    for (const { name, fingerprint256 } of data.systems) {
      expect(certificateNames).to.include(name);
      expect(fingerprint256, name).to.equal(fingerprint(name));
    }
  });

  it('maps ukendt and the server certificate to nothing', () => {
    const text = read('organisationer.json');
    expect(text).not.to.contain(fingerprint('ukendt'));
    expect(text).not.to.contain(fingerprint('server'));
  });

  it('lists the types of organisations with their kinds, and the types of users', () => {
    const kinds = data.organisationTypes.map(({ id, kind }: { id: number; kind: string }) => [id, kind]);
    expect(Object.fromEntries(kinds)).to.deep.equal({
      2: 'akasse',
      4: 'other',
      7: 'other',
      8: 'other',
      24: 'other',
      50: 'udk',
      51: 'star',
    });
    expect(data.userTypes.map(({ id }: { id: number }) => id)).to.deep.equal([1, 2, 3, 4]);
    for (const { name } of [...data.organisationTypes, ...data.userTypes, ...data.akasser]) {
      expect(name).to.be.a('string').with.length.above(0);
    }
  });

  it('has 31 merged into 67 before today, and the others in being', () => {
    const merged = data.akasser.find(({ code }: { code: string }) => code === '31');
    expect(merged).to.include({ til: mergerDate(datoI(now)), afloeser: '67' });
    expect(merged.til < now.toISOString()).to.equal(true);
    for (const code of ['11', '22', '67']) {
      const akasse = data.akasser.find((other: { code: string }) => other.code === code);
      expect(akasse, code).to.have.all.keys('code', 'name');
    }
    expect(data.akasser).to.have.length(4);
  });
});
