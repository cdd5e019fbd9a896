// docs/clients.md shows the code of the samples: what stands there has been run.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const documentation = readFileSync(path.join(import.meta.dirname, '../../docs/clients.md'), 'utf8');

/** The samples whose files hold the code blocks of a section, by the heading of the section. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  'Java: JAX-WS': [
    'jaxws/build.sh',
    'jaxws/Example.java',
    'jaxws/queue/build.sh',
    'jaxws/queue/QueueClient.java',
  ],
  'PHP: SoapClient': [
    'php/ServiceClient.php',
    'php/PensionClient.php',
    'php/example.php',
    'php/QueueClient.php',
  ],
  'Python: zeep': ['zeep/service_client.py', 'zeep/example.py', 'zeep/queue_client.py'],
  'C++: gSOAP': ['gsoap/generate.sh', 'gsoap/example.cpp', 'gsoap/queue/generate.sh'],
  'Node.js: node-soap': ['node-soap/client.ts', 'node-soap/queue.ts'],
  'Node.js: strong-soap': ['strong-soap/client.ts', 'strong-soap/queue.ts'],
};

/** Without indentation, so that a block may be shown flush left. */
const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();

describe('docs/clients.md', () => {
  const sections = new Map(
    documentation
      .split(/^## /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text]),
  );

  it('has a section for every sample, one for .NET and two for what holds for all', () => {
    expect([...sections.keys()]).to.have.members([
      'What holds everywhere',
      'The queue of an a-kasse',
      '.NET: WCF',
      ...Object.keys(SAMPLES),
    ]);
  });

  for (const [heading, files] of Object.entries(SAMPLES)) {
    it(`shows under "${heading}" only code of its sample`, () => {
      const blocks = [...sections.get(heading)!.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(
        (match) => match[1]!,
      );
      expect(blocks).not.to.have.length(0);
      const sources = files.map((file) => lines(readFileSync(path.join(import.meta.dirname, file), 'utf8')));
      for (const block of blocks) {
        const found = sources.some((source) => source.includes(lines(block)));
        expect(found, `this block stands in ${files.join(' or ')}:\n${block}`).to.equal(true);
      }
    });
  }
});
