// From a configuration to what searches work with.
#pragma once

#include "configuration.hpp"
#include "search.hpp"

namespace danelaw::policyd {

/// Throws Failure: no trust anchors, a state file that cannot be used.
[[nodiscard]] Sources make_sources(const Configuration& configuration);

}  // namespace danelaw::policyd
