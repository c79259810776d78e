// What clients make of a chain that a server staples (RFC 9102), where that may not be what who made it expects: one that
// proves absence, one for a host that is an alias, one whose records stand elsewhere.
#pragma once

#include <string>
#include <vector>

#include "answer_report.hpp"
#include "options.hpp"
#include "target.hpp"

namespace danelaw::cli {

/// A line each. Asks DNS whether the host is an alias; where that fails nothing is said of it.
[[nodiscard]] std::vector<std::string> stapling_advice(const AnswerReport& report, const Target& target,
                                                       const DnsOptions& dns);

}  // namespace danelaw::cli
