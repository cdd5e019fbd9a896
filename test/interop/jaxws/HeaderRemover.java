// Takes a header out of each request, for the interop tests: JAX-WS sends one that was given as null as xsi:nil.

import java.util.Iterator;
import java.util.Set;
import javax.xml.namespace.QName;
import javax.xml.soap.SOAPException;
import javax.xml.soap.SOAPHeaderElement;
import javax.xml.ws.WebServiceException;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.handler.soap.SOAPHandler;
import javax.xml.ws.handler.soap.SOAPMessageContext;

class HeaderRemover implements SOAPHandler<SOAPMessageContext> {
  private String name;

  /** Which header to take out from now on; none for null. */
  void remove(String headerName) {
    name = headerName;
  }

  @Override
  public boolean handleMessage(SOAPMessageContext context) {
    if (name == null || !(Boolean) context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY)) return true;
    try {
      Iterator<SOAPHeaderElement> headers = context.getMessage().getSOAPHeader().examineAllHeaderElements();
      while (headers.hasNext()) {
        SOAPHeaderElement header = headers.next();
        if (name.equals(header.getLocalName())) header.detachNode();
      }
    } catch (SOAPException error) {
      throw new WebServiceException(error);
    }
    return true;
  }

  @Override
  public boolean handleFault(SOAPMessageContext context) {
    return true;
  }

  @Override
  public void close(MessageContext context) {}

  @Override
  public Set<QName> getHeaders() {
    return Set.of();
  }
}
