// An application's own source of plans behind verify::PlanSource: one request per connection, finished from
// any thread, once.
#pragma once

#include <memory>

#include "danelaw/danelaw.h"
#include "verify/plan_source.hpp"

namespace danelaw::capi {

/// `source` is copied; what its `user` points to must outlive the result.
[[nodiscard]] std::shared_ptr<verify::PlanSource> application_plan_source(const danelaw_plan_source& source);

}  // namespace danelaw::capi
