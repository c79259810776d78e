// Services that are found by SRV records, by RFC 7673: submission, IMAP, XMPP and the like.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "service/route_search.hpp"

namespace danelaw::service {

struct SrvQuestion {
  DnsName domain;  ///< the service domain: what the user typed
  DnsName owner;   ///< _service._proto.domain
  tlsa::Transport transport = tlsa::Transport::Tcp;
  verify::Policy policy;  ///< its profile is srv, whatever it says
  std::vector<DnsName> never_asked;
  Random random;
};

/// `service` is RFC 6335's name ("imaps", "xmpp-client"), with or without the underscore of RFC 2782. Fails with Fault::Name.
Result<DnsName> srv_owner(std::string_view service, tlsa::Transport transport, const DnsName& domain);

[[nodiscard]] std::unique_ptr<const Itinerary> srv_itinerary(SrvQuestion question);

}  // namespace danelaw::service
