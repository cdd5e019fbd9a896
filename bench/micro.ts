import { copyFileSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readIndberetning } from '../src/domain/indberetning.ts';
import { systemPorts } from '../src/domain/ports.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { citizen, strideOf } from './load/messages.ts';
const N = 100_000; const file = path.join(mkdtempSync(path.join(tmpdir(), 'micro-')), 's.db');
copyFileSync('var/bench/service-100000.db', file);
const G = Number(process.env.G ?? 16), T = Number(process.env.T ?? 6000);
const store = openSqliteStore(file, systemPorts);
const stride = strideOf(N); let i = 0;
const meta = { RequestUserStructure: { UserFullName: 'Bodil Kjær', RequestUserTypeIdentifier: { CodeListItemIdentifier: 2 }, UserIdentifier: 'CVR:12345678-UUID:6e0ad0a7-a4b4-4b8b-9d0a-3f6c1c1f4f11' }, RequestOrganisationStructure: { OrganisationTypeIdentifier: { CodeListItemIdentifier: 50 }, OrganisationCode: '12345678' }, RegistrationDateTime: '2020-01-20T15:06:58+01:00' };
const kald = () => ({ modtaget: systemPorts.now(), idag: '2026-11-20' as never, correlationId: systemPorts.newId(), operation: 'SaveTidligPension' as const, system: 'udk', certificate: 'a'.repeat(64), activeOrganisation: { OrganisationTypeIdentifier: 50, OrganisationCode: '12345678' }, requestUserMetadata: meta });
const one = async (): Promise<void> => {
  const p = citizen((i++ * stride) % N);
  const ind = readIndberetning({ Personnummer: p, OvergangTilTidligPension: { TidligPensionOvergangsdato: `${2030 + Math.floor(i / N)}-02-01`, TidligPensionAfgoerelsesdato: '2026-01-01', TidligPensionOphoersdato: `${2030 + Math.floor(i / N)}-11-30` } });
  if (!ind.ok) throw 1;
  const r = await store.save({ kald: kald(), indberetning: ind.value, nytId: systemPorts.newForloebId(), messageIdentifier: systemPorts.newId(), afloesere: {} });
  if (!r.ok) throw new Error(r.fejl.message);
};
const run = async (n: number): Promise<void> => { const end = i + n; await Promise.all(Array.from({ length: G }, async () => { while (i < end) await one(); })); };
await run(1000); if (process.env.STOP) { const { execFileSync } = await import('node:child_process'); await run(T); execFileSync('cp', [file, '/tmp/x.db']); execFileSync('cp', [`${file}-wal`, '/tmp/x.db-wal']); process.exit(); }
const c0 = process.cpuUsage(); const t0 = performance.now(); await run(T); const t = performance.now() - t0; const c = process.cpuUsage(c0);
const j = i; i = 0; const t1 = performance.now(); const c1 = process.cpuUsage();
const get = async (): Promise<void> => { const p = citizen((i++ * stride) % N); await store.get({ kald: kald(), personnummer: p as never, adgang: { omfang: 'alle' } as never }); };
await Promise.all(Array.from({ length: G }, async () => { while (i < T) await get(); })); const tg = performance.now() - t1; const cg = process.cpuUsage(c1);
console.log(`G=${G} save ${(t / T * 1000).toFixed(0)}us (cpu u ${(c.user / T).toFixed(0)} s ${(c.system / T).toFixed(0)})  get ${(tg / T * 1000).toFixed(0)}us (cpu u ${(cg.user / T).toFixed(0)} s ${(cg.system / T).toFixed(0)}) wal ${(statSync(`${file}-wal`).size / 1e6).toFixed(0)}MB`, j);
await store.close();
