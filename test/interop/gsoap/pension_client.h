// PensionService from C++ with gSOAP: sign in with a certificate, report a forløb, read a citizen's forløb.
#pragma once

#include <ctime>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "soapPensionServiceBindingProxy.h"

/** The decision on the transition. */
struct Overgang {
  std::string overgangsdato;
  std::string afgoerelsesdato;
  std::optional<std::string> ophoersdato;
};

/** The whole state of one forløb. Dates are text, "2026-02-01". */
struct Forloeb {
  std::optional<std::string> identifier;
  std::optional<Overgang> overgang;
  std::optional<std::string> kompensationsafgoerelsesdato;
};

/** A refusal by the service. Decide on `code`; quote `source` when you ask about it. */
struct PensionFault : std::runtime_error {
  PensionFault(int code, const std::string &text, const std::string &message, const std::string &source)
      : std::runtime_error(std::to_string(code) + " " + text), code(code), text(text), message(message), source(source) {}
  int code;
  std::string text, message, source;
};

class PensionClient {
 public:
  /** `identity` is one PEM file with the certificate and its key: cat NAME.pem NAME.key. Null signs in with none. */
  PensionClient(const std::string &url, const char *identity, const char *ca, int organisation_type,
                const std::string &organisation_code);
  virtual ~PensionClient() = default;

  /** Reports a forløb and returns its identifier. What is left out is gone. */
  std::string save(const std::string &personnummer, const Forloeb &forloeb);

  /** Reads the citizen's forløb; no forløb is an empty list. */
  std::vector<Forloeb> get(const std::string &personnummer);

 protected:
  /** Puts both headers on the next call. Everything that is made for a call lives in the context until destroy(). */
  virtual void set_headers();
  /** RegistrationDateTime of the next call. */
  virtual std::string now() const;
  PensionServiceBindingProxy proxy;

 private:
  void check(int status);
  clb__CodeListItemIdentifierType *code(int number);

  const std::string url;
  const int organisation_type;
  const std::string organisation_code;
};
