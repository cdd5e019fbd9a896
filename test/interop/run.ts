// Runs a program to its end without blocking this process, where the service lives that the program may call.

import { spawn } from 'node:child_process';

/** What a program left behind. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program. Rejects only when it cannot be started. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: 'pipe',
      env: { ...process.env, ...options.env },
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr += chunk;
    });
    child.once('error', reject);
    child.stdin.on('error', () => undefined); // it has ended without reading all; its status tells why
    child.stdin.end(options.stdin ?? '');
    child.once('close', (status) => resolve({ status, ...text }));
  });
}
