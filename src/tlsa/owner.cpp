#include "tlsa/owner.hpp"

#include <string>

namespace danelaw::tlsa {

std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::Tcp:
      return "tcp";
    case Transport::Udp:
      return "udp";
    case Transport::Sctp:
      return "sctp";
  }
  return "tcp";
}

std::optional<Transport> transport_from_text(std::string_view text) {
  for (const Transport transport : {Transport::Tcp, Transport::Udp, Transport::Sctp}) {
    if (text == to_string(transport)) return transport;
  }
  return std::nullopt;
}

Result<DnsName> owner_name(std::uint16_t port, Transport transport, const DnsName& base_domain) {
  if (port == 0) return Problem{Fault::Port, "0 is no port that a service can have (1 to 65535)"};
  // RFC 6698 section 3: the port in decimal without leading zeros, then the transport, each behind an
  // underscore.
  const auto below_transport = base_domain.child("_" + std::string(to_string(transport)));
  if (!below_transport) return below_transport.problem();
  return below_transport->child("_" + std::to_string(port));
}

}  // namespace danelaw::tlsa
