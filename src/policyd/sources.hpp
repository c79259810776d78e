// From a configuration to what searches work with.
#pragma once

#include "configuration.hpp"
#include "search.hpp"
#include "sts.hpp"

namespace danelaw::policyd {

/// What was learned `before` is kept. Throws Failure: no trust anchors, a state file that cannot be used.
[[nodiscard]] Sources make_sources(EventLoop& loop, const Configuration& configuration,
                                   const Sources& before = {});

}  // namespace danelaw::policyd
