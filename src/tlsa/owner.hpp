// The owner name of a TLSA RRset: _port._transport.base (RFC 6698 section 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/dns_name.hpp"
#include "base/result.hpp"

namespace danelaw::tlsa {

enum class Transport { Tcp, Udp, Sctp };
[[nodiscard]] std::string_view to_string(Transport transport);  ///< "tcp", "udp", "sctp"
[[nodiscard]] std::optional<Transport> transport_from_text(std::string_view text);

/// Fails where the port is 0 and where the name grows past DNS's limits.
[[nodiscard]] Result<DnsName> owner_name(std::uint16_t port, Transport transport, const DnsName& base_domain);

}  // namespace danelaw::tlsa
