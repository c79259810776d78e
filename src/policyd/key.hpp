// What Postfix asks its TLS policy table for: the next hop as it is written in a transport, or the recipient's domain, and
// then the parents of that as ".example.com" (postconf(5), smtp_tls_policy_maps).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace danelaw::policyd {

struct Key {
  std::string
      next_hop;  ///< for danelaw_smtp_begin(), in lower case; empty: nobody is asked, there is no policy
  bool is_domain =
      false;  ///< a domain whose MX records decide, at port 25: MTA-STS can apply (RFC 8461 section 2)
};

/// Whether `next_hop` names anything that mail can be sent to is for the library to say.
[[nodiscard]] Key key_of(std::string_view text);

}  // namespace danelaw::policyd
