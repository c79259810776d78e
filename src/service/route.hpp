// The way to a mail domain or an SRV service: hosts in the order in which they are to be tried, each with the TLS that it
// requires. Immutable once made; no DNS in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/referral.hpp"
#include "verify/plan.hpp"

namespace danelaw::service {

/// Default-constructed it refuses.
enum class Requirement {
  DoNotUse,       ///< not now
  Authenticate,   ///< TLS, and the peer must match the plan's records
  Encrypt,        ///< TLS, the peer is not authenticated; never cleartext (RFC 7672 section 2.2)
  Verify,         ///< TLS, and the application's own verification decides (RFC 7673 section 4)
  Opportunistic,  ///< DANE asks for nothing: opportunistic TLS (smtp), the application's policy (srv)
};
[[nodiscard]] std::string_view to_string(Requirement requirement);  ///< "do-not-use", "authenticate" …

/// What an insecure MX RRset leaves of DANE for the hosts in it (RFC 7672 section 2.2.1).
enum class InsecureMx {
  May,      ///< nothing: opportunistic TLS
  Encrypt,  ///< a host with TLSA records must have TLS; it is not authenticated
  Dane,  ///< a host with usable TLSA records must match them, by its own name; that says nothing of the domain
};

struct RouteHost {
  std::string name;  ///< where to connect to: a host name, or an IP address
  std::uint16_t port = 0;
  std::uint16_t preference = 0;
  std::uint16_t weight = 0;
  Requirement requirement = Requirement::DoNotUse;
  std::string code;    ///< stable word: why it is so
  std::string reason;  ///< for people
  /// What the handshake needs. Never null.
  verify::SharedPlan plan;
  /// True where a peer that is authenticated by the plan is authentic for the domain; false where an attacker may have
  /// chosen the host.
  bool speaks_for_domain = false;
};

/// What is to be done for the domain as a whole.
enum class RouteState {
  Defer,    ///< nothing can be done now: try again later
  Usable,   ///< at least one host may be tried
  NoHosts,  ///< for good: null MX, no such domain, service not offered
};
[[nodiscard]] std::string_view to_string(RouteState state);  ///< "defer", "usable", "no-hosts"

struct Route {
  std::string domain;
  RouteState state = RouteState::Defer;
  std::string code;    ///< stable word; empty where usable
  std::string reason;  ///< for people
  Standing standing = Standing::Insecure;
  bool implicit = false;
  std::vector<RouteHost> hosts;
  std::size_t left_out = 0;
  EpochSeconds expires = 0;  ///< from when on it should be made again
};

/// How long a route lasts at least, whatever a TTL says: one delivery attempt, which is the transaction for which an answer
/// with a TTL of 0 may be used (RFC 1035 section 3.2.1).
inline constexpr EpochSeconds attempt_seconds = 60;

/// What the table of outcomes asks of a host with this plan.
[[nodiscard]] Requirement requirement_of(const verify::Plan& plan);

/// A host of a route, judged by its plan.
[[nodiscard]] RouteHost route_host(const Candidate& candidate, verify::SharedPlan plan);

/// State, code and reason from the hosts; expiry from their plans and `expires`.
void conclude(Route& route, EpochSeconds expires, EpochSeconds now);

}  // namespace danelaw::service
