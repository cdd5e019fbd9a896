// Reports a forløb, reads it back and is refused another that overlaps it.
#include <iostream>

#include "pension_client.h"

/** Arguments: URL, identity (certificate and key in one PEM file), CA, organisation type and code. */
int main(int, char **args) {
  std::string personnummer, identifier;  // not arguments: those stand in the process list
  std::cin >> personnummer >> identifier;

  PensionClient client(args[1], args[2], args[3], std::stoi(args[4]), args[5]);
  // Make the identifier yourself: a call that is sent again after a lost answer then overwrites itself.
  Forloeb forloeb{identifier, Overgang{"2026-02-01", "2026-01-12", {}}, {}};
  std::cout << "saved " << client.save(personnummer, forloeb) << "\n";
  for (const auto &found : client.get(personnummer))
    std::cout << "read " << *found.identifier << " " << found.overgang->overgangsdato << "\n";
  forloeb.identifier.reset();
  try {
    client.save(personnummer, forloeb);
  } catch (const PensionFault &fault) {
    std::cout << "refused " << fault.code << " " << fault.message << "\n";
  }
}
