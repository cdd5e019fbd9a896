// What is put into a message to break it as XML: names, namespaces, pieces of text, attributes.

import { NS } from '../../src/contract/names.ts';

/** Names that some program somewhere takes for its own, and such as are nearly right. */
export const NAMES = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'Envelope',
    'Header',
    'Body',
    'Fault',
  ],
  ...[
    'Personnummer',
    'personnummer',
    'TidligPensionIdentifier',
    'Identifier',
    'OrganisationCode',
    'x',
    'xmlns',
  ],
  ...[
    'SaveTidligPensionRequest',
    'GetTidligPensionRequest',
    'CreateSequence',
    'SequenceRequest',
    'AcksTo',
    '_',
  ],
];
export const NAMESPACES = [
  ...Object.values(NS),
  '',
  'urn:x',
  'http://www.w3.org/XML/1998/namespace',
  '__proto__',
  ' ',
];
export const INSERTS = [
  ...[
    'text',
    '&x;',
    '&amp;',
    '&#0;',
    '&#x1F600;',
    '&#13;',
    '<!-- c -->',
    '<!-- -- -->',
    '<![CDATA[x]]>',
    '<?pi x?>',
  ],
  ...[
    '<![CDATA[ ]]>',
    '<x/>',
    '<x xmlns=""/>',
    '<q:x/>',
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude"/>',
  ],
  ...[
    '<?xml version="1.0"?>',
    '<!ENTITY a "b">',
    ']]>',
    '<',
    '&',
    '\u0000',
    '\uFFFF',
    '\u200B',
    '\u00A0',
    '2902610001',
  ],
];
export const ATTRIBUTES = [
  ...[
    'xsi:nil="true"',
    'xsi:nil="false"',
    'xsi:nil="x"',
    'xsi:type="xs:string"',
    'xsi:type="q:x"',
    'xml:lang="da"',
  ],
  ...[
    's:mustUnderstand="1"',
    's:mustUnderstand="0"',
    's:mustUnderstand="x"',
    's:actor="urn:x"',
    'a="b"',
    'q:a="b"',
  ],
  ...[
    'xml:space="preserve"',
    'xml:base="file:///"',
    'xml:id="a"',
    'id="a"',
    'xmlns="urn:x"',
    'xmlns=""',
    'xmlns:s="urn:x"',
  ],
  ...[
    'xmlns:xml="urn:x"',
    'xmlns:xmlns="urn:x"',
    'xmlns:q=""',
    '__proto__="x"',
    'constructor="x"',
    'a="&#10;"',
    'a="<"',
    'a',
  ],
  ...[
    'xsi:schemaLocation="urn:x file:///none"',
    'xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/"',
    's:encodingStyle=""',
  ],
].map((attribute) => ` xmlns:xsi="${NS.xsi}" xmlns:xs="${NS.xs}" ${attribute}`);
