// What Prometheus' node exporter reads from a text file (its exposition format, version 0.0.4).
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "watch_events.hpp"

namespace danelaw::cli {

/// What is kept of a service for its metrics.
struct Reading {
  std::int64_t when = 0;
  std::int64_t duration = 0;  ///< milliseconds
  danelaw_decision verdict = DANELAW_UNDECIDED;
  Severity severity = Severity::Unknown;
  std::int64_t certificate_until = 0;
  std::int64_t signature_until = 0;
  std::size_t unmatched = 0;
};
using Readings = std::map<std::string, Reading>;  // by the service's name

[[nodiscard]] Reading reading_of(const Observation& observation, const std::vector<Concern>& concerns);
/// `services`: on the list, looked at or not yet.
[[nodiscard]] std::string to_metrics(const Readings& readings, std::size_t services);

}  // namespace danelaw::cli
