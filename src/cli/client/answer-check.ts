// Holds what a server answered to the contract before anything is believed of it: node-soap takes any page for an
// answer, and a Save must not count as saved because of one.

import { umbrellaSchema } from '../../contract/schema-files.ts';
import { compileSchema, type Schema, withDocument } from '../../contract/xml.ts';
import { readContractFiles } from '../contract-files.ts';

let everySchema: Schema | undefined;

/** What is wrong with an answer, in words that repeat nothing of it; undefined when it is a valid envelope. */
export function answerProblem(xml: string): string | undefined {
  if (everySchema === undefined) {
    const files = readContractFiles();
    everySchema = compileSchema(umbrellaSchema(files, [...files.xsd.keys()]), files.xsd);
  }
  const schema = everySchema;
  // No answer of the contract has one, and what it declares could stand anywhere.
  if (/<!DOCTYPE/i.test(xml)) return 'it has a document type';
  return withDocument(
    xml,
    (root) => (schema.validate(root).length > 0 ? 'it is not valid by the contract' : undefined),
    () => 'it is not XML',
  );
}
