// When `danelaw watch` looks at what: every service once in an interval, none at the same moment as all the others.
//
// Time is a parameter: a steady clock's, in milliseconds, or a simulated one. Not for several threads at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <random>
#include <utility>
#include <vector>

namespace danelaw::cli {

class Schedule final {
 public:
  using Time = std::chrono::milliseconds;

  /// All of `count` services are due at `now`, so that what is wrong already is told soon. `seed`: of the jitter.
  Schedule(std::size_t count, Time interval, Time now, std::uint64_t seed);

  /// The service that has waited longest, if one is due. It comes again once it was finished().
  [[nodiscard]] std::optional<std::size_t> take(Time now);
  /// When there is next something to take; nothing where all are taken.
  [[nodiscard]] std::optional<Time> next() const;
  /// The look at a service ended: the first time it comes again after half an interval to a whole one, which spreads the services
  /// over time, and later after nine to eleven tenths of it.
  void finished(std::size_t service, Time now);

 private:
  using Due = std::pair<Time, std::size_t>;

  Time between(double least, double most);

  const Time m_interval;
  std::mt19937_64 m_random;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
  std::vector<bool> m_spread;  // services that have been finished once
};

}  // namespace danelaw::cli
