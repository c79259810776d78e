#include "dns/attempts.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace danelaw::dns {
namespace {

using tlsa::LookupFault;

/// SERVFAIL is what a resolver says that has tried, other rcodes are at least a reply; one out of reach has said nothing.
int weight_of(LookupFault fault) {
  constexpr std::array lightest_first{LookupFault::Unreachable, LookupFault::Timeout, LookupFault::Malformed,
                                      LookupFault::OtherRcode, LookupFault::ServerFailure};
  return static_cast<int>(std::ranges::find(lightest_first, fault) - lightest_first.begin());
}

}  // namespace

void Attempts::fail(std::size_t resolver, FailedAnswer why, Again again, Deadline now) {
  One& one = m_resolvers[resolver];
  one.said = std::move(why);
  one.rests_until.reset();
  one.refused = again == Again::Never || (again == Again::AfterRest && one.rests == max_rests);
  if (again != Again::AfterRest || one.refused) return;
  --one.asked;
  ++one.rests;
  one.rests_until = now + m_rest;
}

std::size_t Attempts::count() const {
  std::size_t all = 0;
  for (const auto& [resolver, one] : m_resolvers) all += one.asked;
  return all;
}

bool Attempts::may_ask(std::size_t resolver, Deadline now) const {
  const auto one = m_resolvers.find(resolver);
  if (one == m_resolvers.end()) return true;
  return !one->second.refused && (!one->second.rests_until || *one->second.rests_until <= now);
}

std::optional<Deadline> Attempts::end_of_rest(OnlyResolver only) const {
  std::optional<Deadline> first;
  for (const auto& [resolver, one] : m_resolvers)
    if (one.rests_until && (!only || *only == resolver) && (!first || *one.rests_until < *first))
      first = one.rests_until;
  return first;
}

FailedAnswer Attempts::failure() const {
  FailedAnswer sum{LookupFault::Unreachable, ""};
  for (const auto& [resolver, one] : m_resolvers) {
    if (!one.said) continue;
    if (weight_of(one.said->fault) > weight_of(sum.fault)) sum.fault = one.said->fault;
    sum.reason += (sum.reason.empty() ? "" : ", ") + one.said->reason;
  }
  return sum;
}

}  // namespace danelaw::dns
