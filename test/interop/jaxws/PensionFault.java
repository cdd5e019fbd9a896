// A refusal by the service. Decide on the code; quote the source when you ask about it.

import javax.xml.bind.JAXBElement;

public class PensionFault extends Exception {
  private static final long serialVersionUID = 1;

  public final int code;
  public final String text;
  public final String details;
  public final String source;

  /** The texts may be nil by the schema, so JAXB wraps each in a JAXBElement. */
  public PensionFault(Exception fault, int code, JAXBElement<String> message, JAXBElement<String> source) {
    super(fault.getMessage(), fault);
    this.code = code;
    text = fault.getMessage();
    details = valueOf(message);
    this.source = valueOf(source);
  }

  private static String valueOf(JAXBElement<String> element) {
    return element == null ? "" : element.getValue();
  }
}
