// A tree of zones, and questions about it, all from a seed: every chain, algorithm and kind of delegation, names of every kind,
// and sometimes something wrong.
#pragma once

#include <string>
#include <vector>

#include "dice.hpp"
#include "world.hpp"

namespace differential {

struct Case {
  const lab::World& world;
  danelaw::dnssec::Question asked;
};

[[nodiscard]] lab::World random_world(std::uint64_t seed);
[[nodiscard]] std::vector<danelaw::dnssec::Question> random_questions(std::uint64_t seed, std::size_t count);

/// For people, and to tell which differences are known.
[[nodiscard]] std::string description(const Case& one);

/// Some question about the zones of a case.
[[nodiscard]] danelaw::dnssec::Question random_question(Dice& dice);

}  // namespace differential
