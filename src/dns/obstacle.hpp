// Why a resolver gave no reply, or none that is whole: what its upstream tells the relay.
#pragma once

#include <string>

namespace danelaw::dns {

struct Obstacle {
  std::string text = {};  ///< as it reads after the resolver's name; "" for none that is known
  bool may_pass = false;  ///< it may be gone in a moment, so that the same is worth asking again
};

/// What the system says with `error` to an attempt at `what`. It may pass where nobody listens just now, the way there is down, or
/// this process or machine has run out of something.
[[nodiscard]] Obstacle obstacle_of(const std::string& what, int error);

}  // namespace danelaw::dns
