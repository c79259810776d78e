// Guessing ahead: which DS and DNSKEY records a judgement will need, from the labels of a name. All of them can be asked for
// together with the question, so that a cold lookup takes one round trip where the guess is right. A wrong guess costs questions,
// or one more round trip, and never a verdict.
#pragma once

#include <cstddef>
#include <vector>

#include "dns/answer.hpp"
#include "dnssec/known.hpp"
#include "dnssec/trust_anchor.hpp"

namespace danelaw::dns {

/// Zones whose DS and DNSKEY are asked for at once, counted from the trust anchor down.
inline constexpr std::size_t max_guessed_zones = 6;

/// What is trusted and what is known, which need not be asked for.
struct Ground {
  const dnssec::TrustAnchors& anchors;
  const dnssec::Known& known;
  EpochSeconds now;
};

/// DS and DNSKEY of `zone` and of all above it. A zone at or below a known insecure cut needs none.
[[nodiscard]] std::vector<Question> chain_to(const DnsName& zone, const Ground& ground);

/// As above, for the zones that the question's name suggests: a label that begins with "_" is taken for no zone, and neither is
/// the first label of a host name that has two more.
[[nodiscard]] std::vector<Question> guessed_chain(const Question& question, const Ground& ground);

}  // namespace danelaw::dns
