// The names that we put on an SSL, remembered so that they can be taken back when another service is named,
// and so that nothing of the application's is touched.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "verify/plan.hpp"

namespace danelaw::hook {

class OwnNames final {
 public:
  /// Sets SNI and, unless the profile verifies no names of its own accord or the application has named
  /// something, the host to verify. Takes back what was set for an earlier service. False where there is no
  /// memory.
  [[nodiscard]] bool set(SSL* ssl, const verify::Service& service, const std::string& server_name,
                         verify::Profile profile);

  /// SNI alone.
  [[nodiscard]] bool set_server_name(SSL* ssl, const std::string& name);

  /// True where the name to verify is ours, not the application's.
  [[nodiscard]] bool verified_name_is_ours() const { return !m_verified.empty(); }

  /// Takes back what was set for an earlier service.
  void take_back(SSL* ssl);

  /// Sets the SNI that the application has set, so that it is sent whatever else OpenSSL would take.
  [[nodiscard]] static bool confirm_server_name(SSL* ssl, const std::string& name);

 private:
  std::string m_server_name;  // the SNI that we set last
  std::string m_verified;     // the host or address that we set; empty: the application's, or none
};

}  // namespace danelaw::hook
