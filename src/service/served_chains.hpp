// Servers' own proofs (RFC 9102) made into plans, and their promises kept.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "dns/trust_anchors.hpp"
#include "verify/chain_judge.hpp"

namespace danelaw::service {

enum class KeepPins { No, InMemory, InFile };

struct ServedChainSettings {
  dns::TrustAnchors anchors;
  WallClock clock = system_seconds;
  KeepPins keep_pins = KeepPins::No;
  std::string pin_file;                 ///< for InFile
  std::chrono::hours longest_pin{720};  ///< whatever a server promises (RFC 9102 section 10)
};

[[nodiscard]] std::unique_ptr<verify::ChainJudge> served_chain_judge(ServedChainSettings settings);

}  // namespace danelaw::service
