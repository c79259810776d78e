// The two clocks. Everything that decides takes its time as a parameter; these types keep the two apart.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace danelaw {

/// Wall-clock time, in seconds since 1970-01-01 UTC: certificates, signatures, TTLs.
using EpochSeconds = std::int64_t;
using WallClock = std::function<EpochSeconds()>;

/// Deadlines and waits, which must not jump with the wall clock.
using Deadline = std::chrono::steady_clock::time_point;

[[nodiscard]] inline EpochSeconds system_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace danelaw
