// One line about a verdict: service, outcome, records, what the peer had, verdict.
#pragma once

#include <string>

#include "danelaw/danelaw.h"

namespace danelaw::plugin {

[[nodiscard]] std::string line_of(const danelaw_verdict* verdict);

}  // namespace danelaw::plugin
