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

/** The text of the first element of that local name, wherever it stands. */
export function textOf(xml: string, name: string): string | undefined {
  const find = (element: Element): Element | undefined => {
    if (element.name === name) return element;
    for (const child of childElements(element)) {
      const found = find(child);
      if (found) return found;
    }
    return undefined;
  };
  return withDocument(
    xml,
    (root) => find(root)?.content,
    () => undefined,
  );
}

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
