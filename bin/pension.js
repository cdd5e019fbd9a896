#!/usr/bin/env node
// Starts the command `pension` on a Node.js that is new enough: the one that runs this file, or the one
// that `make build` has put into .node/ on machines whose own is older. Runs the compiled code.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEAST_NODE = 24;
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const main = at('../dist/cli/main.js');

if (!existsSync(main)) {
  process.stderr.write('pension: the program is not built yet. Run `make build` in the repository first.\n');
  process.exit(1);
}

/**
 * Commands that run for long, and what they ask of V8. They should not grow for want of asking: what is young is
 * collected before it is much, and what is old before it is four times what it was, far more than they ever need. And
 * V8 has one thread to help it, for the serving thread and that of the store need the cores.
 */
const LONG_RUNNING = ['serve', 'demo'];
const MODEST = [
  '--max-semi-space-size=8',
  '--max-old-space-size=512',
  '--v8-pool-size=1',
  '--no-parallel-scavenge',
];
const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ').replaceAll('_', '-');
const modest = MODEST.filter((option) => !given.includes(option.split('=')[0]));

if (Number(process.versions.node.split('.')[0]) >= LEAST_NODE) {
  // Takes the place of this process, with the same number; where that cannot be, the service needs more memory.
  const canBeReplaced = process.platform !== 'win32' && typeof process.execve === 'function';
  if (LONG_RUNNING.includes(process.argv[2]) && modest.length > 0 && canBeReplaced)
    process.execve(process.execPath, [
      process.execPath,
      ...process.execArgv,
      ...modest,
      ...process.argv.slice(1),
    ]);
  const { run } = await import(main);
  let unwritten;
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') unwritten ??= error; // whoever reads through a pipe may have seen enough
  });
  process.on('exit', () => {
    if (unwritten === undefined || process.exitCode !== 0) return;
    process.stderr.write(`pension: the output cannot be written: ${unwritten.message}\n`);
    process.exitCode = 1;
  });
  process.exitCode = await run(process.argv.slice(2));
} else if (existsSync(at('../.node/bin/node'))) {
  const child = spawn(at('../.node/bin/node'), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
} else {
  process.stderr.write(
    `pension: needs Node.js ${LEAST_NODE} or newer, this is ${process.versions.node}. ` +
      'Run `make build` in the repository: it fetches one.\n',
  );
  process.exit(1);
}
