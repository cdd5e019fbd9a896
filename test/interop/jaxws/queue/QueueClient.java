// The queue of an a-kasse from Java with JAX-WS: open a sequence, fetch its beskeder, terminate or close it.

import dk.bm.service.pjaktass._10.wsrmmessageservice.WsrmMessageService;
import dk.bm.service.pjaktass._10.wsrmmessageservice.WsrmMessageService_Service;
import dk.bm.service.pjaktass._3.wsrmservice.WsrmService;
import dk.bm.service.pjaktass._3.wsrmservice.WsrmService_Service;
import dk.bm.service.wsrmmessageservice._2022._01._01.GetTidligPensionVersion1ResponseType;
import dk.bm.service.wsrmmessageservice._2022._01._01.WsrmRequestType;
import dk.bm.service.xml.schemas._2011._01._12.FaultDetails;
import javax.net.ssl.SSLSocketFactory;
import javax.xml.ws.Holder;
import org.oasis_open.docs.ws_rx.wsrm._200602.CloseSequenceType;
import org.oasis_open.docs.ws_rx.wsrm._200602.CreateSequenceResponseType;
import org.oasis_open.docs.ws_rx.wsrm._200602.CreateSequenceType;
import org.oasis_open.docs.ws_rx.wsrm._200602.SequenceResponseType;
import org.oasis_open.docs.ws_rx.wsrm._200602.TerminateSequenceType;

public class QueueClient {
  protected final WsrmService wsrm;
  protected final WsrmMessageService messages;
  private final Headers headers;

  public QueueClient(String wsrmUrl, String messageUrl, SSLSocketFactory tls, Headers headers) {
    this.headers = headers;
    // Our own copies of the WSDL. With an https address here Java would fetch them with its default trust store.
    wsrm = Ports.at(wsrmUrl, tls, new WsrmService_Service(
        QueueClient.class.getResource("/WsrmService.wsdl")).getWsrmService());
    messages = Ports.at(messageUrl, tls, new WsrmMessageService_Service(
        QueueClient.class.getResource("/WsrmMessageService.wsdl")).getWsrmMessageService());
  }

  /** Opens a sequence: its identifier, and how many beskeder each operation has for it. */
  public CreateSequenceResponseType create(CreateSequenceType request) throws PensionFault {
    try {
      return wsrm.createSequence(request, headers.metadata(), headers.organisation());
    } catch (dk.bm.service.pjaktass._3.wsrmservice.FaultDetails fault) {
      throw refusal(fault, fault.getFaultInfo());
    }
  }

  /** Every besked of the sequence; the holder gets the header of the answer. */
  public GetTidligPensionVersion1ResponseType fetch(String identifier, Holder<SequenceResponseType> answered)
      throws PensionFault {
    try {
      return messages.getTidligPensionVersion1(
          new WsrmRequestType(), headers.metadata(), headers.organisation(), Headers.sequence(identifier), answered);
    } catch (dk.bm.service.pjaktass._10.wsrmmessageservice.FaultDetails fault) {
      throw refusal(fault, fault.getFaultInfo());
    }
  }

  /** Breaks off: the same beskeder come again in the next sequence. */
  public String close(String identifier) throws PensionFault {
    CloseSequenceType request = new CloseSequenceType();
    request.setIdentifier(identifier);
    try {
      return wsrm.closeSequence(request, headers.metadata(), headers.organisation()).getIdentifier();
    } catch (dk.bm.service.pjaktass._3.wsrmservice.FaultDetails fault) {
      throw refusal(fault, fault.getFaultInfo());
    }
  }

  /** All received and stored: the beskeder leave the queue. */
  public String terminate(String identifier) throws PensionFault {
    TerminateSequenceType request = new TerminateSequenceType();
    request.setIdentifier(identifier);
    try {
      return wsrm.terminateSequence(request, headers.metadata(), headers.organisation()).getIdentifier();
    } catch (dk.bm.service.pjaktass._3.wsrmservice.FaultDetails fault) {
      throw refusal(fault, fault.getFaultInfo());
    }
  }

  /** Each service has an exception of its own; what it holds is of one class. */
  private static PensionFault refusal(Exception fault, FaultDetails info) {
    return new PensionFault(fault, info.getErrorCode(), info.getMessage(), info.getSource());
  }
}
