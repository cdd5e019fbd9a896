// A call that failed, in words for the one who made it: what was refused and what to do about it.

import { FEJLKATALOG } from '../../contract/fejlkatalog.ts';
import type { Failure } from './soap-client.ts';

/** Says what came of a call, with the advice of the catalogue and the Source to quote. */
export function explain(failure: Failure): string {
  switch (failure.kind) {
    case 'fault': {
      const known = FEJLKATALOG[failure.fejlkode as keyof typeof FEJLKATALOG];
      return `refused with ${failure.fejlkode} (${known?.tekst ?? 'unknown code'}): ${failure.message}\n${known?.raad ?? ''}\nSource ${failure.source}`;
    }
    case 'http':
      return `the service answered HTTP ${failure.status}: ${failure.text}`;
    case 'no-answer':
      return `the service did not answer: ${failure.reason}. ${
        failure.neverSent ? 'The call was not sent.' : 'Whether the call was carried out is not known.'
      }`;
  }
}
