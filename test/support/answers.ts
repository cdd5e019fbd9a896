// Reads answers as a strict client would: every envelope that leaves must be valid against our own schemas.

import { readContractFiles } from '../../src/cli/contract-files.ts';
import { umbrellaSchema } from '../../src/contract/schema-files.ts';
import { childElements, compileSchema, type Element, withDocument } from '../../src/contract/xml.ts';

const files = readContractFiles();
const everySchema = compileSchema(umbrellaSchema(files, [...files.xsd.keys()]), files.xsd);

/** What is wrong with the envelope by our own schemas; empty when it is valid. */
export const schemaErrors = (xml: string): string[] =>
  withDocument(
    xml,
    (root) => everySchema.validate(root).map((finding) => finding.message),
    (finding) => [`not well-formed: ${finding.message}`],
  );

/** A fault as a client reads it. */
export interface ReadFault {
  /** Local name: Client, Server, VersionMismatch, MustUnderstand. */
  readonly faultcode: string;
  readonly faultstring: string;
  readonly errorCode: number;
  readonly message: string;
  readonly source: string;
}

const descend = (element: Element, ...path: string[]): Element | undefined =>
  path.reduce<Element | undefined>(
    (at, name) => at && childElements(at).find((child) => child.name === name),
    element,
  );

/** The fault in an envelope; undefined when it holds none. */
export const readFault = (xml: string): ReadFault | undefined =>
  withDocument(
    xml,
    (root) => {
      const fault = descend(root, 'Body', 'Fault');
      if (fault === undefined) return undefined;
      const textAt = (...path: string[]): string => descend(fault, ...path)?.content ?? '';
      return {
        faultcode: textAt('faultcode').replace(/^.*:/, ''),
        faultstring: textAt('faultstring'),
        errorCode: Number(textAt('detail', 'FaultDetails', 'ErrorCode')),
        message: textAt('detail', 'FaultDetails', 'Message'),
        source: textAt('detail', 'FaultDetails', 'Source'),
      };
    },
    () => undefined,
  );

/** The texts of all elements of that local name, wherever they stand, in order. */
export function textsOf(xml: string, name: string): string[] {
  const find = (element: Element): string[] =>
    element.name === name ? [element.content] : childElements(element).flatMap(find);
  return withDocument(xml, find, () => []);
}

/** The text of the first of them. */
export const textOf = (xml: string, name: string): string | undefined => textsOf(xml, name)[0];

/** An envelope in one form whatever its prefixes and indentation: `{namespace}name` and text, nested. */
export function canonical(xml: string): string {
  const write = (element: Element): string => {
    const children = childElements(element);
    const name = `{${element.namespaceUri}}${element.name}`;
    const content = children.length > 0 ? `\n${children.map(write).join('')}` : element.content;
    return `<${name}>${element.name === 'faultcode' ? content.replace(/^.*:/, '') : content}</${name}>\n`;
  };
  return withDocument(xml, write, (finding) => {
    throw new Error(`not well-formed: ${finding.message}`);
  });
}
