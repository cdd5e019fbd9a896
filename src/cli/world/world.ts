// Makes a demo world: certificates, reference data, memberships and the settings to serve it.
import path from 'node:path';
import { datoI } from '../../domain/dato.ts';
import { makeCertificates } from './certificates.ts';
import { assertQuotable, envText } from './env.ts';
import { certificateNames, ENV_FILE, worldFile } from './files.ts';
import { type NewFile, prepareFolder, publish } from './folder.ts';
import { medlemskaberCsv } from './medlemskaber.ts';
import { mergerDate, organisationerJson } from './organisationer.ts';

export { type DemoBorger, type DemoBorgerNavn, demoBorgere } from './demo-borgere.ts';
export { WorldBusyError, WorldExistsError, WorldPathError } from './errors.ts';
export {
  type CertificateName,
  certificateNames,
  clientIdentity,
  worldFile,
  worldFileNames,
} from './files.ts';

/**
 * Makes a demo world in `dir` and returns the absolute paths of its files. The folder need not exist; it may
 * hold other files. Throws WorldExistsError if it holds a world, or files with the names of a world's;
 * WorldBusyError if another process is at it; WorldPathError if the path cannot be used. What a killed run
 * left behind is overwritten: a world is finished when its `env` is there.
 */
export async function makeWorld(dir: string, options: { now: Date }): Promise<{ files: string[] }> {
  const folder = path.resolve(dir);
  assertQuotable(folder);
  await prepareFolder(folder);
  const files = await worldContents(folder, options.now);
  await publish(folder, files);
  return { files: files.map(({ name }) => worldFile(folder, name)) };
}

async function worldContents(folder: string, now: Date): Promise<NewFile[]> {
  const today = datoI(now);
  const { ca, leafs, crl } = await makeCertificates(now);
  const open = (name: string, text: string): NewFile => ({ name, text, secret: false });
  const secret = (name: string, text: string): NewFile => ({ name, text, secret: true });
  return [
    open('ca.pem', ca.certificate),
    secret('ca.key', ca.key),
    ...certificateNames.flatMap((name) => [
      open(`${name}.pem`, leafs[name].certificate),
      secret(`${name}.key`, leafs[name].key),
    ]),
    open('crl.pem', crl),
    open(
      'organisationer.json',
      organisationerJson(today, (name) => leafs[name].certificate),
    ),
    open('medlemskaber.csv', medlemskaberCsv(today, mergerDate(today))),
    open(ENV_FILE, envText(folder)),
  ];
}
