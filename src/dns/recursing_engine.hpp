// The engine that asks the root and follows the delegations itself: getdns in RECURSING mode, where libunbound
// validates. Its status is believed only together with the rcode, and records only where their owner is the name at
// the end of the alias chain that began at the question (R-rcode, R7671-7b; reply.hpp).
//
// Nothing is read from the system's resolver files, nothing is fetched from the network but answers, and nothing is
// written outside memory, except, while an engine with root servers of its own lives, one file in the directory for
// temporary files: getdns hands them to libunbound that way.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "dns/engine.hpp"
#include "dns/trust_anchors.hpp"

namespace danelaw::dns {

struct RecursingSettings {
  TrustAnchors anchors;
  std::vector<std::string> root_servers;  ///< IP addresses; empty: the Internet's
  WallClock clock = system_seconds;  ///< for lifetimes; signatures are checked against the system's clock
};

[[nodiscard]] EngineFactory recursing_engine(RecursingSettings settings);

}  // namespace danelaw::dns
