// What /health says: to load balancers and monitoring by its status, to people by its cause. Nothing of a citizen, and
// nothing that a stranger may not know.

import { LIMITS } from '../contract/limits.ts';
import type { StoreFailure } from '../store/health.ts';
import type { HttpAnswer } from './answering.ts';

/** 200 when calls are carried out; 503 when the store fails or the service is being stopped. */
export function healthAnswer(failure: StoreFailure | undefined, isStopping: boolean): HttpAnswer {
  const said = failure
    ? { status: 'failing', cause: failure.cause, since: failure.since.toISOString() }
    : { status: isStopping ? 'stopping' : 'ok' };
  const isWell = said.status === 'ok';
  return {
    status: isWell ? 200 : 503,
    contentType: 'application/json',
    text: `${JSON.stringify(said)}\n`,
    headers: {
      'Cache-Control': 'no-store',
      ...(!isWell && { 'Retry-After': String(LIMITS.retryAfterSeconds) }),
    },
  };
}
