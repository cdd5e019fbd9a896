// How the calls are made: the context, the headers, the generated classes and the reading of a fault.
#include "pension_client.h"

#include <csignal>

// The table of namespaces, once in a program.
#include "PensionServiceBinding.nsmap"

// SOAP_C_UTFSTRING: std::string holds UTF-8. Without it gSOAP makes Latin-1 of it, and of "forløb" in a fault.
// SOAP_IO_KEEPALIVE: one TLS handshake for many calls.
PensionClient::PensionClient(const std::string &url, const char *identity, const char *ca, int organisation_type,
                             const std::string &organisation_code)
    : proxy(SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE),
      url(url),
      organisation_type(organisation_type),
      organisation_code(organisation_code) {
  std::signal(SIGPIPE, SIG_IGN);  // a connection that the other side has closed must not end this program
  proxy.soap_endpoint = this->url.c_str();
  proxy.soap->connect_timeout = 10;  // seconds
  proxy.soap->send_timeout = proxy.soap->recv_timeout = 30;
  // The third argument is the file with certificate and key together, the fifth is whom to trust.
  if (soap_ssl_client_context(proxy.soap, SOAP_SSL_DEFAULT, identity, nullptr, ca, nullptr, nullptr))
    check(proxy.soap->error);
}

void PensionClient::set_headers() {
  soap *context = proxy.soap;
  auto *metadata = soap_new_rum__RequestUserMetadataType(context);
  auto *user = metadata->rus__RequestUserStructure = soap_new_rus__RequestUserStructureType(context);
  user->UserFullName = "sample : gsoap";
  user->rut__RequestUserTypeIdentifier = code(3);  // 3: a system
  user->UserIdentifier = "sample-gsoap";
  auto *requester = metadata->ros__RequestOrganisationStructure =
      soap_new_ros__RequestOrganisationStructureType(context);
  requester->OrganisationTypeIdentifier = code(organisation_type);
  requester->OrganisationCode = organisation_code;
  metadata->RegistrationDateTime = now();

  auto *organisation = soap_new_aoh__ActiveOrganisationHeaderType(context);
  organisation->OrganisationTypeIdentifier = organisation_type;
  organisation->OrganisationCode = organisation_code;
  // gSOAP puts mustUnderstand on both, which is in order.
  proxy.soap_header(organisation, metadata);
}

std::string PensionClient::now() const {
  const std::time_t moment = std::time(nullptr);
  char text[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&moment));
  return text;
}

std::string PensionClient::save(const std::string &personnummer, const Forloeb &forloeb) {
  soap *context = proxy.soap;
  pen__SaveTidligPensionRequestType request;
  pen__CreatedResponseType response;
  request.Personnummer = personnummer;
  // An element that is optional is a pointer; null leaves it out.
  if (forloeb.identifier) request.TidligPensionIdentifier = soap_new_std__string(context);
  if (forloeb.identifier) *request.TidligPensionIdentifier = *forloeb.identifier;
  if (forloeb.overgang) {
    auto *overgang = request.OvergangTilTidligPension = soap_new_pen__OvergangTilTidligPensionType(context);
    overgang->TidligPensionOvergangsdato = forloeb.overgang->overgangsdato;
    overgang->TidligPensionAfgoerelsesdato = forloeb.overgang->afgoerelsesdato;
    if (forloeb.overgang->ophoersdato) overgang->TidligPensionOphoersdato = soap_new_std__string(context);
    if (forloeb.overgang->ophoersdato) *overgang->TidligPensionOphoersdato = *forloeb.overgang->ophoersdato;
  }
  if (forloeb.kompensationsafgoerelsesdato) {
    request.Kompensationsudbetaling = soap_new_pen__KompensationsudbetalingType(context);
    request.Kompensationsudbetaling->Kompensationsafgoerelsesdato = *forloeb.kompensationsafgoerelsesdato;
  }
  set_headers();
  check(proxy.SaveTidligPension(&request, response));
  proxy.destroy();
  return response.CreatedItemIdentifier;
}

std::vector<Forloeb> PensionClient::get(const std::string &personnummer) {
  pen__GetTidligPensionRequestType request;
  pen__GetTidligPensionResponseType response;
  request.Personnummer = personnummer;
  set_headers();
  check(proxy.GetTidligPension(&request, response));
  std::vector<Forloeb> found;
  for (const auto *item : response.TidligPension) {
    Forloeb &forloeb = found.emplace_back();
    forloeb.identifier = item->TidligPensionIdentifier;
    if (const auto *overgang = item->OvergangTilTidligPension) {
      forloeb.overgang = Overgang{overgang->TidligPensionOvergangsdato, overgang->TidligPensionAfgoerelsesdato, {}};
      if (overgang->TidligPensionOphoersdato) forloeb.overgang->ophoersdato = *overgang->TidligPensionOphoersdato;
    }
    if (const auto *kompensation = item->Kompensationsudbetaling)
      forloeb.kompensationsafgoerelsesdato = kompensation->Kompensationsafgoerelsesdato;
  }
  proxy.destroy();
  return found;
}

void PensionClient::check(int status) {
  if (status == SOAP_OK) return;
  const auto *fault = proxy.soap_fault();
  const auto *details = fault && fault->detail ? fault->detail->fd__FaultDetails_ : nullptr;
  const auto text = [](const std::string *value) { return value ? *value : std::string(); };
  if (details && details->ErrorCode) {
    PensionFault refusal(*details->ErrorCode, proxy.soap_fault_string(), text(details->Message), text(details->Source));
    proxy.destroy();
    throw refusal;
  }
  // No answer, or not a refusal by the catalogue.
  char reason[1024];
  std::runtime_error error(proxy.soap_sprint_fault(reason, sizeof reason));
  proxy.destroy();
  throw error;
}

clb__CodeListItemIdentifierType *PensionClient::code(int number) {
  auto *code = soap_new_clb__CodeListItemIdentifierType(proxy.soap);
  code->CodeListItemIdentifier = number;
  return code;
}
