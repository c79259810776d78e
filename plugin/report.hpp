// One line about a verdict: service, outcome, records, what the peer had, verdict.
#pragma once

#include <string>

#include "danelaw/danelaw.h"
#include "peer.hpp"

namespace danelaw::plugin {

[[nodiscard]] std::string line_of(const danelaw_verdict* verdict);

/// A line about no service with what is known of the peer: "www.example:unknown-port/tcp".
[[nodiscard]] std::string with_peer(const std::string& line, const Peer& peer);

}  // namespace danelaw::plugin
