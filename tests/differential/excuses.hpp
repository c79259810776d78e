// Why two validators may differ about a case where nobody tampers (docs/DIFFERENCES.md). It follows from what was made, never
// from what either says of it: a wrong opinion must not excuse itself.
#pragma once

#include <string>

#include "opinion.hpp"
#include "random_world.hpp"

namespace differential {

/// The name of the difference; empty where the case has no reason for this one.
[[nodiscard]] std::string known_difference(const Case& one, const Opinion& ours, const Opinion& theirs);

/// Some zone on the way denies with more iterations than we take: who replays that makes the zone look insecure (RFC 9276
/// section 3.2).
[[nodiscard]] bool can_be_made_insecure(const Case& one);

}  // namespace differential
