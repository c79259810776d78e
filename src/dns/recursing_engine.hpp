// The engine that asks the root and follows the delegations itself: getdns in RECURSING mode, where libunbound
// validates. Its status is believed only together with the rcode, and records only where their owner is the name at
// the end of the alias chain that began at the question (RULES R-rcode, R7671-7b).
#pragma once

#include <string>
#include <vector>

#include "dns/engine.hpp"
#include "dns/trust_anchors.hpp"

namespace danelaw::dns {

struct RecursingSettings {
  TrustAnchors anchors;
  std::vector<std::string> root_servers;  ///< IP addresses; empty: the Internet's
};

[[nodiscard]] EngineFactory recursing_engine(RecursingSettings settings);

}  // namespace danelaw::dns
