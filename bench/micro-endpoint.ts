import { readFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeWorld } from '../src/cli/world/world.ts';
import { readContractFiles } from '../src/cli/contract-files.ts';
import { readOrganisationer } from '../src/access/organisationer.ts';
import { PENSION_SERVICE } from '../src/contract/names.ts';
import { systemPorts } from '../src/domain/ports.ts';
import { TLS_OFF } from '../src/access/identitet.ts';
import { makeEndpoint } from '../src/soap/endpoint.ts';
import { citizen, saveMessage, getMessage } from './load/messages.ts';
const world = path.join(mkdtempSync(path.join(tmpdir(), 'me-')), 'w'); await makeWorld(world, { now: new Date() });
const org = readOrganisationer(readFileSync(path.join(world, 'organisationer.json'), 'utf8'));
const log = { error: console.log, warn() {}, info() {}, debug() {} } as never;
const forloeb = [{ forloebId: 'a'.repeat(8), nr: 1, version: 1, personnummer: '1', overgang: undefined }];
const store = { save: async (c: any) => ({ ok: true, value: { forloebId: c.nytId } }), get: async () => ({ ok: true, value: [] }), recordRefusal: async () => {} } as never;
const ep = await makeEndpoint({ files: readContractFiles(), store, organisationer: () => org, ports: systemPorts, log, tidligereMaaneder: 60, door: {} as never, onUnrecorded() {} }, PENSION_SERVICE);
const N = Number(process.env.T ?? 20000);
for (const [name, make] of [['save', (i: number) => saveMessage(citizen(i), 2030)], ['get', (i: number) => getMessage(citizen(i))]] as const) {
  const bodies = Array.from({ length: 500 }, (_, i) => Buffer.from(make(i)));
  const action = `"${PENSION_SERVICE.operations[name === 'save' ? 0 : 1]!.soapAction}"`;
  const run = async (n: number) => { for (let i = 0; i < n; i++) { const r = await ep.answer({ correlationId: systemPorts.newId(), body: bodies[i % 500]!, soapAction: action, identitet: TLS_OFF }); if (r.status !== 200) throw new Error(r.xml); } };
  await run(3000); const c = process.cpuUsage(); await run(N); const d = process.cpuUsage(c);
  console.log(name, ((d.user + d.system) / N).toFixed(1), 'us');
}
