// MX and SRV in words (RFC 5321 section 5.1, RFC 7505, RFC 2782).
#include <fmt/format.h>

#include "explanation.hpp"
#include "rdata_host.hpp"

namespace danelaw::cli {

Explanation explain_mx(Octets rdata) {
  const auto mx = mx_of_rdata(rdata);
  if (!mx) return malformed("MX", "no preference and name as RFC 1035 section 3.3.9 has them");
  Explanation explanation;
  const bool is_null = mx->exchange == ".";
  explanation.object = {
      {"type", "MX"}, {"preference", mx->preference}, {"exchange", mx->exchange}, {"null", is_null}};
  if (!is_null) {
    explanation.lines = {fmt::format("mail goes to {}; hosts with a smaller preference than {} come first",
                                     mx->exchange, mx->preference)};
    return explanation;
  }
  explanation.lines = {"null MX: the domain takes no mail (RFC 7505)"};
  if (mx->preference != 0) explanation.lines.emplace_back("its preference should be 0 (RFC 7505 section 3)");
  return explanation;
}

Explanation explain_mx_set(std::span<const std::string> rdatas) {
  bool has_null = false;
  bool has_host = false;
  for (const std::string& rdata : rdatas) {
    const std::vector<std::uint8_t> octets(rdata.begin(), rdata.end());
    const auto mx = mx_of_rdata(octets);
    if (mx) (mx->exchange == "." ? has_null : has_host) = true;
  }
  Explanation explanation;
  const bool contradicts = has_null && has_host;
  explanation.object = {{"null_beside_hosts", contradicts}};
  if (contradicts)
    explanation.lines = {"a null MX beside others: RFC 7505 section 3 forbids it; senders may do either"};
  return explanation;
}

Explanation explain_srv(Octets rdata) {
  const auto srv = srv_of_rdata(rdata);
  if (!srv) return malformed("SRV", "no priority, weight, port and name as RFC 2782 has them");
  Explanation explanation;
  const bool is_none = srv->target == ".";
  explanation.object = {{"type", "SRV"},     {"priority", srv->priority}, {"weight", srv->weight},
                        {"port", srv->port}, {"target", srv->target},     {"available", !is_none}};
  if (is_none) {
    explanation.lines = {"the service is decidedly not available at this domain (RFC 2782)"};
    return explanation;
  }
  explanation.lines = {
      fmt::format("the service is at {} port {}; smaller priorities than {} come first", srv->target,
                  srv->port, srv->priority),
      srv->weight == 0
          ? "weight 0: among equal priorities hardly ever the first, where others have a weight"
          : fmt::format("among equal priorities it is chosen first in proportion to its weight, {}",
                        srv->weight)};
  return explanation;
}

}  // namespace danelaw::cli
