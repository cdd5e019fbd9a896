// Holds WSDL, schemas and code together: what one of them says, all say.

import { expect } from 'chai';
import { parseStringPromise } from 'xml2js';
import { readContractFiles } from '../../src/cli/contract-files.ts';
import { FAULT_DETAILS, HEADERS, NS, SERVICES } from '../../src/contract/names.ts';
import { EXPECTED_VALUES } from '../../src/contract/schema-errors.ts';
import { schemasOf } from '../../src/contract/schema-files.ts';

// biome-ignore lint/suspicious/noExplicitAny: the shape of parsed XML is what is under test
type Xml = any;

const files = readContractFiles();
const parse = async (text: string): Promise<Xml> => parseStringPromise(text);
const attributes = (nodes: Xml[]): Xml[] => nodes.map((node) => node.$);

for (const service of SERVICES) {
  describe(service.wsdl, () => {
    let definitions: Xml;
    before(async () => {
      definitions = (await parse(files.wsdl.get(service.wsdl)!))['wsdl:definitions'];
    });
    const namespaceOf = (qname: string): string => definitions.$[`xmlns:${qname.split(':')[0]}`];
    const localName = (qname: string): string => qname.split(':')[1]!;

    it('names service, port type, binding and port as every client knows them', () => {
      const described = definitions['wsdl:service'][0];
      expect(described.$.name).to.equal(service.name);
      expect(described['wsdl:port'][0].$).to.deep.equal({
        name: service.name,
        binding: `tns:${service.name}Binding`,
      });
      expect(definitions['wsdl:portType'][0].$.name).to.equal(service.name);
      expect(described['wsdl:port'][0]['soap:address'][0].$.location).to.match(
        new RegExp(`${service.path}$`),
      );
      for (const { soapAction, name } of service.operations)
        expect(soapAction).to.equal(`${definitions.$.targetNamespace}#${name}`);
    });

    it('has the operations of the code, with their elements, actions, headers and fault', () => {
      const bound = definitions['wsdl:binding'][0]['wsdl:operation'];
      const ported = definitions['wsdl:portType'][0]['wsdl:operation'];
      const messages = new Map<string, Xml>(
        definitions['wsdl:message'].map((message: Xml) => [message.$.name, message]),
      );
      const elementOf = (message: string): { namespace: string; name: string } => {
        const [part, ...more] = attributes(messages.get(localName(message))['wsdl:part']);
        expect(more).to.be.empty;
        expect(part.name).to.equal(localName(part.element));
        return { namespace: namespaceOf(part.element), name: localName(part.element) };
      };
      expect(bound.map((operation: Xml) => operation.$.name)).to.deep.equal(
        service.operations.map(({ name }) => name),
      );
      service.operations.forEach((operation, index) => {
        const port = ported[index];
        expect(port.$.name).to.equal(operation.name);
        const [input, output, fault] = ['input', 'output', 'fault'].map((part) => port[`wsdl:${part}`][0].$);
        expect(input).to.deep.equal({
          name: `${operation.name}Request`,
          message: `tns:${operation.name}RequestMsg`,
        });
        expect(output).to.deep.equal({ name: operation.response, message: `tns:${operation.response}Msg` });
        expect(fault).to.deep.equal({ name: FAULT_DETAILS.name, message: 'tns:FaultDetails' });
        expect(elementOf(input.message)).to.deep.equal({
          namespace: operation.namespace,
          name: operation.request,
        });
        expect(elementOf(output.message)).to.deep.equal({
          namespace: operation.namespace,
          name: operation.response,
        });
        expect(elementOf(fault.message)).to.deep.equal({ ...FAULT_DETAILS });
        const binding = bound[index];
        expect(binding['soap:operation'][0].$).to.deep.equal({
          soapAction: operation.soapAction,
          style: 'document',
        });
        const headers = attributes(binding['wsdl:input'][0]['soap:header']);
        expect(headers.map((header) => elementOf(header.message))).to.deep.equal([
          HEADERS.requestUserMetadata,
          HEADERS.activeOrganisation,
          ...(operation.ofSequence ? [HEADERS.sequenceRequest] : []),
        ]);
        const answered = attributes(binding['wsdl:output'][0]['soap:header'] ?? []);
        expect(answered.map((header) => elementOf(header.message))).to.deep.equal(
          operation.ofSequence ? [HEADERS.sequenceResponse] : [],
        );
        expect(binding['wsdl:fault'][0].$.name).to.equal(FAULT_DETAILS.name);
      });
    });
  });
}

describe('the schemas', () => {
  const reached = [...new Set(SERVICES.flatMap((service) => schemasOf(files, service.wsdl)))];

  it('are one for each namespace, all reached by a WSDL but the envelope', async () => {
    const namespaces: string[] = [];
    for (const text of files.xsd.values())
      namespaces.push((await parse(text))['xs:schema'].$.targetNamespace);
    expect(new Set(namespaces).size).to.equal(files.xsd.size);
    expect([...files.xsd.keys()].filter((name) => !reached.includes(name))).to.deep.equal([
      'SoapEnvelope.xsd',
    ]);
  });

  it('have no type without a name: names become class names in every client', async () => {
    for (const name of reached) {
      const schema = (await parse(files.xsd.get(name)!))['xs:schema'];
      const visit = (node: Xml, inElement: boolean): void => {
        for (const [tag, children] of Object.entries(node) as [string, Xml[]][]) {
          if (tag === '$' || !Array.isArray(children)) continue;
          if (inElement) expect(tag, name).to.not.match(/xs:(complex|simple)Type/);
          for (const child of children) if (typeof child === 'object') visit(child, tag === 'xs:element');
        }
      };
      visit(schema, false);
    }
  });

  it('qualify every element', async () => {
    for (const name of reached) {
      expect((await parse(files.xsd.get(name)!))['xs:schema'].$.elementFormDefault, name).to.equal(
        'qualified',
      );
    }
  });

  it('have an explanation in words for the value of every simple element', async () => {
    const simple: string[] = [];
    const schemas = await Promise.all(reached.map(async (name) => parse(files.xsd.get(name)!)));
    const complex = new Set(
      schemas.flatMap((one) => (one['xs:schema']['xs:complexType'] ?? []).map((type: Xml) => type.$.name)),
    );
    for (const { 'xs:schema': schema } of schemas) {
      const visit = (node: Xml): void => {
        for (const [tag, children] of Object.entries(node) as [string, Xml[]][]) {
          if (tag === '$' || !Array.isArray(children)) continue;
          for (const child of children) {
            if (typeof child !== 'object') continue;
            const type = child.$?.type?.split(':')[1];
            if (tag === 'xs:element' && type && !complex.has(type) && type !== 'CodeListItemIdentifierType')
              simple.push(child.$.name);
            visit(child);
          }
        }
      };
      visit(schema);
    }
    expect(Object.keys(EXPECTED_VALUES)).to.include.members([...new Set(simple)]);
  });

  it('are those whose namespaces the code knows', async () => {
    for (const name of reached) {
      const { targetNamespace } = (await parse(files.xsd.get(name)!))['xs:schema'].$;
      expect(Object.values(NS), name).to.include(targetNamespace);
    }
  });
});
