// A process of its own that attacks a service again and again, and says how its memory has grown: started with
// --expose-gc by memory.test.ts, it prints one line of JSON.

import { PENSION_SERVICE, WSRM_SERVICE } from '../../src/contract/names.ts';

/** What a process holds, in bytes. */
export interface Held {
  readonly rss: number;
  readonly heap: number;
  readonly buffers: number;
  /** The memory of libxml2, which can only grow. */
  readonly wasm: number;
}

/** What this needs to know of WebAssembly, of which Node's types say nothing. */
interface Wasm {
  instantiate(...args: unknown[]): Promise<{ readonly instance: { readonly exports: object } }>;
  readonly Memory: new () => { readonly buffer: ArrayBuffer };
}

/** Watches the memories of WebAssembly as they are made: this must stand before libxml2 is loaded. */
function watchWasm(): () => number {
  const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
  const memories: { readonly buffer: ArrayBuffer }[] = [];
  const { instantiate } = wasm;
  wasm.instantiate = async (...args) => {
    const made = await instantiate(...args);
    memories.push(...Object.values(made.instance.exports).filter((one) => one instanceof wasm.Memory));
    return made;
  };
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

const wasmBytes = watchWasm();

function held(): Held {
  for (let n = 0; n < 3; n += 1) globalThis.gc!();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, heap: heapUsed, buffers: arrayBuffers, wasm: wasmBytes() };
}

async function main(rounds: number): Promise<void> {
  const { startTestService } = await import('../support/service.ts');
  const { GREAT } = await import('./attacks-great.ts');
  const { ENCODINGS, VALUES } = await import('./attacks-xml.ts');
  const { REQUESTS } = await import('./attacks-http.ts');
  const { exchange } = await import('./raw-http.ts');
  const { requestOf } = await import('../support/http-request.ts');
  const service = await startTestService({ PENSION_TLS: 'off' });
  const port = Number(new URL(service.url).port);
  const attacks = Object.values({ ...GREAT, ...VALUES, ...ENCODINGS, ...REQUESTS }).map((attack) =>
    requestOf(
      attack.service === 'WsrmService' ? WSRM_SERVICE.path : PENSION_SERVICE.path,
      attack.body,
      attack.headers,
    ),
  );
  let sent = 0;
  const round = async (): Promise<void> => {
    for (const bytes of attacks) {
      await exchange(port, bytes);
      sent += 1;
    }
    service.logLines.length = 0; // kept by the test service alone
  };
  // What is made once, and what a heap settles at.
  await round();
  const before = held();
  sent = 0;
  for (let n = 0; n < rounds; n += 1) await round();
  const after = held();
  await service.stop();
  console.log(JSON.stringify({ sent, before, after }));
}

await main(Number(process.argv[2]));
