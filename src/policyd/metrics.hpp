// What the service has done, in Prometheus's text format (version 0.0.4). No names of domains: their number has no bound.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "desk.hpp"

namespace danelaw::policyd {

/// What is so at the moment.
struct Gauges {
  std::size_t clients = 0;
  std::size_t searches = 0;
  std::size_t waiting = 0;
  std::size_t domains = 0;
  std::size_t policies = 0;
  FetchCounts fetches;
  std::optional<FleetCounts> fleet;
};

class Metrics final {
 public:
  void count(const Reply& reply, std::chrono::microseconds after);
  void count(const Finding& finding);
  void count_reload(bool worked) { ++(worked ? m_reloads : m_failed_reloads); }
  [[nodiscard]] std::string text(const Gauges& gauges) const;

 private:
  static constexpr std::size_t answers = 8;
  static constexpr std::size_t opinions = 7;
  static constexpr std::size_t buckets = 12;  // the last one has no upper bound

  std::array<std::uint64_t, answers> m_answers{};
  std::array<std::uint64_t, opinions> m_opinions{};
  std::array<std::uint64_t, buckets> m_latencies{};
  std::uint64_t m_microseconds = 0;
  std::uint64_t m_reloads = 0;
  std::uint64_t m_failed_reloads = 0;
};

}  // namespace danelaw::policyd
