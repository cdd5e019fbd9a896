// Runs the other readers of the oracle over files: Debian's xmllint, and a reader on expat in Python.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NS } from '../../src/contract/names.ts';

const XSD = fileURLToPath(new URL('../../xsd/', import.meta.url));
const SECTIONS = fileURLToPath(new URL('oracle.py', import.meta.url));
/** Files for one run of xmllint. */
const BATCH = 500;

/** Why the other readers refuse a message; undefined when they accept it. */
export type Foreign = string | undefined;

/** The versions of both. Throws when one is missing, saying how to install it. */
export function foreignVersions(): string {
  const [xmllint, python] = [
    spawnSync('xmllint', ['--version'], { encoding: 'utf8' }),
    spawnSync('python3', ['--version'], { encoding: 'utf8' }),
  ];
  if (xmllint.status !== 0 || python.status !== 0) {
    throw new Error('xmllint or python3 is missing; install them with: bash test/attack/install.sh');
  }
  return `xmllint ${/version (\d+)/.exec(xmllint.stderr)?.[1]}, ${python.stdout.trim()}`;
}

/** Gives the files to xmllint, some at a time, and what it says of them, line by line. */
function xmllint(files: readonly string[], args: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < files.length; at += BATCH) {
    const { stderr, error } = spawnSync(
      'xmllint',
      ['--noout', '--nonet', ...args, ...files.slice(at, at + BATCH)],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 30,
      },
    );
    if (error) throw error;
    lines.push(...stderr.split('\n'));
  }
  return lines;
}

/** What the other readers say of each message, in order. `folder` is empty, and theirs to fill. */
export function readElsewhere(messages: readonly Uint8Array[], folder: string): Foreign[] {
  const [whole, parts] = [path.join(folder, 'whole'), path.join(folder, 'parts')];
  for (const dir of [whole, parts]) mkdirSync(dir);
  const files = messages.map((message, at) => {
    const file = path.join(whole, `${at}.xml`);
    writeFileSync(file, message);
    return file;
  });
  const broken = new Map<string, string>();
  for (const line of xmllint(files, [])) {
    const [, file, what] = /^(\/[^:]+\.xml):\d+: (.*error.*)$/.exec(line) ?? [];
    if (file && what && !broken.has(file)) broken.set(file, what);
    const unread = /failed to load external entity "(.*)"|^(\/[^:]+\.xml) : failed/.exec(line);
    if (unread) broken.set(unread[1] ?? unread[2]!, 'cannot be loaded');
  }
  const tasks = files.map((file, at) => JSON.stringify({ file, out: path.join(parts, String(at)) }));
  const python = spawnSync('python3', [SECTIONS], {
    input: tasks.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (python.status !== 0) throw new Error(`oracle.py failed: ${python.stderr}`);
  const read = python.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { error?: string; sections?: string[] });
  const valid = validSections(parts, folder);
  return files.map((file, at) => {
    const { error, sections = [] } = read[at]!;
    if (broken.has(file)) return `xmllint: ${broken.get(file)}`;
    if (error !== undefined) return error;
    return sections.every((section) => valid.has(section)) ? undefined : 'xmllint: a section is not valid';
  });
}

/** The files of a folder that are valid by the published schemas. */
function validSections(parts: string, folder: string): ReadonlySet<string> {
  const imports = readdirSync(XSD)
    .filter((name) => name !== 'SoapEnvelope.xsd')
    .map((name) => {
      const key = name.replace('.xsd', '');
      return `<xs:import namespace="${NAMESPACES[key]}" schemaLocation="${pathToFileURL(path.join(XSD, name))}"/>`;
    });
  const umbrella = path.join(folder, 'umbrella.xsd');
  writeFileSync(umbrella, `<xs:schema xmlns:xs="${NS.xs}">${imports.join('')}</xs:schema>`);
  const files = readdirSync(parts).map((name) => path.join(parts, name));
  const lines = xmllint(files, ['--schema', umbrella]);
  return new Set(lines.flatMap((line) => /^(\/.*\.xml) validates$/.exec(line)?.[1] ?? []));
}

const NAMESPACES: Readonly<Record<string, string>> = {
  ActiveOrganisationHeader: NS.activeOrganisation,
  CodeListBase: NS.codeList,
  FaultDetails: NS.fault,
  PensionService: NS.pension,
  RequestOrganisationStructure: NS.requestOrganisation,
  RequestUserMetadata: NS.requestUserMetadata,
  RequestUserStructure: NS.requestUser,
  RequestUserTypeIdentifierCodeList: NS.requestUserType,
  Wsrm: NS.wsrm,
  WsrmMessageService: NS.wsrmMessage,
};
