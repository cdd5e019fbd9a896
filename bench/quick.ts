import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeWorld } from '../src/cli/world/world.ts';
import { startGenerator } from './load/start.ts';
import { cpuOf, memoryOf } from './machine.ts';
import { startService, startTutorial } from './peers/peer.ts';
import { copyPreparedStore, copyPreparedTutorial } from './prepared.ts';

const N = Number(process.env.N ?? 100_000);
const MS = Number(process.env.MS ?? 4000);
const CONNS = (process.env.C ?? '32').split(',').map(Number);
const KINDS = (process.env.K ?? 'save,get').split(',') as ('save' | 'get')[];
const PEERS = (process.env.P ?? 'tutorial,service').split(',');
const TLS = process.env.TLS === '1';
const PROF = process.env.PROF;
const through = process.env.THROUGH ? process.env.THROUGH.split(' ') : [];
const dir = mkdtempSync(path.join(process.env.DIR ?? tmpdir(), 'bench-'));
const world = path.join(dir, 'world');
await makeWorld(world, { now: new Date() });
const peers = [];
for (const p of PEERS) {
  if (p === 'tutorial') { const f = path.join(dir, 't.db'); await copyPreparedTutorial(N, f); peers.push([p, await startTutorial(f, { world, tls: TLS, through })] as const); }
  else { const f = path.join(dir, 's.db'); await copyPreparedStore(N, f); peers.push([p, await startService(`sqlite:${f}`, { world, tls: TLS, through })] as const); }
}
const g = startGenerator();
const from = new Map<string, number>();
for (let r = 0; r < Number(process.env.R ?? 2); r++)
  for (const asked of KINDS) for (const connections of CONNS) for (const [name, peer] of peers) {
    const c = cpuOf([peer.pid]);
    const key = name + asked;
    const o = await g.run({ address: peer.address(asked), asked, connections, milliseconds: MS, warmUp: 500, citizens: N, from: from.get(key) ?? 0 });
    from.set(key, (from.get(key) ?? 0) + o.sent);
    const cpu = (cpuOf([peer.pid]) - c) / o.sent * 1000;
    console.log(`${name.padEnd(9)} ${asked} c=${connections} ${(o.answered / o.milliseconds * 1000).toFixed(0).padStart(6)}/s p50 ${o.p50.toFixed(1)} p95 ${o.p95.toFixed(1)} p99 ${o.p99.toFixed(1)} max ${o.longest.toFixed(0)} cpu/1000 ${cpu.toFixed(3)} rss ${memoryOf(peer.pid).now.toFixed(0)}`);
  }
g.stop();
for (const [, p] of peers) await p.stop();
