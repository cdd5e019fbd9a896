// The queue of an a-kasse from C++ with gSOAP: open a sequence, fetch its beskeder, terminate or close it.
#pragma once

#include <ctime>
#include <stdexcept>
#include <string>

#include "soapWsrmMessageServiceBindingProxy.h"
#include "soapWsrmServiceBindingProxy.h"

/** A refusal by the service. Decide on `code`; quote `source` when you ask about it. */
struct QueueFault : std::runtime_error {
  QueueFault(int code, const std::string &text, const std::string &message, const std::string &source)
      : std::runtime_error(std::to_string(code) + " " + text), code(code), text(text), message(message), source(source) {}
  int code;
  std::string text, message, source;
};

/** Every answer lives in the context of this client: until release(), or until the client is gone. */
class QueueClient {
 public:
  /** `identity` is one PEM file with the certificate and its key: cat NAME.pem NAME.key. */
  QueueClient(const std::string &wsrm_url, const std::string &message_url, const char *identity, const char *ca,
              int organisation_type, const std::string &organisation_code);
  virtual ~QueueClient();

  /** Opens a sequence: its identifier, and how many beskeder each operation has for it. */
  wsrm__CreateSequenceResponseType &create();
  /** Every besked of the sequence. */
  wm__GetTidligPensionVersion1ResponseType &fetch(const std::string &identifier);
  /** Of which sequence they are, by the header of the answer. Valid until the next call. */
  std::string fetched_sequence() const;
  /** Breaks off: the same beskeder come again in the next sequence. */
  std::string close(const std::string &identifier);
  /** All received and stored: the beskeder leave the queue. */
  std::string terminate(const std::string &identifier);
  /** Lets go of what the answers hold. */
  void release();

 protected:
  /** Puts the headers on the next call; null leaves SequenceRequest out. */
  virtual void set_headers(const std::string *sequence);
  struct soap *context;

 private:
  void check(int status);
  clb__CodeListItemIdentifierType *code(int number);

  WsrmServiceBindingProxy wsrm;
  WsrmMessageServiceBindingProxy messages;
  const std::string wsrm_url, message_url;
  const int organisation_type;
  const std::string organisation_code;
};
