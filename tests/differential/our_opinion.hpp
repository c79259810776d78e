// The stub engine, whole: against a resolver of ours, with the clock of the tests' zones.
#pragma once

#include "dns/stub_engine.hpp"
#include "opinion.hpp"

namespace differential {

[[nodiscard]] Opinion our_opinion(const danelaw::dnssec::Question& asked,
                                  const danelaw::dns::TrustAnchors& anchors,
                                  const danelaw::dns::ResolverAddress& resolver);

}  // namespace differential
