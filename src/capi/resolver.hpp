// danelaw_resolver: the DNS resolver and the plan source that stands on it.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "danelaw/danelaw.h"
#include "dns/chase.hpp"
#include "dns/resolver.hpp"
#include "dns/resolver_address.hpp"
#include "verify/plan_source.hpp"

struct danelaw_settings;

struct danelaw_resolver {
  std::shared_ptr<danelaw::dns::Resolver> resolver;
  std::shared_ptr<danelaw::verify::PlanSource> source;
  std::vector<danelaw::DnsName> never_asked;
  std::vector<danelaw::dns::ResolverAddress> asked;  // as configured
};

namespace danelaw::capi {

/// One whose answers carry what `proofs` says, and that remembers nothing. Only the stub engine has the records.
[[nodiscard]] Result<std::shared_ptr<dns::Resolver>> proving_resolver(const danelaw_settings& settings,
                                                                      dns::Proofs proofs);

}  // namespace danelaw::capi
