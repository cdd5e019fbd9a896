// Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line.
#include <iostream>
#include <map>
#include <sstream>

#include "pension_client.h"

using Given = std::map<std::string, std::string>;

/** The sample client, able to leave a header out. */
class Driven : public PensionClient {
 public:
  using PensionClient::PensionClient;
  std::string without;

 protected:
  void set_headers() override {
    PensionClient::set_headers();
    auto *header = proxy.soap_header();
    if (without == "ActiveOrganisationHeader") header->aoh__ActiveOrganisationHeader = nullptr;
    if (without == "RequestUserMetadataHeader") header->rum__RequestUserMetadataHeader = nullptr;
  }
};

static std::string quoted(const std::string &text) {
  std::string json = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c == '\n' ? ' ' : c;
  }
  return json + "\"";
}

static std::optional<std::string> optional(const Given &given, const std::string &name) {
  const auto found = given.find(name);
  return found == given.end() ? std::nullopt : std::optional(found->second);
}

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

static std::string outcome(Driven &client, const std::string &line) {
  std::istringstream words(line);
  std::string verb, word;
  words >> verb;
  Given given;
  while (words >> word) given[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  client.without = optional(given, "without").value_or("");
  try {
    if (verb == "save") return "{\"guid\":" + quoted(client.save(given["personnummer"], forloeb(given))) + "}";
    std::string list;
    for (const auto &found : client.get(given["personnummer"])) list += (list.empty() ? "" : ",") + json(found);
    return "{\"list\":[" + list + "]}";
  } catch (const PensionFault &fault) {
    return "{\"fault\":" + std::to_string(fault.code) + ",\"text\":" + quoted(fault.text) +
           ",\"message\":" + quoted(fault.message) + ",\"source\":" + quoted(fault.source) + "}";
  } catch (const std::exception &error) {
    return "{\"error\":" + quoted(error.what()) + "}";
  }
}

int main(int, char **args) {
  const std::string identity = args[2];
  Driven client(args[1], identity == "-" ? nullptr : args[2], args[3], std::stoi(args[4]), args[5]);
  for (std::string line; std::getline(std::cin, line);) std::cout << outcome(client, line) << std::endl;
}
