// What DANE says about mail to a next hop as a whole, from what each of its hosts requires (RFC 7672). Pure.
//
// A policy table has one level for all hosts of a domain. Where they differ, the level is one that no host can fall below
// what it requires, as far as Postfix has such a level.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "danelaw/smtp.h"

namespace danelaw::policyd {

struct HostNeed {
  std::string host;
  danelaw_requirement requirement = DANELAW_DO_NOT_USE;
  std::string code;
  std::string reason;
  bool speaks_for_domain = false;
  std::vector<std::string> records = {};  ///< TLSA, in presentation form
};

/// A danelaw_route as text and numbers, so that it can be written down in tests and shown.
struct RouteFacts {
  std::string domain;
  danelaw_route_state state = DANELAW_ROUTE_DEFER;
  std::string code;
  std::string reason;
  danelaw_standing standing = DANELAW_STANDING_INSECURE;
  std::vector<HostNeed> hosts;
  std::int64_t expires = 0;
};
[[nodiscard]] RouteFacts facts_of(const danelaw_route& route);

enum class DaneSays {
  Defer,          ///< nobody knows: a lookup failed, or DANE is mandatory and not to be had
  Nothing,        ///< DANE asks for nothing
  Authenticate,   ///< only hosts that DANE authenticates may be used
  Mixed,          ///< some hosts must be authenticated, others need not or cannot be
  Encrypt,        ///< TLS with every host; none can be authenticated
  PartlyEncrypt,  ///< TLS with some hosts; nothing is asked of the others, and none can be authenticated
  Unsigned  ///< as configured (`insecure_mx`): hosts that unsigned records name must be authenticated as themselves
};
[[nodiscard]] std::string_view to_string(DaneSays says);

struct DaneOpinion {
  DaneSays says = DaneSays::Defer;
  std::string code;    ///< of a Defer: the stable word
  std::string reason;  ///< one line for people
};
/// What the configuration asks for (`mode`).
enum class Demand { Opportunistic, Mandatory };
[[nodiscard]] DaneOpinion opinion_of(const RouteFacts& route, Demand demand = Demand::Opportunistic);

}  // namespace danelaw::policyd
