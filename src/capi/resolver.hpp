// danelaw_resolver: the DNS resolver and the plan source that stands on it.
#pragma once

#include <memory>

#include "danelaw/danelaw.h"
#include "dns/resolver.hpp"
#include "verify/plan_source.hpp"

struct danelaw_resolver {
  std::shared_ptr<danelaw::dns::Resolver> resolver;
  std::shared_ptr<danelaw::verify::PlanSource> source;
};
