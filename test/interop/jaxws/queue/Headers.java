// The headers of a call: who works, for which organisation, and of which sequence.

import dk.bm.service.pjaktass._2013._06._07.codelistbase.CodeListItemIdentifierType;
import dk.bm.service.pjaktass._2015._01._21.requestorganisationstructure.RequestOrganisationStructureType;
import dk.bm.service.pjaktass._2015._01._21.requestuserstructure.RequestUserStructureType;
import dk.bm.service.requestusermetadata._2015._01._21.RequestUserMetadataType;
import dk.oio.rep.ams_dk.xml.schemas._2005._09._01.ActiveOrganisationHeaderType;
import java.time.OffsetDateTime;
import javax.xml.datatype.DatatypeConfigurationException;
import javax.xml.datatype.DatatypeFactory;
import org.oasis_open.docs.ws_rx.wsrm._200602.SequenceRequestType;

public class Headers {
  private final int organisationType;
  private final String organisationCode;

  public Headers(int organisationType, String organisationCode) {
    this.organisationType = organisationType;
    this.organisationCode = organisationCode;
  }

  /** Who works. It goes with every call. */
  public RequestUserMetadataType metadata() {
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
    try {
      metadata.setRegistrationDateTime(
          DatatypeFactory.newInstance().newXMLGregorianCalendar(OffsetDateTime.now().toString()));
    } catch (DatatypeConfigurationException impossible) {
      throw new IllegalStateException(impossible);
    }
    return metadata;
  }

  /** For which organisation the call is made. It goes with every call. */
  public ActiveOrganisationHeaderType organisation() {
    ActiveOrganisationHeaderType organisation = new ActiveOrganisationHeaderType();
    organisation.setOrganisationTypeIdentifier(organisationType);
    organisation.setOrganisationCode(organisationCode);
    return organisation;
  }

  /** Of which sequence the beskeder are asked for. */
  public static SequenceRequestType sequence(String identifier) {
    SequenceRequestType sequence = new SequenceRequestType();
    sequence.setIdentifier(identifier);
    return sequence;
  }

  private static CodeListItemIdentifierType code(int number) {
    CodeListItemIdentifierType code = new CodeListItemIdentifierType();
    code.setCodeListItemIdentifier(number);
    return code;
  }
}
