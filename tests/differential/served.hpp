// What a resolver would reply to a question about a case: aliases followed, sections and rcode as they have to be; and what
// somebody on the way may make of it.
#pragma once

#include <vector>

#include "dice.hpp"
#include "random_world.hpp"

namespace differential {

struct Served {
  lab::Records answer;
  lab::Records authority;
  std::uint16_t rcode = 0;
};

inline constexpr std::size_t most_aliases = 8;

/// The question of a case and those that its aliases lead to, as the zones have them; `most_aliases` of these at most.
[[nodiscard]] std::vector<danelaw::dnssec::Question> hops_of(const Case& one);

[[nodiscard]] Served honest_reply(const Case& one, danelaw::dnssec::Question asked);

/// The same for the same seed and question.
[[nodiscard]] Served tampered_reply(const Case& one, const danelaw::dnssec::Question& asked,
                                    std::uint64_t seed);

/// As wire, with id and question of the query.
[[nodiscard]] danelaw::Buffer reply_to(const danelaw::Buffer& query, const Served& served);

}  // namespace differential
