// The services that records are for: HOST[:PORT][/TRANSPORT] on the command line, and the owner of their records (RFC 6698
// section 3).
#pragma once

#include <string>

namespace danelaw::cli {

struct TlsaService {
  std::string host;  ///< A-labels in lower case, without a trailing dot
  unsigned port = 0;
  std::string transport = "tcp";

  friend bool operator==(const TlsaService&, const TlsaService&) = default;
  /// "_443._tcp.www.example.com", without a trailing dot.
  [[nodiscard]] std::string owner() const;
};

/// Throws a Failure with Exit::Usage.
[[nodiscard]] TlsaService parse_service(const std::string& text, unsigned default_port);

}  // namespace danelaw::cli
