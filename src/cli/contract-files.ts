// Reads the contract's documents from the folders beside the program: wsdl/ and xsd/.

import { readdirSync, readFileSync } from 'node:fs';
import type { ContractFiles } from '../contract/schema-files.ts';

/** The folder of the package, from src/cli/ as from dist/cli/. */
export const PACKAGE_ROOT = new URL('../../', import.meta.url);

const readFolder = (folder: string): Map<string, string> => {
  const at = new URL(`${folder}/`, PACKAGE_ROOT);
  return new Map(readdirSync(at).map((name) => [name, readFileSync(new URL(name, at), 'utf8')]));
};

/** Every document of the contract. */
export const readContractFiles = (): ContractFiles => ({ wsdl: readFolder('wsdl'), xsd: readFolder('xsd') });
