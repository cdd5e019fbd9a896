// Posts standard input to a URL with Java's own TLS and prints the status and the body. Run as one file:
// java Call.java URL IDENTITY.p12 CA.pem default|always. `always` sends the certificate whatever the service asks for.

import java.io.FileInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

public class Call {
  public static void main(String[] args) throws Exception {
    char[] password = System.getenv("KEYSTORE_PASSWORD").toCharArray();
    KeyStore identity = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(args[1])) {
      identity.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(identity, password);
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    try (InputStream in = new FileInputStream(args[2])) {
      authorities.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(authorities);
    KeyManager manager = args[3].equals("always") ? new Insistent(identity, password) : keys.getKeyManagers()[0];
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {manager}, trusted.getTrustManagers(), null);
    HttpRequest request = HttpRequest.newBuilder(URI.create(args[0]))
        .header("Content-Type", "text/xml; charset=utf-8")
        .POST(HttpRequest.BodyPublishers.ofByteArray(System.in.readAllBytes()))
        .build();
    HttpClient client = HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(response.statusCode());
    System.out.println(response.body());
  }

  /** Sends the one certificate it has, whichever issuers are asked for. */
  private static final class Insistent extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";
    private final X509Certificate[] chain;
    private final PrivateKey key;

    Insistent(KeyStore identity, char[] password) throws GeneralSecurityException {
      String alias = identity.aliases().nextElement();
      chain = Stream.of(identity.getCertificateChain(alias)).toArray(X509Certificate[]::new);
      key = (PrivateKey) identity.getKey(alias, password);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
      return chain;
    }

    @Override
    public PrivateKey getPrivateKey(String name) {
      return key;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return null;
    }
  }
}
