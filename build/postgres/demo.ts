// `make run STORE=postgres`: a private PostgreSQL whose data stay, and `pension demo` on it in a world of its own. The
// world that `make run` has in var/ goes with the store in var/: its receipts say what that one has been told.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { newDatabase, onDatabase, onServer } from './databases.ts';
import { OutOfReach } from './folder.ts';
import { type PrivatePostgres, startPostgres } from './server.ts';

const WORLD = process.argv[2] ?? 'var/postgres';
const DATABASE = 'pension';
/** Taken where it is free, so that a line of the last run can still be typed. */
const PORT = 25_432;
const INVALID_CATALOG_NAME = '3D000';

const show = (text: string): void => void process.stdout.write(`${text}\n`);

/** Data that only this machine reaches, and that are made up: anybody on it may come in, and no line has a password. */
const start = (dir: string): Promise<PrivatePostgres> => startPostgres({ dir, auth: 'trust', port: PORT });

/** Starts the server on its data in the world or, where root's clone is closed to all others, in the temporary folder. */
async function startHere(): Promise<PrivatePostgres> {
  try {
    return await start(path.join(WORLD, 'server'));
  } catch (error) {
    if (!(error instanceof OutOfReach)) throw error;
    const clone = createHash('sha256').update(path.resolve(WORLD)).digest('hex').slice(0, 12);
    return await start(path.join(tmpdir(), `pension-demo-${clone}`));
  }
}

/** The database of the demo, made where it is not there yet. */
async function database(server: string): Promise<string> {
  const url = onDatabase(server, DATABASE);
  try {
    await onServer(url, async () => undefined);
    return url;
  } catch (error) {
    if ((error as { code?: string }).code !== INVALID_CATALOG_NAME) throw error;
    return await newDatabase(server, DATABASE);
  }
}

const server = await startHere();
show(
  `PostgreSQL ${server.major} serves on 127.0.0.1:${server.port}; its data are in ${path.relative('', server.dir)}.`,
);
const program = fileURLToPath(new URL('../../bin/pension.js', import.meta.url));
const demo = spawn(process.execPath, [program, 'demo', WORLD], {
  stdio: 'inherit',
  env: { ...process.env, PENSION_STORE: await database(server.url) },
});
// The terminal tells both of Ctrl-C and of its own end; the server outlives the demo, which has to end in order.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
process.on('SIGTERM', () => demo.kill('SIGTERM'));
const code = await new Promise<number>((resolve, reject) => {
  demo.on('error', reject);
  demo.on('close', (code) => resolve(code ?? 1));
});
await server.remove();
process.exitCode = code;
