// Sets a port of JAX-WS up: where the service is, and the TLS to speak to it with.

import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import javax.xml.ws.Binding;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.Handler;
import javax.xml.ws.handler.soap.SOAPHandler;

public final class Ports {
  private Ports() {}

  /** Sets the port up and gives it back. */
  public static <T> T at(String url, SSLSocketFactory tls, T port) {
    Map<String, Object> settings = ((BindingProvider) port).getRequestContext();
    settings.put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, url);
    // The names of Metro (JAX-WS RI). Those of the copy in JDK 8 begin with com.sun.xml.internal.ws.
    settings.put("com.sun.xml.ws.transport.https.client.SSLSocketFactory", tls);
    settings.put("com.sun.xml.ws.connect.timeout", 10_000);
    settings.put("com.sun.xml.ws.request.timeout", 30_000);
    return port;
  }

  /** Adds a handler that sees every message, to log them for instance. */
  public static void addHandler(Object port, SOAPHandler<?> handler) {
    Binding binding = ((BindingProvider) port).getBinding();
    @SuppressWarnings("rawtypes")
    List<Handler> chain = binding.getHandlerChain();
    chain.add(handler);
    binding.setHandlerChain(chain);
  }
}
