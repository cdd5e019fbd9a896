// A client of PensionService on node-soap: typed requests in, typed answers or typed refusals out.

import { isGuid } from '../../contract/guid.ts';
import type {
  GetTidligPensionResponse,
  RequestOf,
  SaveTidligPensionResponse,
  TidligPensionMessage,
} from '../../contract/messages.ts';
import { PENSION_SERVICE } from '../../contract/names.ts';
import { type CallResult, connectTo, makeSoapCaller, unreadable } from './soap-client.ts';
import type { Target } from './target.ts';

export type { CallResult } from './soap-client.ts';

export interface PensionClient {
  save(request: RequestOf['SaveTidligPension']): Promise<CallResult<SaveTidligPensionResponse>>;
  get(request: RequestOf['GetTidligPension']): Promise<CallResult<GetTidligPensionResponse>>;
  close(): void;
}

/** Makes a client. `who` names the program in RequestUserMetadataHeader; `connections` may be open at once. */
export async function makePensionClient(
  target: Target,
  who: string,
  connections = 1,
): Promise<PensionClient> {
  const http = connectTo(target, connections);
  const { call } = await makeSoapCaller(PENSION_SERVICE, target, who, http);
  return {
    async save(request) {
      const result = await call<SaveTidligPensionResponse | null>('SaveTidligPension', request);
      if (result.kind !== 'answered') return result;
      const { CreatedItemIdentifier: id } = result.value.body ?? {};
      const asked = request.TidligPensionIdentifier?.toLowerCase();
      if (!isGuid(id)) return unreadable('it holds no identifier');
      if (asked !== undefined && asked !== id.toLowerCase()) return unreadable('it holds another identifier');
      return { kind: 'answered', value: { CreatedItemIdentifier: id } };
    },
    async get(request) {
      const result = await call<{ TidligPension?: TidligPensionMessage[] } | null>(
        'GetTidligPension',
        request,
      );
      // node-soap gives null for an answer without content: the empty list.
      return result.kind === 'answered'
        ? { kind: 'answered', value: { TidligPension: result.value.body?.TidligPension ?? [] } }
        : result;
    },
    close: () => http.close(),
  };
}
