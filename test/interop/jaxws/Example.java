// Reports a forløb, reads it back and is refused another that overlaps it.

import dk.bm.pension.OvergangTilTidligPensionType;
import dk.bm.pension.SaveTidligPensionRequestType;
import dk.bm.pension.TidligPensionType;
import java.util.Scanner;
import java.util.UUID;

public class Example {
  /** Arguments: URL, identity (PKCS12), CA (PEM), organisation type and code. The password is in KEYSTORE_PASSWORD. */
  public static void main(String[] args) throws Exception {
    char[] password = System.getenv("KEYSTORE_PASSWORD").toCharArray();
    // Not an argument: those stand in the process list.
    String personnummer = new Scanner(System.in, "UTF-8").nextLine();

    PensionClient client = new PensionClient(
        args[0], ClientTls.socketFactory(args[1], password, args[2]), Integer.parseInt(args[3]), args[4]);
    OvergangTilTidligPensionType overgang = new OvergangTilTidligPensionType();
    overgang.setTidligPensionOvergangsdato(PensionClient.date("2026-02-01"));
    overgang.setTidligPensionAfgoerelsesdato(PensionClient.date("2026-01-12"));
    SaveTidligPensionRequestType request = new SaveTidligPensionRequestType();
    request.setPersonnummer(personnummer);
    request.setOvergangTilTidligPension(overgang);
    // Make the identifier yourself: a call that is sent again after a lost answer then overwrites itself.
    request.setTidligPensionIdentifier(UUID.randomUUID().toString());
    System.out.println("saved " + client.save(request));
    for (TidligPensionType forloeb : client.get(personnummer)) {
      System.out.println("read " + forloeb.getTidligPensionIdentifier() + " "
          + forloeb.getOvergangTilTidligPension().getTidligPensionOvergangsdato());
    }
    request.setTidligPensionIdentifier(UUID.randomUUID().toString());
    try {
      client.save(request);
    } catch (PensionFault fault) {
      System.out.println("refused " + fault.code + " " + fault.details);
    }
  }
}
