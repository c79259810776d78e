// Where a resolver is reached: an IP address, for IPv6 perhaps with a zone ("fe80::1%eth0"), and a port.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace danelaw::dns {

/// How many an engine takes.
inline constexpr std::size_t max_resolvers = 16;

struct ResolverAddress {
  static constexpr std::uint16_t dns_port = 53;

  std::string ip;
  std::string zone;  ///< RFC 4007 section 11; empty for none
  std::uint16_t port = dns_port;

  /// `IP[%ZONE][@PORT]`; Fault::Setting where it is none.
  static Result<ResolverAddress> from_text(std::string_view text);

  [[nodiscard]] bool is_ipv6() const { return ip.find(':') != std::string::npos; }
  [[nodiscard]] std::string to_text() const;  ///< from_text() of it gives the same again
  friend bool operator==(const ResolverAddress&, const ResolverAddress&) = default;
};

}  // namespace danelaw::dns
