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
  /// verify; see leave_to_application(). Takes back what was set for an earlier service. False where there is no memory.
  [[nodiscard]] bool set(SSL* ssl, const Lookup& lookup, const std::string& server_name);

  /// SNI alone.
  [[nodiscard]] bool set_server_name(SSL* ssl, const std::string& name);

  /// True where the host or address to verify is ours. The application may have set an address beside our host: where records
  /// decide, OpenSSL verifies both.
  [[nodiscard]] bool verified_name_is_ours() const { return !m_verified.empty(); }

  /// To be called on the parameters of a verification that is the application's alone. Where it has set an address to verify,
  /// our host goes. That is not looked for before, because OpenSSL's answer "none" is an error in its queue, which costs every
  /// handshake more than all that is done with it.
  [[nodiscard]] bool leave_to_application(X509_VERIFY_PARAM* param) const;

  /// Takes back what was set for an earlier service.
  void take_back(SSL* ssl);

  /// Sets the SNI that the application has set, so that it is sent whatever else OpenSSL would take.
  [[nodiscard]] static bool confirm_server_name(SSL* ssl, const std::string& name);

 private:
  std::string m_server_name;  // the SNI that we set last
  std::string m_verified;     // the host or address that we set; empty: the application's, or none
  bool m_address = false;     // m_verified is an address
};

}  // namespace danelaw::hook
