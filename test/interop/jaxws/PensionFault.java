// A refusal by the service. Decide on the code; quote the source when you ask about it.

import dk.bm.pension.FaultDetails;
import dk.bm.pension.FaultDetails_Exception;
import javax.xml.bind.JAXBElement;

public class PensionFault extends Exception {
  private static final long serialVersionUID = 1;

  public final int code;
  public final String text;
  public final String details;
  public final String source;

  public PensionFault(FaultDetails_Exception fault) {
    super(fault.getMessage(), fault);
    FaultDetails info = fault.getFaultInfo();
    code = info.getErrorCode();
    text = fault.getMessage();
    // The texts may be nil by the schema, so JAXB wraps each in a JAXBElement.
    details = valueOf(info.getMessage());
    source = valueOf(info.getSource());
  }

  private static String valueOf(JAXBElement<String> element) {
    return element == null ? "" : element.getValue();
  }
}
