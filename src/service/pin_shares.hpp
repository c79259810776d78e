// Who gives way where there are more pins than may be kept. Whoever has a domain can make up any number of hosts in it, and promise
// for as long as they like: so what decides first is not when a pin ends, but how many its domain has.
//
// The domain is the last two labels of a host's name. Where many have their names under one of those (co.uk), the same is asked
// again below it, label by label. Against somebody with very many domains nothing helps but that those cost money.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace danelaw::service {

struct PinShare {
  std::string_view host;
  EpochSeconds end = 0;
};

/// Indices of `surplus` pins (at most all): one after the other of the domain that has most, and there the one that ends first.
[[nodiscard]] std::vector<std::size_t> giving_way(std::span<const PinShare> pins, std::size_t surplus);

}  // namespace danelaw::service
