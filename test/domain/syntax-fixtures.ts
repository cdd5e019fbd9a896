// Reads the lists of fixtures/syntax, and wraps a value in the smallest message that holds it, to ask the schema.

import { readFileSync } from 'node:fs';
import { readContractFiles } from '../../src/cli/contract-files.ts';
import { decodeRequest } from '../../src/contract/decode.ts';
import type { SaveTidligPensionRequest } from '../../src/contract/messages.ts';
import { NS } from '../../src/contract/names.ts';
import { umbrellaSchema } from '../../src/contract/schema-files.ts';
import { compileSchema, withDocument } from '../../src/contract/xml.ts';

/** The simple types that have lists. */
export type Simpel = 'personnummer' | 'guid' | 'dato';

/** A value of a list, with the comment that its group stands under. */
export interface Value {
  readonly value: string;
  readonly group: string;
}

/** The values of a list, in the format of fixtures/README.md. */
export function readList(type: Simpel, verdict: 'valid' | 'invalid'): Value[] {
  const file = new URL(`../../fixtures/syntax/${type}_${verdict}.txt`, import.meta.url);
  const values: Value[] = [];
  let group = '';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('# ')) group = line.slice(2);
    else if (line !== '')
      values.push({ value: line.startsWith('"') ? (JSON.parse(line) as string) : line, group });
  }
  return values;
}

const files = readContractFiles();
const schema = compileSchema(umbrellaSchema(files, ['PensionService.xsd']), files.xsd);

const escaped = (text: string): string =>
  text.replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A Save that is valid but for the value. */
function messageWith(type: Simpel, value: string): string {
  const text = escaped(value);
  const personnummer = type === 'personnummer' ? text : '2902610018';
  const guid = type === 'guid' ? `<TidligPensionIdentifier>${text}</TidligPensionIdentifier>` : '';
  const dato = type === 'dato' ? text : '2026-01-01';
  return (
    `<SaveTidligPensionRequest xmlns="${NS.pension}"><Personnummer>${personnummer}</Personnummer>${guid}` +
    `<Kompensationsudbetaling><Kompensationsafgoerelsesdato>${dato}</Kompensationsafgoerelsesdato>` +
    '</Kompensationsudbetaling></SaveTidligPensionRequest>'
  );
}

/** The message that the schema lets through, decoded; undefined when it refuses the value. */
export const throughSchema = (type: Simpel, value: string): SaveTidligPensionRequest | undefined =>
  withDocument(
    messageWith(type, value),
    (root) =>
      schema.validate(root).length === 0
        ? (decodeRequest('SaveTidligPension', root) as SaveTidligPensionRequest)
        : undefined,
    () => undefined,
  );

/** Whether the schema accepts the value. */
export const schemaAccepts = (type: Simpel, value: string): boolean =>
  throughSchema(type, value) !== undefined;
