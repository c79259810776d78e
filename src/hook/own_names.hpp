// The names that we put on an SSL, remembered so that they can be taken back when another service is named,
// and so that nothing of the application's is touched.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "hook/lookup.hpp"

namespace danelaw::hook {

/// What an address means that the application has had OpenSSL verify before the service was named, and no host.
enum class OwnAddress {
  Alone,  ///< what this peer is known by: our host does not come beside it
  Beside,  ///< one check more. To ask for it costs an error in OpenSSL's queue, so whoever names services is not asked
};

class OwnNames final {
 public:
  /// Sets SNI and, unless the profile verifies no names of its own accord or the application has named a host, the service's
  /// host or address to verify. Takes back what was set for an earlier service. False where there is no memory.
  [[nodiscard]] bool set(SSL* ssl, const Lookup& lookup, const std::string& server_name,
                         OwnAddress own_address);

  /// SNI alone.
  [[nodiscard]] bool set_server_name(SSL* ssl, const std::string& name);

  /// True where we have set a host or an address to verify.
  [[nodiscard]] bool has_set_verified_name() const { return !m_verified.empty(); }
  /// True where the only host to verify is the one that we set: the application has named none since.
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
