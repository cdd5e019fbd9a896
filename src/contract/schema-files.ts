// The contract's documents in memory, and what can be derived from them: which schemas a WSDL reaches, and the
// whole of a WSDL in one document.

import { NS } from './names.ts';

/** The text of every contract document, by file name without folder: `PensionService.wsdl`, `CodeListBase.xsd`. */
export interface ContractFiles {
  readonly wsdl: ReadonlyMap<string, string>;
  readonly xsd: ReadonlyMap<string, string>;
}

const SCHEMA_LOCATION = /schemaLocation="(?:\.\.\/xsd\/)?([^"/]+\.xsd)"/g;
const XML_DECLARATION = /^\uFEFF?<\?xml[^>]*\?>\s*/;

const importsOf = (text: string): string[] => [...text.matchAll(SCHEMA_LOCATION)].map((match) => match[1]!);

/** Names of the schema files that a WSDL reaches, dependencies first. Throws when one is missing. */
export function schemasOf(files: ContractFiles, wsdl: string): string[] {
  const reached: string[] = [];
  const visit = (name: string): void => {
    if (reached.includes(name)) return;
    for (const next of importsOf(textOf(files.xsd, name))) visit(next);
    reached.push(name);
  };
  for (const name of importsOf(textOf(files.wsdl, wsdl))) visit(name);
  return reached;
}

/** The document with every schemaLocation replaced by what `location` gives for a schema's file name. */
export const relocateSchemas = (text: string, location: (xsd: string) => string): string =>
  text.replace(SCHEMA_LOCATION, (_, xsd: string) => `schemaLocation="${location(xsd)}"`);

/** The WSDL with its schemas written into `wsdl:types`; imports between them keep the namespace only. */
export function singleWsdl(files: ContractFiles, wsdl: string): string {
  const schemas = schemasOf(files, wsdl).map((name) =>
    textOf(files.xsd, name)
      .replace(XML_DECLARATION, '')
      .replace(/\s+schemaLocation="[^"]*"/g, ''),
  );
  return textOf(files.wsdl, wsdl).replace(
    /(<wsdl:types>)[\s\S]*?(\s*<\/wsdl:types>)/,
    (_, open: string, close: string) => `${open}\n${schemas.join('\n').trimEnd()}${close}`,
  );
}

/** A schema without a namespace of its own that imports the given ones: one validator for all of them. */
export function umbrellaSchema(files: ContractFiles, names: readonly string[]): string {
  const imports = names.map((name) => {
    const namespace = /targetNamespace="([^"]+)"/.exec(textOf(files.xsd, name))![1];
    return `<xs:import namespace="${namespace}" schemaLocation="${name}"/>`;
  });
  return `<xs:schema xmlns:xs="${NS.xs}">${imports.join('')}</xs:schema>`;
}

function textOf(documents: ReadonlyMap<string, string>, name: string): string {
  const text = documents.get(name);
  if (text === undefined)
    throw new Error(`contract file ${name} is missing from the program's wsdl/ or xsd/ folder`);
  return text;
}
