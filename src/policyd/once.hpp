// --once DOMAIN: one answer, and why.
#pragma once

#include "configuration.hpp"
#include "failure.hpp"
#include "options.hpp"

namespace danelaw::policyd {

[[nodiscard]] Exit run_once(const Options& options, const Configuration& configuration);

}  // namespace danelaw::policyd
