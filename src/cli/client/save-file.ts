// Reads one indberetning from a file as people have it: JSON, or XML with a SaveTidligPensionRequest in it.

import { decodeRequest } from '../../contract/decode.ts';
import { encodeSaveRequest } from '../../contract/encode.ts';
import type { SaveTidligPensionRequest } from '../../contract/messages.ts';
import { NS, PENSION_SERVICE } from '../../contract/names.ts';
import { describeFindings } from '../../contract/schema-errors.ts';
import { schemasOf, umbrellaSchema } from '../../contract/schema-files.ts';
import { childElements, compileSchema, type Element, withDocument } from '../../contract/xml.ts';
import { readContractFiles } from '../contract-files.ts';
import { CommandFailed } from '../outcome.ts';

const REQUEST = 'SaveTidligPensionRequest';

/** Reads the text of a file. Throws CommandFailed when it is neither, or not valid by the schema. */
export function readSaveFile(text: string): SaveTidligPensionRequest {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  // JSON goes the same way as XML, so that both are held to the schema.
  return fromXml(trimmed.startsWith('<') ? trimmed : encodeSaveRequest(fromJson(trimmed)));
}

function fromXml(text: string): SaveTidligPensionRequest {
  const files = readContractFiles();
  const schema = compileSchema(umbrellaSchema(files, schemasOf(files, PENSION_SERVICE.wsdl)), files.xsd);
  return withDocument(
    text,
    (root) => {
      const request = findRequest(root);
      if (request === undefined)
        throw new CommandFailed(`The file holds no ${REQUEST} in the namespace ${NS.pension}.`);
      const findings = schema.validate(request);
      if (findings.length > 0)
        throw new CommandFailed(`The file is not valid: ${describeFindings(request, findings)}`);
      return decodeRequest('SaveTidligPension', request) as SaveTidligPensionRequest;
    },
    (finding) => {
      throw new CommandFailed(
        `The file is not well-formed XML: line ${finding.line}, column ${finding.column}.`,
      );
    },
  );
}

function findRequest(element: Element): Element | undefined {
  if (element.name === REQUEST && element.namespaceUri === NS.pension) return element;
  for (const child of childElements(element)) {
    const found = findRequest(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  OvergangTilTidligPension: [
    'TidligPensionOvergangsdato',
    'TidligPensionAfgoerelsesdato',
    'TidligPensionOphoersdato',
  ],
  Kompensationsudbetaling: ['Kompensationsafgoerelsesdato'],
};

function fromJson(text: string): SaveTidligPensionRequest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CommandFailed(
      'The file is neither JSON nor XML; see `pension call save --help` for what it should hold.',
    );
  }
  const top = fields(json, ['Personnummer', 'TidligPensionIdentifier', ...Object.keys(BLOCKS)], 'the file');
  for (const [block, names] of Object.entries(BLOCKS)) {
    if (top[block] !== undefined) top[block] = fields(top[block], names, block);
  }
  return top as unknown as SaveTidligPensionRequest;
}

/** The fields of an object under the names of the contract; a small first letter means the same. */
function fields(json: unknown, names: readonly string[], where: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new CommandFailed(`In JSON, ${where} must be an object.`);
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    const name = names.find((known) => known.toLowerCase() === key.toLowerCase());
    if (name === undefined)
      throw new CommandFailed(
        `In JSON, ${where} has the unknown field ${key.slice(0, 40)}; known: ${names.join(', ')}.`,
      );
    if (value !== null) result[name] = value;
  }
  return result;
}
