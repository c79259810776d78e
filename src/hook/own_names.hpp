// The names that we put on an SSL, remembered so that they can be taken back when another service is named,
// and so that nothing of the application's is touched.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "hook/lookup.hpp"

namespace danelaw::hook {

class OwnNames final {
 public:
  /// Sets SNI and, unless the profile verifies no names of its own accord or the application has named a host, the host to
  /// verify. An address that the application has named stays beside it: OpenSSL verifies both. For a service that is an
  /// address it stays alone. Takes back what was set for an earlier service. False where there is no memory.
  [[nodiscard]] bool set(SSL* ssl, const Lookup& lookup, const std::string& server_name);

  /// SNI alone.
  [[nodiscard]] bool set_server_name(SSL* ssl, const std::string& name);

  /// True where the host to verify is the one that we set, and the application has not named another since.
  [[nodiscard]] bool verified_host_is_ours(SSL* ssl) const;

  /// Takes back what was set for an earlier service.
  void take_back(SSL* ssl);

  /// Sets the SNI that the application has set, so that it is sent whatever else OpenSSL would take.
  [[nodiscard]] static bool confirm_server_name(SSL* ssl, const std::string& name);

 private:
  std::string m_server_name;  // the SNI that we set last
  std::string m_verified;     // the host or address that we set; empty: the application's, or none
};

}  // namespace danelaw::hook
