// What an answer about MX or SRV means for a client: which hosts, in which order, and how far they can be trusted. Pure:
// no I/O; RFC 5321 section 5.1, RFC 7505, RFC 2782, RFC 7672 section 2.2.1, RFC 7673 section 3.
//
// A host whose name cannot be one is kept, so that it can be shown, and marked: nobody may connect to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "dns/answer.hpp"

namespace danelaw::service {

/// How the hosts were come by.
enum class Standing {
  Direct,    ///< configured, or an address: no question was put
  Secure,    ///< by validated records, or their validated denial
  Insecure,  ///< an attacker may have chosen them
};
[[nodiscard]] std::string_view to_string(Standing standing);  ///< "direct", "secure", "insecure"

struct Candidate {
  std::string host;  ///< a name, or the address that was configured
  std::uint16_t port = 0;
  std::uint16_t preference = 0;  ///< MX preference or SRV priority: the smaller, the earlier
  std::uint16_t weight = 0;      ///< SRV only
  bool is_host_name = true;      ///< false: no client can connect to such a name
};

/// There are hosts to try, or it can be said that there are none.
struct Referral {
  Standing standing = Standing::Insecure;
  bool implicit = false;  ///< no MX record: the domain is its own mail host
  DnsName expanded;       ///< the domain at the end of its aliases
  std::vector<Candidate> candidates;
  std::size_t left_out = 0;  ///< records past the limit, and ones that could not be read
  EpochSeconds expires = 0;
  std::string reason;  ///< what is unsigned, for people; empty unless insecure
};
/// No hosts. Default-constructed it is a failure to know.
struct NoReferral {
  enum class Why {
    Unknown,    ///< the lookup failed: try later (RFC 7672 section 2.1)
    NoService,  ///< the domain says that it takes no mail, or does not offer the service (RFC 7505, RFC 2782)
    NoSuchDomain,  ///< there is no such name
    NoRecords,     ///< SRV: the service is not announced
  };
  Why why = Why::Unknown;
  std::string code = "error";  ///< stable word
  std::string reason;          ///< for people
};
using ReferralResult = std::variant<NoReferral, Referral>;

/// A number below its argument, which is not 0; for spreading load, not for secrets.
using Random = std::function<std::uint32_t(std::uint32_t)>;

/// Hosts that are considered, best first. The rest of a larger set is left out, and counted.
inline constexpr std::size_t max_candidates = 64;

/// Hosts of equal preference come in random order (RFC 5321 section 5.1).
[[nodiscard]] ReferralResult mx_referral(const DnsName& domain, std::uint16_t port, const dns::Answer& answer,
                                         const Random& random);
/// Targets of equal priority come in an order that their weights bias (RFC 2782).
[[nodiscard]] ReferralResult srv_referral(const dns::Answer& answer, const Random& random);

}  // namespace danelaw::service
