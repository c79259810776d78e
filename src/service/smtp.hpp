// Mail by RFC 7672: the MX hosts of a next hop with the TLS that each requires.
#pragma once

#include <memory>
#include <vector>

#include "service/next_hop.hpp"
#include "service/route_search.hpp"

namespace danelaw::service {

struct SmtpQuestion {
  NextHop next_hop;
  verify::Policy policy;  ///< its profile is smtp, whatever it says
  InsecureMx insecure_mx = InsecureMx::May;
  std::vector<DnsName> never_asked;
  Random random;
};

[[nodiscard]] std::unique_ptr<const Itinerary> smtp_itinerary(SmtpQuestion question);

}  // namespace danelaw::service
