// Plain text protocols up to the octet where TLS begins (RFC 3207, 2595, 4217, 6120, 4511; PostgreSQL's
// SSLRequest).
//
// Strict: a server that does not offer TLS, refuses it, or says anything after its go-ahead is an error,
// because that is what a man in the middle would make it look like. Nothing is ever sent that could follow in
// plain text.
#pragma once

#include <string>
#include <string_view>

#include "wire.hpp"

namespace danelaw::cli {

struct StartTls {
  std::string_view name;  ///< as --starttls takes it
  unsigned default_port;
  void (*dialogue)(Wire& wire, const std::string& host);
};

/// Null for an unknown name.
[[nodiscard]] const StartTls* find_starttls(std::string_view name);
/// "smtp, imap ...", for people.
[[nodiscard]] std::string starttls_names();
/// The protocol whose own port that is; none for others.
[[nodiscard]] const StartTls* starttls_at(unsigned port);

/// Speaks until TLS may begin. Throws a WireError.
void start_tls(const StartTls& protocol, Wire& wire, const std::string& host);

}  // namespace danelaw::cli
