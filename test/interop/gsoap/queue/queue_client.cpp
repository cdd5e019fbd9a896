// How the calls are made: the context that both services share, the headers, and the reading of a fault.
#include "queue_client.h"

#include <csignal>

// The table of namespaces, once in a program; the one beside it is the same.
#include "WsrmServiceBinding.nsmap"

QueueClient::QueueClient(const std::string &wsrm_url, const std::string &message_url, const char *identity,
                         const char *ca, int organisation_type, const std::string &organisation_code)
    : context(soap_new1(SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE)),
      wsrm(context),
      messages(context),
      wsrm_url(wsrm_url),
      message_url(message_url),
      organisation_type(organisation_type),
      organisation_code(organisation_code) {
  std::signal(SIGPIPE, SIG_IGN);  // a connection that the other side has closed must not end this program
  soap_set_namespaces(context, namespaces);
  wsrm.soap_endpoint = this->wsrm_url.c_str();
  messages.soap_endpoint = this->message_url.c_str();
  context->connect_timeout = 10;  // seconds
  context->send_timeout = context->recv_timeout = 30;
  check(soap_ssl_client_context(context, SOAP_SSL_DEFAULT, identity, nullptr, ca, nullptr, nullptr));
}

QueueClient::~QueueClient() {
  release();
  soap_free(context);
}

void QueueClient::release() {
  soap_destroy(context);
  soap_end(context);
}

void QueueClient::set_headers(const std::string *sequence) {
  auto *metadata = soap_new_rum__RequestUserMetadataType(context);
  auto *user = metadata->rus__RequestUserStructure = soap_new_rus__RequestUserStructureType(context);
  user->UserFullName = "sample : gsoap";
  user->rut__RequestUserTypeIdentifier = code(3);  // 3: a system
  user->UserIdentifier = "sample-gsoap";
  auto *requester = metadata->ros__RequestOrganisationStructure =
      soap_new_ros__RequestOrganisationStructureType(context);
  requester->OrganisationTypeIdentifier = code(organisation_type);
  requester->OrganisationCode = organisation_code;
  const std::time_t moment = std::time(nullptr);
  char now[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&moment));
  metadata->RegistrationDateTime = now;

  auto *organisation = soap_new_aoh__ActiveOrganisationHeaderType(context);
  organisation->OrganisationTypeIdentifier = organisation_type;
  organisation->OrganisationCode = organisation_code;
  auto *request = sequence ? soap_new_wsrm__SequenceRequestType(context) : nullptr;
  if (request) request->Identifier = *sequence;
  // The fourth is the header of the answer.
  messages.soap_header(organisation, metadata, request, nullptr);
}

wsrm__CreateSequenceResponseType &QueueClient::create() {
  auto &response = *soap_new_wsrm__CreateSequenceResponseType(context);
  set_headers(nullptr);
  check(wsrm.CreateSequence(soap_new_wsrm__CreateSequenceType(context), response));
  return response;
}

wm__GetTidligPensionVersion1ResponseType &QueueClient::fetch(const std::string &identifier) {
  auto &response = *soap_new_wm__GetTidligPensionVersion1ResponseType(context);
  set_headers(&identifier);
  check(messages.GetTidligPensionVersion1(soap_new_wm__WsrmRequestType(context), response));
  return response;
}

std::string QueueClient::fetched_sequence() const {
  return context->header && context->header->wsrm__SequenceResponse
             ? context->header->wsrm__SequenceResponse->Identifier
             : std::string();
}

std::string QueueClient::close(const std::string &identifier) {
  wsrm__CloseSequenceType request;
  wsrm__CloseSequenceResponseType response;
  request.Identifier = identifier;
  set_headers(nullptr);
  check(wsrm.CloseSequence(&request, response));
  return response.Identifier;
}

std::string QueueClient::terminate(const std::string &identifier) {
  wsrm__TerminateSequenceType request;
  wsrm__TerminateSequenceResponseType response;
  request.Identifier = identifier;
  set_headers(nullptr);
  check(wsrm.TerminateSequence(&request, response));
  return response.Identifier;
}

void QueueClient::check(int status) {
  if (status == SOAP_OK) return;
  const auto *fault = context->fault;
  const auto *details = fault && fault->detail ? fault->detail->fd__FaultDetails_ : nullptr;
  const auto text = [](const std::string *value) { return value ? *value : std::string(); };
  if (details && details->ErrorCode) {
    throw QueueFault(*details->ErrorCode, fault->faultstring, text(details->Message), text(details->Source));
  }
  // No answer, or not a refusal by the catalogue.
  char reason[1024];
  throw std::runtime_error(soap_sprint_fault(context, reason, sizeof reason));
}

clb__CodeListItemIdentifierType *QueueClient::code(int number) {
  auto *code = soap_new_clb__CodeListItemIdentifierType(context);
  code->CodeListItemIdentifier = number;
  return code;
}
