// Drives the sample client of the queue from lines on stdin, for the interop tests: an outcome in JSON for each line.

import dk.bm.service.pensionservice._2022._01._01.KompensationsudbetalingType;
import dk.bm.service.pensionservice._2022._01._01.OvergangTilTidligPensionType;
import dk.bm.service.pjaktass._2015._01._21.requestorganisationstructure.RequestOrganisationStructureType;
import dk.bm.service.pjaktass._2015._01._21.requestuserstructure.RequestUserStructureType;
import dk.bm.service.requestusermetadata._2015._01._21.RequestUserMetadataType;
import dk.bm.service.wsrmmessageservice._2022._01._01.TidligPensionRegistrationType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import javax.xml.ws.Holder;
import org.oasis_open.docs.ws_rx.wsrm._200602.CreateSequenceResponseType;
import org.oasis_open.docs.ws_rx.wsrm._200602.CreateSequenceType;
import org.oasis_open.docs.ws_rx.wsrm._200602.ObjectFactory;
import org.oasis_open.docs.ws_rx.wsrm._200602.SequenceResponseType;
import org.oasis_open.docs.ws_rx.wsrm._200602.ServiceItemType;

public class DriveQueue extends QueueClient {
  private final HeaderRemover remover = new HeaderRemover();

  DriveQueue(String wsrmUrl, String messageUrl, SSLSocketFactory tls, Headers headers) {
    super(wsrmUrl, messageUrl, tls, headers);
    Ports.addHandler(messages, remover);
  }

  public static void main(String[] args) throws Exception {
    char[] password = System.getenv("KEYSTORE_PASSWORD").toCharArray();
    SSLSocketFactory tls = ClientTls.socketFactory(args[2], password, args[3]);
    Headers headers = new Headers(Integer.parseInt(args[4]), args[5]);
    Driving.answer(new DriveQueue(args[0], args[1], tls, headers)::call);
  }

  private String call(String verb, Map<String, String> given) throws PensionFault {
    String identifier = given.get("sequence");
    remover.remove(given.get("without"));
    switch (verb) {
      case "create":
        return opened(create(given.containsKey("elements") ? withNils() : new CreateSequenceType())).toString();
      case "fetch":
        Holder<SequenceResponseType> answered = new Holder<>();
        List<Driving.Json> beskeder = fetch(identifier, answered).getTidligPensionRegistration().stream()
            .map(DriveQueue::besked).collect(Collectors.toList());
        return Driving.object(Map.of("sequence", answered.value.getIdentifier(), "beskeder", beskeder)).toString();
      case "close":
        return Driving.object(Map.of("sequence", close(identifier))).toString();
      default:
        return Driving.object(Map.of("sequence", terminate(identifier))).toString();
    }
  }

  /** As .NET sends it. What is not set is left out; nil is an element of the factory with nothing in it. */
  private static CreateSequenceType withNils() {
    ObjectFactory factory = new ObjectFactory();
    CreateSequenceType request = new CreateSequenceType();
    request.setAcksTo(factory.createCreateSequenceTypeAcksTo(null));
    request.setExpires(factory.createCreateSequenceTypeExpires(null));
    request.setOffer(factory.createCreateSequenceTypeOffer(null));
    request.setSubQueueIdentifier(factory.createCreateSequenceTypeSubQueueIdentifier(null));
    return request;
  }

  private static Driving.Json opened(CreateSequenceResponseType response) {
    List<Driving.Json> inventory = response.getServiceInventoryCollection().getServiceItem().stream()
        .map(DriveQueue::item).collect(Collectors.toList());
    return Driving.object(Map.of("sequence", response.getIdentifier(), "inventory", inventory));
  }

  private static Driving.Json item(ServiceItemType item) {
    return Driving.object(Map.of(
        "service", item.getServiceName(), "endpoint", item.getServiceEndpoint(), "count", item.getMessageCount()));
  }

  private static Driving.Json besked(TidligPensionRegistrationType registration) {
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("message", registration.getMessageIdentifier());
    found.put("type", registration.getRegistrationType().value());
    found.put("event", registration.getEventDate());
    found.put("personnummer", registration.getPersonnummer());
    found.put("by", by(registration.getRequestUserMetadata()));
    found.put("guid", registration.getTidligPensionIdentifier());
    OvergangTilTidligPensionType overgang = registration.getOvergangTilTidligPension();
    if (overgang != null) {
      found.put("overgang", overgang.getTidligPensionOvergangsdato());
      found.put("afgoerelse", overgang.getTidligPensionAfgoerelsesdato());
      found.put("ophoer", overgang.getTidligPensionOphoersdato());
    }
    KompensationsudbetalingType kompensation = registration.getKompensationsudbetaling();
    if (kompensation != null) found.put("kompensation", kompensation.getKompensationsafgoerelsesdato());
    return Driving.object(found);
  }

  private static Driving.Json by(RequestUserMetadataType metadata) {
    RequestUserStructureType user = metadata.getRequestUserStructure();
    RequestOrganisationStructureType organisation = metadata.getRequestOrganisationStructure();
    return Driving.object(Map.of(
        "name", user.getUserFullName(),
        "userType", user.getRequestUserTypeIdentifier().getCodeListItemIdentifier(),
        "user", user.getUserIdentifier(),
        "organisationType", organisation.getOrganisationTypeIdentifier().getCodeListItemIdentifier(),
        "organisation", organisation.getOrganisationCode(),
        "registered", metadata.getRegistrationDateTime()));
  }
}
