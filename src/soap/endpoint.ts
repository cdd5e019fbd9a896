// One SOAP call from bytes to answer, check after check in the order of the contract: envelope, headers, access,
// body, rules. Whatever ends it, its audit entry is written before it is answered.

import { adgangFor, decideAdgang, type Krav } from '../access/adgang.ts';
import type { Identitet } from '../access/identitet.ts';
import type { Organisationer } from '../access/organisationer.ts';
import { encodeEnvelope, encodeFault } from '../contract/encode.ts';
import { afvist, type Fejl, fejl, ok, type Resultat } from '../contract/fejlkatalog.ts';
import type { RequestOf } from '../contract/messages.ts';
import type { OperationName, ServiceContract } from '../contract/names.ts';
import { makeRequestReader, type RequestSections } from '../contract/request-reader.ts';
import type { ContractFiles } from '../contract/schema-files.ts';
import { datoI } from '../domain/dato.ts';
import { forloebId } from '../domain/forloeb.ts';
import { readPersonnummer } from '../domain/personnummer.ts';
import type { Ports } from '../domain/ports.ts';
import type { PullDoor } from '../notify/pull/door.ts';
import { type CallStore, type Kald, StoreBusyError, StoreError, StoreFailingError } from '../store/store.ts';
import type { CallerFacts } from './caller.ts';
import { type DecodedCall, makeDispatcher, type SoapAnswer } from './dispatcher.ts';
import type { Log } from './log.ts';
import { type CallContext, makeOperations } from './operations.ts';

/** What an endpoint needs. `organisationer` is asked at every call, for the reference data may be reloaded. */
export interface EndpointParts {
  readonly files: ContractFiles;
  readonly store: CallStore;
  readonly organisationer: () => Organisationer;
  readonly ports: Ports;
  readonly log: Log;
  /** Calendar months for which a former a-kasse may read. */
  readonly tidligereMaaneder: number;
  /** By which a-kasser fetch their beskeder. */
  readonly door: PullDoor;
  /** Is told of a call that was answered 1011 and whose audit entry could not be kept. */
  onUnrecorded(kald: Kald): void;
}

/** A call that has been let in: its bytes and who makes it. */
export interface IncomingCall {
  readonly correlationId: string;
  readonly body: Uint8Array;
  /** The HTTP header as it came. */
  readonly soapAction: string | undefined;
  readonly identitet: Identitet;
}

/** What was answered, and what the log may say of it. */
export type EndpointAnswer = SoapAnswer & { readonly kald: Kald };

export interface Endpoint {
  /** Answers a call. Never rejects: what goes wrong is 1011. */
  answer(call: IncomingCall): Promise<EndpointAnswer>;
  /** Answers a call that is refused before its body is read (1101, 1012). */
  refuse(correlationId: string, refusal: Fejl, caller: CallerFacts): Promise<EndpointAnswer>;
}

/** Makes the endpoint of one service. Rejects when the contract files are wrong. */
export async function makeEndpoint(parts: EndpointParts, service: ServiceContract): Promise<Endpoint> {
  const { files, store, door, ports, log } = parts;
  const reader = makeRequestReader(files, service);
  /** Logs it and sees to the audit entry; a call that was done by then has its own. Gives what is answered. */
  const unexpected = async (error: unknown, kald: Kald, isDone = false): Promise<Fejl> => {
    const { correlationId } = kald;
    if (error instanceof StoreFailingError || error instanceof StoreError)
      log.error('the store failed, answered 1011', { correlationId, error: error.message });
    else log.error('unexpected error, answered 1011', { correlationId, error: describe(error) });
    if (isDone) return fejl(1011, DONE);
    // Kept if it can be; a store that is busy would only be waited for a second time.
    const isKept =
      !(error instanceof StoreBusyError) &&
      (await store.recordRefusal({ kald, fejlkode: 1011 }).then(
        () => true,
        () => false,
      ));
    if (!isKept) parts.onUnrecorded(kald);
    const isUncertain = error instanceof StoreFailingError && error.mayBeKept;
    return fejl(1011, isUncertain ? UNCERTAIN : NOT_CARRIED_OUT);
  };
  const dispatcher = await makeDispatcher<CallContext>(
    files,
    service,
    makeOperations(store, door, ports),
    (error, context, isDone) => unexpected(error, context.kald, isDone),
  );

  const refuse = async (kald: Kald, refusal: Fejl): Promise<EndpointAnswer> => {
    try {
      await store.recordRefusal({ kald, fejlkode: refusal.kode });
      return { ...fault(refusal, kald), kald };
    } catch (error) {
      return { ...fault(await unexpected(error, kald), kald), kald };
    }
  };

  return {
    refuse: (correlationId, refusal, caller) =>
      refuse({ ...beginKald(correlationId, ports), ...caller }, refusal),
    async answer({ correlationId, body, soapAction, identitet }) {
      let kald: Kald = {
        ...beginKald(correlationId, ports),
        certificate: identitet.certificate,
        ...(identitet.system && { system: identitet.system.name }),
      };
      const learn = (facts: Partial<Kald>): Kald => {
        kald = { ...kald, ...facts };
        return kald;
      };
      let checked: Resultat<DecodedCall<CallContext>>;
      try {
        checked = reader.read(body, soapAction, (request) =>
          request.ok ? check(request.value, identitet, learn, parts) : request,
        );
      } catch (error) {
        return { ...fault(await unexpected(error, kald), kald), kald };
      }
      if (!checked.ok) return refuse(kald, checked.fejl);
      return { ...(await dispatcher.dispatch(checked.value)), kald };
    },
  };
}

const NOT_CARRIED_OUT = 'The call could not be carried out; nothing of it was kept. Send it again later.';
const DONE =
  'The call was carried out, but its answer could not be made. Send it again later, with the same identifier.';
const UNCERTAIN =
  'The store of the service failed, and it is not certain whether the call was kept. Send it again later, with the same identifier.';

const beginKald = (correlationId: string, ports: Ports): Kald => {
  const modtaget = ports.now();
  return { correlationId, modtaget, idag: datoI(modtaget) };
};

const fault = (refusal: Fejl, kald: Kald): SoapAnswer => ({
  status: 500,
  xml: encodeEnvelope(encodeFault(refusal, kald.correlationId)),
  fejl: refusal,
});

/** From the frame to a decoded request: headers, access, body. `learn` is told what the audit entry should know. */
function check(
  request: RequestSections,
  identitet: Identitet,
  learn: (facts: Partial<Kald>) => Kald,
  { organisationer, tidligereMaaneder }: EndpointParts,
): Resultat<DecodedCall<CallContext>> {
  const operation = request.operation.name;
  learn({ operation });
  const headers = request.headers();
  if (headers.fejl !== undefined) {
    const { fejl: refusal, ...valid } = headers;
    learn(valid);
    return afvist(refusal);
  }
  const kald = learn(headers);
  const reference = organisationer();
  const krav: Krav = { operation, ...headers, identitet, idag: kald.idag };
  const omfang = decideAdgang(krav, reference);
  if (!omfang.ok) return omfang;
  const asked = request.sequence();
  if (!asked.ok) return asked;
  const sequence = named(asked.value);
  learn(sequence);
  const body = request.body();
  if (!body.ok) return afvist(body.fejl);
  const about = learn(subjectOf(body.value));
  return ok({
    operation,
    request: body.value,
    context: {
      correlationId: kald.correlationId,
      kald: { ...about, requestUserMetadata: headers.requestUserMetadata },
      adgang: adgangFor(omfang.value, krav, reference, tidligereMaaneder),
      afloesere: reference.afloesere(kald.idag),
      ...sequence,
    },
  });
}

/** Whom, which forløb or which sequence a request is about: its audit entry says so, whatever becomes of it. */
function subjectOf(request: RequestOf[OperationName]): Partial<Kald> {
  const personnummer = 'Personnummer' in request ? readPersonnummer(request.Personnummer) : undefined;
  const id = 'TidligPensionIdentifier' in request ? request.TidligPensionIdentifier : undefined;
  return {
    ...(personnummer && { personnummer }),
    ...(id && { forloebId: forloebId(id) }),
    ...('Identifier' in request && named(request.Identifier)),
  };
}

/** Identifiers of sequences are kept in lower case, as they are made. */
const named = (sequence: string | undefined): Pick<Kald, 'sequence'> =>
  sequence === undefined ? {} : { sequence: sequence.toLowerCase() };

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
