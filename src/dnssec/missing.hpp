// Which records could still bring a judgement about. Guesses made from what is in the bag unverified: they can only lead
// to questions.
#pragma once

#include <vector>

#include "dnssec/judgement.hpp"
#include "dnssec/session.hpp"

namespace danelaw::dnssec {

/// True where the bag holds an RRset or an alias for the question.
[[nodiscard]] bool has_answer(const Bag& bag, const Question& question);

/// Zones below `apex` that signatures over the question's RRset, the alias in its place, or DS records on the way name as
/// their signers.
[[nodiscard]] std::vector<DnsName> signers_below(const Bag& bag, const Question& question,
                                                 const DnsName& apex);

/// The keys of `zone`, and what else can be seen to be needed below it.
[[nodiscard]] Missing missing_keys(const Session& session, const Question& question, const DnsName& zone);

/// The way from `apex` to the zones that signed the answer.
[[nodiscard]] Missing missing_chain(const Session& session, const std::vector<DnsName>& signers);

/// The answer itself, where it is not there; and the DS records of the names of which nothing is known.
[[nodiscard]] Missing missing_answer(const Session& session, const Question& question,
                                     const std::vector<DnsName>& unknown);

}  // namespace danelaw::dnssec
