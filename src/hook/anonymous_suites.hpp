// Cipher suites without a certificate (aNULL), withdrawn from the ClientHello while a record has to be
// matched or may have to be: RFC 7672 section 8 has a client that authenticates not offer them, and a server
// that has a certificate then shows it. Only suites of TLS 1.2 and before can be anonymous.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace danelaw::hook {

class AnonymousSuites final {
 public:
  /// Whether the SSL's list has any. OpenSSL's own rules leave them out of the ClientHello above security level 0.
  [[nodiscard]] static bool are_listed(SSL* ssl);
  /// Where nothing is left to offer, the suites stay: the handshake is then ended when it is done.
  void withdraw(SSL* ssl);
  /// Restores what withdraw() found, unless somebody has set another list since.
  void give_back(SSL* ssl);

 private:
  std::string m_before;
  std::string m_withdrawn;
};

}  // namespace danelaw::hook
