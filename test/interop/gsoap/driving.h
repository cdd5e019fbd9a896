// What both drivers share: reading lines, doing what each says, and saying in JSON what came of it.
#pragma once

#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>

using Given = std::map<std::string, std::string>;

inline std::string quoted(const std::string &text) {
  std::string json = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c == '\n' ? ' ' : c;
  }
  return json + "\"";
}

inline std::optional<std::string> optional(const Given &given, const std::string &name) {
  const auto found = given.find(name);
  return found == given.end() ? std::nullopt : std::optional(found->second);
}

/** Answers every line of stdin by `call`, which throws a `Fault` where it is refused. */
template <typename Fault, typename Call>
void answer(Call call) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string verb, word;
    words >> verb;
    Given given;
    while (words >> word) given[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    std::string outcome;
    try {
      outcome = call(verb, given);
    } catch (const Fault &fault) {
      outcome = "{\"fault\":" + std::to_string(fault.code) + ",\"text\":" + quoted(fault.text) +
                ",\"message\":" + quoted(fault.message) + ",\"source\":" + quoted(fault.source) + "}";
    } catch (const std::exception &error) {
      outcome = "{\"error\":" + quoted(error.what()) + "}";
    }
    std::cout << outcome << std::endl;
  }
}
