// Every name of the wire contract that code needs: namespaces, paths, operations, elements. No element name is
// typed anywhere else.

/** XML namespaces, by the prefix this project uses for them. */
export const NS = {
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xs: 'http://www.w3.org/2001/XMLSchema',
  wsdl: 'http://schemas.xmlsoap.org/wsdl/',
  pension: 'http://service.bm.dk/PensionService/2022/01/01/',
  activeOrganisation: 'http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/',
  requestUserMetadata: 'http://service.bm.dk/RequestUserMetadata/2015/01/21/',
  requestUser: 'http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/',
  requestUserType: 'http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/',
  requestOrganisation: 'http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/',
  codeList: 'http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/',
  fault: 'http://service.bm.dk/xml/schemas/2011/01/12/',
  wsrm: 'http://docs.oasis-open.org/ws-rx/wsrm/200602',
  wsrmMessage: 'http://service.bm.dk/WsrmMessageService/2022/01/01/',
} as const;

/** A header block, by its element name. */
export interface HeaderName {
  readonly namespace: string;
  readonly name: string;
}

/** The header blocks that mean something here, by their element names. */
export const HEADERS = {
  activeOrganisation: { namespace: NS.activeOrganisation, name: 'ActiveOrganisationHeader' },
  requestUserMetadata: { namespace: NS.requestUserMetadata, name: 'RequestUserMetadataHeader' },
  /** Which sequence the beskeder are asked for, and of which they are. */
  sequenceRequest: { namespace: NS.wsrm, name: 'SequenceRequest' },
  sequenceResponse: { namespace: NS.wsrm, name: 'SequenceResponse' },
  /** Taken and ignored. */
  ackRequested: { namespace: NS.wsrm, name: 'AckRequested' },
} as const satisfies Record<string, HeaderName>;

/** The two headers that every operation requires. */
const HEADERS_OF_EVERY_CALL = [HEADERS.activeOrganisation, HEADERS.requestUserMetadata] as const;

/** The element that carries the details of a fault. */
export const FAULT_DETAILS = { namespace: NS.fault, name: 'FaultDetails' } as const;

/** The name of an operation, over all services. */
export type OperationName =
  | 'SaveTidligPension'
  | 'GetTidligPension'
  | 'CreateSequence'
  | 'CloseSequence'
  | 'TerminateSequence'
  | 'GetTidligPensionVersion1';

/** One operation of a service. `request` and `response` are the local names of its body elements. */
export interface Operation {
  readonly name: OperationName;
  readonly soapAction: string;
  readonly namespace: string;
  readonly request: string;
  readonly response: string;
  /** It needs the header SequenceRequest as well. */
  readonly ofSequence?: true;
}

/** One SOAP service: the WSDL file that describes it, the path it answers on, and its operations. */
export interface ServiceContract {
  readonly name: string;
  readonly wsdl: string;
  readonly path: string;
  readonly operations: readonly Operation[];
  /** Header blocks that may be marked mustUnderstand. */
  readonly understands: readonly HeaderName[];
}

const PENSION_TNS = 'http://service.bm.dk/pjaktass/1/PensionService';
const WSRM_TNS = 'http://service.bm.dk/pjaktass/3/WsrmService';
const WSRM_MESSAGE_TNS = 'http://service.bm.dk/pjaktass/10/WsrmMessageService';

const pensionOperation = (name: OperationName): Operation => ({
  name,
  soapAction: `${PENSION_TNS}#${name}`,
  namespace: NS.pension,
  request: `${name}Request`,
  response: `${name}Response`,
});

const wsrmOperation = (name: OperationName): Operation => ({
  name,
  soapAction: `${WSRM_TNS}#${name}`,
  namespace: NS.wsrm,
  request: name,
  response: `${name}Response`,
});

export const PENSION_SERVICE: ServiceContract = {
  name: 'PensionService',
  wsdl: 'PensionService.wsdl',
  path: '/PjaktassWCFTservice/1/PensionService.svc',
  operations: [pensionOperation('SaveTidligPension'), pensionOperation('GetTidligPension')],
  understands: HEADERS_OF_EVERY_CALL,
};

const HEADERS_OF_WSRM = [...HEADERS_OF_EVERY_CALL, HEADERS.sequenceRequest, HEADERS.ackRequested];

/** Opens and ends the transfer of waiting beskeder to an a-kasse. */
export const WSRM_SERVICE: ServiceContract = {
  name: 'WsrmService',
  wsdl: 'WsrmService.wsdl',
  path: '/PjaktassWCFTservice/3/WsrmService.svc',
  operations: [
    wsrmOperation('CreateSequence'),
    wsrmOperation('CloseSequence'),
    wsrmOperation('TerminateSequence'),
  ],
  understands: HEADERS_OF_WSRM,
};

/** Hands out the beskeder of a sequence. */
export const WSRM_MESSAGE_SERVICE: ServiceContract = {
  name: 'WsrmMessageService',
  wsdl: 'WsrmMessageService.wsdl',
  path: '/PjaktassWCFTservice/10/WsrmMessageService.svc',
  operations: [
    {
      name: 'GetTidligPensionVersion1',
      soapAction: `${WSRM_MESSAGE_TNS}#GetTidligPensionVersion1`,
      namespace: NS.wsrmMessage,
      request: 'GetTidligPensionVersion1Request',
      response: 'GetTidligPensionVersion1Response',
      ofSequence: true,
    },
  ],
  understands: HEADERS_OF_WSRM,
};

/** Every service of this program, in the order in which documentation lists them. */
export const SERVICES: readonly ServiceContract[] = [PENSION_SERVICE, WSRM_SERVICE, WSRM_MESSAGE_SERVICE];
