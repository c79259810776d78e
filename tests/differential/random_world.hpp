// A tree of zones, and a question, both from a seed: every chain, algorithm and kind of delegation, names of every kind, and
// sometimes something wrong.
#pragma once

#include <string>

#include "dice.hpp"
#include "world.hpp"

namespace differential {

struct Case {
  lab::World world;
  danelaw::dnssec::Question asked;
};

[[nodiscard]] Case random_case(std::uint64_t seed);

/// For people, and to tell which differences are known.
[[nodiscard]] std::string description(const Case& one);

/// Some question about the zones of a case.
[[nodiscard]] danelaw::dnssec::Question random_question(Dice& dice);

}  // namespace differential
