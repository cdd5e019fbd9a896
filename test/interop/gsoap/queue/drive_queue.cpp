// Drives the sample client of the queue from lines on stdin, for the interop tests: an outcome in JSON for each line.
#include "../driving.h"
#include "queue_client.h"

/** The sample client, able to leave SequenceRequest out. */
class Driven : public QueueClient {
 public:
  using QueueClient::QueueClient;
  using QueueClient::context;
  bool without = false;

 protected:
  void set_headers(const std::string *sequence) override { QueueClient::set_headers(without ? nullptr : sequence); }
};

static std::string member(const std::string &name, const std::string &text) {
  return "\"" + name + "\":" + quoted(text) + ",";
}

static std::string item(const wsrm__ServiceItemType &item) {
  return "{" + member("service", item.ServiceName) + member("endpoint", item.ServiceEndpoint) +
         "\"count\":" + std::to_string(item.MessageCount) + "}";
}

static std::string by(const rum__RequestUserMetadataType &metadata) {
  const auto &user = *metadata.rus__RequestUserStructure;
  const auto &organisation = *metadata.ros__RequestOrganisationStructure;
  return "{" + member("name", user.UserFullName) + member("user", user.UserIdentifier) +
         member("organisation", organisation.OrganisationCode) + member("registered", metadata.RegistrationDateTime) +
         "\"userType\":" + std::to_string(user.rut__RequestUserTypeIdentifier->CodeListItemIdentifier) +
         ",\"organisationType\":" + std::to_string(organisation.OrganisationTypeIdentifier->CodeListItemIdentifier) + "}";
}

static std::string besked(struct soap *context, const wm__TidligPensionRegistrationType &found) {
  std::string json = "{" + member("message", found.MessageIdentifier) + member("event", found.EventDate) +
                     member("type", soap_wm__RegistrationTypeType2s(context, found.RegistrationType)) +
                     member("personnummer", found.Personnummer) + member("guid", found.TidligPensionIdentifier);
  if (const auto *overgang = found.OvergangTilTidligPension) {
    json += member("overgang", overgang->TidligPensionOvergangsdato);
    json += member("afgoerelse", overgang->TidligPensionAfgoerelsesdato);
    if (overgang->TidligPensionOphoersdato) json += member("ophoer", *overgang->TidligPensionOphoersdato);
  }
  if (const auto *kompensation = found.Kompensationsudbetaling)
    json += member("kompensation", kompensation->Kompensationsafgoerelsesdato);
  return json + "\"by\":" + by(*found.RequestUserMetadata) + "}";
}

static std::string outcome(Driven &client, const std::string &verb, const Given &given) {
  client.release();
  client.without = given.count("without") > 0;
  std::string list;
  if (verb == "create") {
    const auto &opened = client.create();
    for (const auto *found : opened.ServiceInventoryCollection->ServiceItem)
      list += (list.empty() ? "" : ",") + item(*found);
    return "{" + member("sequence", opened.Identifier) + "\"inventory\":[" + list + "]}";
  }
  if (verb == "fetch") {
    for (const auto *found : client.fetch(given.at("sequence")).TidligPensionRegistration)
      list += (list.empty() ? "" : ",") + besked(client.context, *found);
    return "{" + member("sequence", client.fetched_sequence()) + "\"beskeder\":[" + list + "]}";
  }
  const auto sequence = verb == "close" ? client.close(given.at("sequence")) : client.terminate(given.at("sequence"));
  return "{\"sequence\":" + quoted(sequence) + "}";
}

int main(int, char **args) {
  Driven client(args[1], args[2], args[3], args[4], std::stoi(args[5]), args[6]);
  answer<QueueFault>([&](auto &verb, auto &given) { return outcome(client, verb, given); });
}
