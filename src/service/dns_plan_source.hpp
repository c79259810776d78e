// host:port → plan: the application's service, looked up in DNS, as the outcome table wants it. Address literals and
// private names are answered here, without a question (R-private).
#pragma once

#include <memory>
#include <vector>

#include "dns/resolver.hpp"
#include "verify/chain_judge.hpp"
#include "verify/plan_source.hpp"

namespace danelaw::service {

/// Plans from DNS. `never_asked` are names (and all below them) for which no question is put, beside localhost, local.
/// and onion. `chains` judges what servers prove in the handshake; without it nobody does.
[[nodiscard]] std::shared_ptr<verify::PlanSource> dns_plan_source(
    std::shared_ptr<dns::Resolver> resolver, std::vector<DnsName> never_asked = {},
    std::unique_ptr<verify::ChainJudge> chains = nullptr);

/// The plan that a lookup's answer leads to. Pure.
[[nodiscard]] verify::SharedPlan make_plan(const verify::Service& service, const verify::Policy& policy,
                                           const dns::TlsaAnswer& answer,
                                           verify::Origin origin = verify::Origin::Dns);

}  // namespace danelaw::service
