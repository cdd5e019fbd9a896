// Whether what came of a message is within the bar of S1: refused as the catalogue says and nothing changed, or carried
// out and nothing changed but what it says.

import { Parser } from 'xml2js';
import { FEJLKATALOG, type Fejlkode } from '../../src/contract/fejlkatalog.ts';
import { readFault, schemaErrors, textOf } from '../support/answers.ts';
import type { Exchange, HttpAnswer } from './raw-http.ts';
import { changed, type KeptForloeb, type StoreFacts, type StoreView } from './store-facts.ts';

/** What HTTP itself may refuse with. */
const HTTP_REFUSALS = [400, 404, 405, 408, 413, 415, 417, 431];

/** What each operation may change, by the names of StoreFacts. */
const MAY_CHANGE: Readonly<Record<string, readonly string[]>> = {
  SaveTidligPensionResponse: ['forloeb', 'versions', 'standing', 'beskeder'],
  GetTidligPensionResponse: [],
  CreateSequenceResponse: ['sequences', 'open', 'terminated', 'held'],
  CloseSequenceResponse: ['open', 'held'],
  TerminateSequenceResponse: ['open', 'terminated', 'delivered'],
  GetTidligPensionVersion1Response: ['fetched'],
};

/** What an answer is. */
export interface Verdict {
  readonly kind: 'carried out' | 'fault' | 'http' | 'document' | 'wrong';
  /** The operation's response, the code of the fault, or the status. */
  readonly what: string;
  readonly problems: readonly string[];
}

const wrong = (what: string, problem: string): Verdict => ({ kind: 'wrong', what, problems: [problem] });

/** Ten digits in a row, or as people write a personnummer; GUIDs may hold such by chance. */
const couldBePersonnummer = (text: string): boolean =>
  /[0-9]{6}[-\s._/]?[0-9]{4}/.test(text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ''));

/** Judges one answer by itself. */
export function verdictOf({ status, headers, body }: HttpAnswer): Verdict {
  // Node itself answers a request without Host, and says nothing.
  const isOfNode = status === 400 && body === '';
  if (!isOfNode && !/^[0-9a-f-]{36}$/.test(headers['x-correlation-id'] ?? ''))
    return wrong(String(status), 'no correlation id');
  if (status >= 400 && couldBePersonnummer(body))
    return wrong(String(status), 'it could hold a personnummer');
  if (HTTP_REFUSALS.includes(status)) return { kind: 'http', what: String(status), problems: [] };
  if (status === 200 && !body.includes('Envelope'))
    return { kind: 'document', what: 'document', problems: [] };
  if (status !== 200 && status !== 500) return wrong(String(status), `status ${status}`);
  const invalid = schemaErrors(body);
  if (invalid.length > 0) return wrong(String(status), `not valid by our own schemas: ${invalid[0]}`);
  const fault = readFault(body);
  if (status === 200) {
    const what = /Body><(\w+Response)\b/.exec(body)?.[1] ?? '';
    if (fault !== undefined || !(what in MAY_CHANGE))
      return wrong('200', 'it holds no answer of an operation');
    return { kind: 'carried out', what, problems: [] };
  }
  if (fault === undefined) return wrong('500', 'it holds no fault');
  const { errorCode, faultcode } = fault;
  const known = FEJLKATALOG[errorCode as Fejlkode];
  const isAllowed =
    faultcode === 'Client' || (errorCode === 1014 && /^(MustUnderstand|VersionMismatch)$/.test(faultcode));
  const problems = [
    ...(known?.skyld === 'Client' && isAllowed ? [] : [`the fault ${faultcode} ${errorCode}`]),
    ...(fault.source === headers['x-correlation-id'] ? [] : ['the Source is not the correlation id']),
  ];
  return { kind: problems.length > 0 ? 'wrong' : 'fault', what: `${faultcode} ${errorCode}`, problems };
}

/** What became of one exchange: the verdicts on its answers, and all that is wrong with it. */
export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly string[];
}

/** Judges an exchange with what the store held before and after. `body` where the message is known that was sent. */
export async function judge(
  { answers, end, rest }: Exchange,
  before: StoreFacts,
  after: StoreFacts,
  store: StoreView,
  body: Uint8Array | undefined,
): Promise<Judgement> {
  const verdicts = answers.map(verdictOf);
  const problems = verdicts.flatMap((verdict) => verdict.problems);
  if (answers.length === 0) problems.push(`no answer (${end})`);
  if (end === 'reset') problems.push('the connection was reset');
  if (rest !== '') problems.push(`bytes behind the answers: ${JSON.stringify(rest.slice(0, 80))}`);
  const soap = verdicts.filter(({ kind }) => kind === 'carried out' || kind === 'fault').length;
  const grown = after.audit! - before.audit!;
  if (grown !== soap) problems.push(`${soap} SOAP answers, but ${grown} audit entries`);
  const carriedOut = verdicts.filter(({ kind }) => kind === 'carried out').map(({ what }) => what);
  const allowed = ['audit', ...carriedOut.flatMap((what) => MAY_CHANGE[what]!)];
  for (const name of changed(before, after)) {
    if (!allowed.includes(name)) problems.push(`changed in the store: ${name}`);
  }
  const saves = carriedOut.filter((what) => what === 'SaveTidligPensionResponse').length;
  for (const name of ['versions', 'standing', 'beskeder']) {
    const more = after[name]! - before[name]!;
    if (more !== saves) problems.push(`${saves} Saves, but ${more} more ${name}`);
  }
  if (saves === 1 && answers.length === 1 && body !== undefined) {
    problems.push(...(await savedOtherwise(answers[0]!.body, Buffer.from(body).toString('utf8'), store)));
  }
  return { verdicts, problems };
}

/** How what is kept differs from what the message says, as another reader of XML reads it. */
async function savedOtherwise(answer: string, message: string, store: StoreView): Promise<string[]> {
  const said = await readSave(message);
  const id = textOf(answer, 'CreatedItemIdentifier')!;
  const kept = store.forloeb(id);
  const wanted = said.id ?? id;
  if (wanted.toLowerCase() !== id) return [`the answer names ${id}, the message ${wanted}`];
  return Object.entries(said.forloeb).flatMap(([name, value]) =>
    kept?.[name as keyof KeptForloeb] === value ? [] : [`kept otherwise than it was said: ${name}`],
  );
}

type Node = string | { readonly [name: string]: readonly Node[] | undefined };

async function readSave(message: string): Promise<{ id: string | undefined; forloeb: KeptForloeb }> {
  // Without prefixes, attributes or comments: of a valid message that is all there is.
  const parser = new Parser({
    tagNameProcessors: [(name) => name.replace(/^.*:/, '')],
    ignoreAttrs: true,
    explicitCharkey: false,
    normalize: false,
    trim: false,
  });
  const parsed = (await parser.parseStringPromise(message.replace(/^\uFEFF/, ''))) as Node;
  const at = (node: Node | undefined, ...path: string[]): Node | undefined =>
    path.reduce<Node | undefined>(
      (one, name) => (typeof one === 'object' ? one[name]?.[0] : undefined),
      node,
    );
  const root = typeof parsed === 'object' ? (parsed.Envelope as unknown as Node) : undefined;
  const save = at(root, 'Body', 'SaveTidligPensionRequest');
  const text = (...path: string[]): string | undefined => {
    const found = at(save, ...path);
    return typeof found === 'string' ? found : undefined;
  };
  const date = (...path: string[]): string | null =>
    text(...path)
      ?.trim()
      .slice(0, 10) ?? null;
  return {
    id: text('TidligPensionIdentifier'),
    forloeb: {
      personnummer: text('Personnummer') ?? '',
      overgangsdato: date('OvergangTilTidligPension', 'TidligPensionOvergangsdato'),
      afgoerelsesdato: date('OvergangTilTidligPension', 'TidligPensionAfgoerelsesdato'),
      ophoersdato: date('OvergangTilTidligPension', 'TidligPensionOphoersdato'),
      kompensationsafgoerelsesdato: date('Kompensationsudbetaling', 'Kompensationsafgoerelsesdato'),
    },
  };
}
