// Our way and another way of doing the same, in turns: whatever slows the machine down slows both, and the ratio of the two medians
// is left. tests/bench/run reads the counters "ours" and "openssl", in nanoseconds of CPU time.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// CPU time of the calling thread: what other programs do meanwhile does not count.
struct CpuClock {
  using duration = std::chrono::nanoseconds;
  static duration now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
};

/// Does the work once, and says how long it took; nothing where it failed.
using Turn = std::function<std::optional<CpuClock::duration>()>;

/// A turn of `calls` calls of `work`, which gives false where it fails; its time is that of one call. For what is short beside
/// reading the clock.
template <class Work>
[[nodiscard]] Turn turn_of(int calls, Work work) {
  return [calls, work = std::move(work)]() -> std::optional<CpuClock::duration> {
    const auto begun = CpuClock::now();
    for (int call = 0; call < calls; ++call)
      if (!work()) return std::nullopt;
    return (CpuClock::now() - begun) / calls;
  };
}

[[nodiscard]] inline double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Each goes first as often as the other: who comes second finds the caches as the first left them.
inline void take_turns(benchmark::State& state, const Turn& ours, const Turn& openssl) {
  std::vector<double> our_times;
  std::vector<double> openssl_times;
  bool ours_first = false;
  for (auto _ : state) {
    ours_first = !ours_first;
    const auto first = ours_first ? ours() : openssl();
    const auto second = ours_first ? openssl() : ours();
    if (!first || !second) return state.SkipWithError("a turn failed");
    our_times.push_back(static_cast<double>((ours_first ? first : second)->count()));
    openssl_times.push_back(static_cast<double>((ours_first ? second : first)->count()));
  }
  state.counters["ours"] = median_of(std::move(our_times));
  state.counters["openssl"] = median_of(std::move(openssl_times));
}

inline void add(const std::string& name, Turn ours, Turn openssl) {
  const auto run = [ours = std::move(ours), openssl = std::move(openssl)](benchmark::State& state) {
    take_turns(state, ours, openssl);
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMicrosecond);
}

}  // namespace bench
