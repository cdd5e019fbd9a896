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
} as const;

/** The two headers that every operation requires, by their element names. */
export const HEADERS = {
  activeOrganisation: { namespace: NS.activeOrganisation, name: 'ActiveOrganisationHeader' },
  requestUserMetadata: { namespace: NS.requestUserMetadata, name: 'RequestUserMetadataHeader' },
} as const;

/** The element that carries the details of a fault. */
export const FAULT_DETAILS = { namespace: NS.fault, name: 'FaultDetails' } as const;

/** The name of an operation, over all services. */
export type OperationName = 'SaveTidligPension' | 'GetTidligPension';

/** One operation of a service. `request` and `response` are the local names of its body elements. */
export interface Operation {
  readonly name: OperationName;
  readonly soapAction: string;
  readonly namespace: string;
  readonly request: string;
  readonly response: string;
}

/** One SOAP service: the WSDL file that describes it, the path it answers on, and its operations. */
export interface ServiceContract {
  readonly name: string;
  readonly wsdl: string;
  readonly path: string;
  readonly operations: readonly Operation[];
}

const PENSION_TNS = 'http://service.bm.dk/pjaktass/1/PensionService';

const pensionOperation = (name: OperationName): Operation => ({
  name,
  soapAction: `${PENSION_TNS}#${name}`,
  namespace: NS.pension,
  request: `${name}Request`,
  response: `${name}Response`,
});

export const PENSION_SERVICE: ServiceContract = {
  name: 'PensionService',
  wsdl: 'PensionService.wsdl',
  path: '/PjaktassWCFTservice/1/PensionService.svc',
  operations: [pensionOperation('SaveTidligPension'), pensionOperation('GetTidligPension')],
};

/** Every service of this program, in the order in which documentation lists them. */
export const SERVICES: readonly ServiceContract[] = [PENSION_SERVICE];
