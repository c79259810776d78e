// Where mail is sent next, as postmasters write it: a domain whose MX records decide, or a host that was configured.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "verify/plan.hpp"

namespace danelaw::service {

struct NextHop {
  enum class Kind {
    Domain,   ///< subject to MX resolution (RFC 5321 section 5.1)
    Host,     ///< "[relay.example]": no MX lookup, DANE as RFC 7672 section 2.2.2 says
    Address,  ///< an IP address: no DNS, no DANE
  };
  Kind kind = Kind::Domain;
  verify::Service service;
};

/// "example.com", "[relay.example.com]", "[192.0.2.1]", "[IPv6:2001:db8::1]", bare addresses; each but a bare IPv6 address
/// with ":PORT" after it if need be. Fails with Fault::Name or Fault::Port.
Result<NextHop> parse_next_hop(std::string_view text, unsigned long default_port);

}  // namespace danelaw::service
