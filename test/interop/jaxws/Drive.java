// Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line.

import dk.bm.pension.ActiveOrganisationHeaderType;
import dk.bm.pension.KompensationsudbetalingType;
import dk.bm.pension.OvergangTilTidligPensionType;
import dk.bm.pension.RequestUserMetadataType;
import dk.bm.pension.SaveTidligPensionRequestType;
import dk.bm.pension.TidligPensionType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;

public class Drive extends PensionClient {
  private final HeaderRemover remover = new HeaderRemover();
  private Map<String, String> given = Map.of();

  Drive(String url, SSLSocketFactory tls, int organisationType, String organisationCode) {
    super(url, tls, organisationType, organisationCode);
    Ports.addHandler(port, remover);
  }

  public static void main(String[] args) throws Exception {
    char[] password = System.getenv("KEYSTORE_PASSWORD").toCharArray();
    SSLSocketFactory tls = ClientTls.socketFactory(args[1].equals("-") ? null : args[1], password, args[2]);
    Drive client = new Drive(args[0], tls, Integer.parseInt(args[3]), args[4]);
    Driving.answer(client::call);
  }

  @Override
  protected RequestUserMetadataType metadata() {
    if ("RequestUserMetadataHeader".equals(given.get("nil"))) return null;
    RequestUserMetadataType metadata = super.metadata();
    if (given.containsKey("registered")) metadata.setRegistrationDateTime(date(given.get("registered")));
    return metadata;
  }

  @Override
  protected ActiveOrganisationHeaderType organisation() {
    return "ActiveOrganisationHeader".equals(given.get("nil")) ? null : super.organisation();
  }

  private String call(String verb, Map<String, String> said) throws PensionFault {
    given = said;
    remover.remove(given.get("without"));
    if (verb.equals("save")) return Driving.object(Map.of("guid", save(request(given)))).toString();
    List<Driving.Json> list = get(given.get("personnummer")).stream().map(Drive::json).collect(Collectors.toList());
    return Driving.object(Map.of("list", list)).toString();
  }

  private static SaveTidligPensionRequestType request(Map<String, String> given) {
    SaveTidligPensionRequestType request = new SaveTidligPensionRequestType();
    request.setPersonnummer(given.get("personnummer"));
    request.setTidligPensionIdentifier(given.get("guid"));
    if (given.containsKey("overgang")) {
      OvergangTilTidligPensionType overgang = new OvergangTilTidligPensionType();
      overgang.setTidligPensionOvergangsdato(date(given.get("overgang")));
      overgang.setTidligPensionAfgoerelsesdato(date(given.get("afgoerelse")));
      if (given.containsKey("ophoer")) overgang.setTidligPensionOphoersdato(date(given.get("ophoer")));
      request.setOvergangTilTidligPension(overgang);
    }
    if (given.containsKey("kompensation")) {
      KompensationsudbetalingType kompensation = new KompensationsudbetalingType();
      kompensation.setKompensationsafgoerelsesdato(date(given.get("kompensation")));
      request.setKompensationsudbetaling(kompensation);
    }
    return request;
  }

  private static Driving.Json json(TidligPensionType forloeb) {
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("guid", forloeb.getTidligPensionIdentifier());
    OvergangTilTidligPensionType overgang = forloeb.getOvergangTilTidligPension();
    if (overgang != null) {
      found.put("overgang", overgang.getTidligPensionOvergangsdato());
      found.put("afgoerelse", overgang.getTidligPensionAfgoerelsesdato());
      found.put("ophoer", overgang.getTidligPensionOphoersdato());
    }
    KompensationsudbetalingType kompensation = forloeb.getKompensationsudbetaling();
    if (kompensation != null) found.put("kompensation", kompensation.getKompensationsafgoerelsesdato());
    return Driving.object(found);
  }
}
