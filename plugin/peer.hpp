// Whom a handshake is with, as far as the program lets us see.
//
// RFC 6698 section 3 wants host, port and transport. A name or a port that is not known for sure is not made up: then
// DANE does not apply, which mandatory mode refuses.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "danelaw/openssl.h"

namespace danelaw::plugin {

struct Peer {
  std::string host;   ///< a DNS name or an IP literal; empty: unknown
  unsigned port = 0;  ///< 0: unknown
  danelaw_transport transport = DANELAW_TRANSPORT_TCP;

  [[nodiscard]] bool is_known() const { return !host.empty() && port != 0; }
};

/// Whether the resolver's own connections lead there.
using IsResolver = std::function<bool(const std::string& ip, unsigned port)>;

/// What `ssl` itself shows: SNI or else the name to verify, and the port of the socket under it. Without a socket under it
/// the port is known only where every TCP connection that the process made leads to the same. The port of a proxy that the
/// environment names is not the service's (proxies.hpp).
[[nodiscard]] Peer peer_of(SSL* ssl, const IsResolver& is_resolver);

}  // namespace danelaw::plugin
