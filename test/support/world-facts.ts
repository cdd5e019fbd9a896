// What a test needs to know of the demo world: CVR numbers for the headers.

import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Organisationer {
  readonly systems: readonly {
    readonly name: string;
    readonly organisations: readonly { readonly code: string }[];
  }[];
}

/** Replaces `{cvr-udk}` and `{cvr-star}` by the numbers of that world. */
export function withCvr(world: string, bytes: Uint8Array): Uint8Array {
  const reference = JSON.parse(
    readFileSync(path.join(world, 'organisationer.json'), 'utf8'),
  ) as Organisationer;
  const codeOf = (name: string): string =>
    reference.systems.find((system) => system.name === name)!.organisations[0]!.code;
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(
    text.replaceAll('{cvr-udk}', codeOf('udk')).replaceAll('{cvr-star}', codeOf('star')),
    'latin1',
  );
}
