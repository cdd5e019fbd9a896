// PensionService from Java with JAX-WS: sign in with a certificate, report a forløb, read a citizen's forløb.

import dk.bm.pension.ActiveOrganisationHeaderType;
import dk.bm.pension.CodeListItemIdentifierType;
import dk.bm.pension.FaultDetails;
import dk.bm.pension.FaultDetails_Exception;
import dk.bm.pension.GetTidligPensionRequestType;
import dk.bm.pension.PensionService;
import dk.bm.pension.PensionService_Service;
import dk.bm.pension.RequestOrganisationStructureType;
import dk.bm.pension.RequestUserMetadataType;
import dk.bm.pension.RequestUserStructureType;
import dk.bm.pension.SaveTidligPensionRequestType;
import dk.bm.pension.TidligPensionType;
import java.net.URL;
import java.time.OffsetDateTime;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import javax.xml.datatype.DatatypeConfigurationException;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;

public class PensionClient {
  protected final PensionService port;
  private final int organisationType;
  private final String organisationCode;

  public PensionClient(String url, SSLSocketFactory tls, int organisationType, String organisationCode) {
    this.organisationType = organisationType;
    this.organisationCode = organisationCode;
    // Our own copy of the WSDL. With an https address here Java would fetch it with its default trust store.
    URL wsdl = PensionClient.class.getResource("/PensionService.wsdl");
    port = Ports.at(url, tls, new PensionService_Service(wsdl).getPensionService());
  }

  /** Reports the whole state of one forløb and returns its identifier. What is left out is gone. */
  public String save(SaveTidligPensionRequestType request) throws PensionFault {
    try {
      return port.saveTidligPension(request, metadata(), organisation()).getCreatedItemIdentifier();
    } catch (FaultDetails_Exception fault) {
      throw refusal(fault);
    }
  }

  /** Reads the citizen's forløb; no forløb is an empty list. */
  public List<TidligPensionType> get(String personnummer) throws PensionFault {
    GetTidligPensionRequestType request = new GetTidligPensionRequestType();
    request.setPersonnummer(personnummer);
    try {
      return port.getTidligPension(request, metadata(), organisation()).getTidligPension();
    } catch (FaultDetails_Exception fault) {
      throw refusal(fault);
    }
  }

  private static PensionFault refusal(FaultDetails_Exception fault) {
    FaultDetails info = fault.getFaultInfo();
    return new PensionFault(fault, info.getErrorCode(), info.getMessage(), info.getSource());
  }

  /** A date as the contract has it, "2026-02-01": from text, and so without a time and without a zone. */
  public static XMLGregorianCalendar date(String text) {
    return datatypes().newXMLGregorianCalendar(text);
  }

  /** Who works. It goes with every call. */
  protected RequestUserMetadataType metadata() {
    RequestUserStructureType user = new RequestUserStructureType();
    user.setUserFullName("sample : jaxws");
    user.setRequestUserTypeIdentifier(code(3)); // 3: a system
    user.setUserIdentifier("sample-jaxws");
    RequestOrganisationStructureType organisation = new RequestOrganisationStructureType();
    organisation.setOrganisationTypeIdentifier(code(organisationType));
    organisation.setOrganisationCode(organisationCode);
    RequestUserMetadataType metadata = new RequestUserMetadataType();
    metadata.setRequestUserStructure(user);
    metadata.setRequestOrganisationStructure(organisation);
    metadata.setRegistrationDateTime(datatypes().newXMLGregorianCalendar(OffsetDateTime.now().toString()));
    return metadata;
  }

  /** For which organisation the call is made. It goes with every call. */
  protected ActiveOrganisationHeaderType organisation() {
    ActiveOrganisationHeaderType organisation = new ActiveOrganisationHeaderType();
    organisation.setOrganisationTypeIdentifier(organisationType);
    organisation.setOrganisationCode(organisationCode);
    return organisation;
  }

  private static CodeListItemIdentifierType code(int number) {
    CodeListItemIdentifierType code = new CodeListItemIdentifierType();
    code.setCodeListItemIdentifier(number);
    return code;
  }

  private static DatatypeFactory datatypes() {
    try {
      return DatatypeFactory.newInstance();
    } catch (DatatypeConfigurationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
