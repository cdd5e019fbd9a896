// Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line.
#include "driving.h"
#include "pension_client.h"

/** The sample client, able to leave a header out and to have registered at another time. */
class Driven : public PensionClient {
 public:
  using PensionClient::PensionClient;
  std::string without;
  std::optional<std::string> registered;

 protected:
  std::string now() const override { return registered.value_or(PensionClient::now()); }

  void set_headers() override {
    PensionClient::set_headers();
    auto *header = proxy.soap_header();
    if (without == "ActiveOrganisationHeader") header->aoh__ActiveOrganisationHeader = nullptr;
    if (without == "RequestUserMetadataHeader") header->rum__RequestUserMetadataHeader = nullptr;
  }
};

static Forloeb forloeb(const Given &given) {
  Forloeb said{optional(given, "guid"), {}, optional(given, "kompensation")};
  if (given.count("overgang"))
    said.overgang = Overgang{given.at("overgang"), given.at("afgoerelse"), optional(given, "ophoer")};
  return said;
}

static std::string json(const Forloeb &forloeb) {
  std::string found = "{\"guid\":" + quoted(*forloeb.identifier);
  if (forloeb.overgang) {
    found += ",\"overgang\":" + quoted(forloeb.overgang->overgangsdato);
    found += ",\"afgoerelse\":" + quoted(forloeb.overgang->afgoerelsesdato);
    if (forloeb.overgang->ophoersdato) found += ",\"ophoer\":" + quoted(*forloeb.overgang->ophoersdato);
  }
  if (forloeb.kompensationsafgoerelsesdato)
    found += ",\"kompensation\":" + quoted(*forloeb.kompensationsafgoerelsesdato);
  return found + "}";
}

static std::string outcome(Driven &client, const std::string &verb, const Given &given) {
  client.without = optional(given, "without").value_or("");
  client.registered = optional(given, "registered");
  const std::string &personnummer = given.at("personnummer");
  if (verb == "save") return "{\"guid\":" + quoted(client.save(personnummer, forloeb(given))) + "}";
  std::string list;
  for (const auto &found : client.get(personnummer)) list += (list.empty() ? "" : ",") + json(found);
  return "{\"list\":[" + list + "]}";
}

int main(int, char **args) {
  const std::string identity = args[2];
  Driven client(args[1], identity == "-" ? nullptr : args[2], args[3], std::stoi(args[4]), args[5]);
  answer<PensionFault>([&](auto &verb, auto &given) { return outcome(client, verb, given); });
}
