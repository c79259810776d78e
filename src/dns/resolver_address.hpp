// Where a resolver is reached, and over what: an IP address, for IPv6 perhaps with a zone ("fe80::1%eth0"), and a port; over TLS also
// who must be there.
//
// Whoever is asked over TLS is always authenticated, and never asked in the clear: another way to the same resolver is another
// address (RFC 8310 section 5, strict usage profile).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace danelaw::dns {

/// How many an engine takes.
inline constexpr std::size_t max_resolvers = 16;

/// By whom a resolver over TLS is known: one of the two.
struct TlsPeer {
  std::string name = {};  ///< authentication domain name (RFC 8310 section 2), without a trailing dot
  Buffer pin = {};        ///< SHA-256 of its SubjectPublicKeyInfo (RFC 7858 section 4.2)
  friend bool operator==(const TlsPeer&, const TlsPeer&) = default;
};

struct ResolverAddress {
  static constexpr std::uint16_t dns_port = 53;
  static constexpr std::uint16_t dns_over_tls_port = 853;
  /// What from_text() takes, for people.
  static constexpr std::string_view syntax =
      "IP[@PORT], tls://IP[@PORT]/NAME or tls://IP[@PORT]/pin-sha256=BASE64";

  std::string ip;
  std::string zone = {};  ///< RFC 4007 section 11; empty for none
  std::uint16_t port = dns_port;
  std::optional<TlsPeer> tls = {};  ///< nothing: over UDP and TCP

  /// `IP[%ZONE][@PORT]`, or the same between `tls://` and `/` with the peer behind it; Fault::Setting where it is none.
  static Result<ResolverAddress> from_text(std::string_view text);

  [[nodiscard]] bool is_ipv6() const { return ip.find(':') != std::string::npos; }
  [[nodiscard]] std::string to_text() const;  ///< from_text() of it gives the same again
  friend bool operator==(const ResolverAddress&, const ResolverAddress&) = default;
};

}  // namespace danelaw::dns
