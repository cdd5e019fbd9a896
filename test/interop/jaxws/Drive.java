// Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line.

import dk.bm.pension.ActiveOrganisationHeaderType;
import dk.bm.pension.KompensationsudbetalingType;
import dk.bm.pension.OvergangTilTidligPensionType;
import dk.bm.pension.RequestUserMetadataType;
import dk.bm.pension.SaveTidligPensionRequestType;
import dk.bm.pension.TidligPensionType;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;

public class Drive extends PensionClient {
  private final HeaderRemover remover = new HeaderRemover();
  private String nil;

  Drive(String url, SSLSocketFactory tls, int organisationType, String organisationCode) {
    super(url, tls, organisationType, organisationCode);
    addHandler(remover);
  }

  public static void main(String[] args) throws Exception {
    char[] password = System.getenv("KEYSTORE_PASSWORD").toCharArray();
    SSLSocketFactory tls = ClientTls.socketFactory(args[1].equals("-") ? null : args[1], password, args[2]);
    Drive client = new Drive(args[0], tls, Integer.parseInt(args[3]), args[4]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) out.println(client.outcome(line));
  }

  @Override
  protected RequestUserMetadataType metadata() {
    return "RequestUserMetadataHeader".equals(nil) ? null : super.metadata();
  }

  @Override
  protected ActiveOrganisationHeaderType organisation() {
    return "ActiveOrganisationHeader".equals(nil) ? null : super.organisation();
  }

  private String outcome(String line) {
    String[] words = line.trim().split(" ");
    Map<String, String> given = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      given.put(pair[0], pair[1]);
    }
    remover.remove(given.get("without"));
    nil = given.get("nil");
    try {
      if (words[0].equals("save")) return "{\"guid\":" + quoted(save(request(given))) + "}";
      return get(given.get("personnummer")).stream().map(Drive::json).collect(Collectors.joining(",", "{\"list\":[", "]}"));
    } catch (PensionFault fault) {
      return "{\"fault\":" + fault.code + ",\"text\":" + quoted(fault.text) + ",\"message\":" + quoted(fault.details)
          + ",\"source\":" + quoted(fault.source) + "}";
    } catch (RuntimeException error) {
      return "{\"error\":" + quoted(error.toString()) + "}";
    }
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

  private static String json(TidligPensionType forloeb) {
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
    return found.entrySet().stream()
        .filter(entry -> entry.getValue() != null)
        .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue().toString()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
