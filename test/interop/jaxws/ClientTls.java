// Makes the TLS of a client: who it is, from PKCS12, which is what Java reads; whom it trusts, from PEM.

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

public final class ClientTls {
  private ClientTls() {}

  /**
   * The identity is a PKCS12 file with certificate and key. From PEM:
   * openssl pkcs12 -export -in NAME.pem -inkey NAME.key -out NAME.p12
   */
  public static SSLSocketFactory socketFactory(String identity, char[] password, String ca)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(authority(ca));
    KeyManager[] keys = null;
    if (identity != null) {
      KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
      own.init(identity(identity, password), password);
      keys = own.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trusted.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private static KeyStore identity(String file, char[] password) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }

  private static KeyStore authority(String file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = new FileInputStream(file)) {
      store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    return store;
  }
}
