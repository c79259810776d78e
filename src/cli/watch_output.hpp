// What `danelaw watch` says: lines for people, objects for programs, and a line for Nagios and its relatives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "exit.hpp"
#include "records_report.hpp"
#include "watch_events.hpp"

namespace danelaw::cli {

/// A service at one moment.
struct WatchReport {
  std::string service;
  Observation observation;
  std::vector<Concern> concerns;
  Standing standing;
  std::vector<Event> events;  ///< what is new
};

/// "2026-11-21T09:00:00Z  www.example.org:443  critical  authenticated -> rejected (...)": a line for each event.
[[nodiscard]] std::string events_as_text(const WatchReport& report);
/// An object a line for each event.
[[nodiscard]] std::string events_as_json(const WatchReport& report);
/// With --once: a line for the service, and one for each concern; or one object with everything.
[[nodiscard]] std::string report_as_text(const WatchReport& report);
[[nodiscard]] std::string report_as_json(const WatchReport& report);

/// How many services are in which way, and what the worst ones say. Bounded, whatever the list's length.
class Summary final {
 public:
  /// `place` is the service's in the list; reports come in any order.
  void add(std::size_t place, const WatchReport& report);
  [[nodiscard]] Severity worst() const { return m_worst; }
  /// Of --once: refused where anything is critical, undecided where anything is unknown, as danelaw(1) has them.
  [[nodiscard]] Exit exit() const;
  /// "DANELAW CRITICAL - 1 of 12 services rejected: ... | services=12 ..." (Monitoring Plugins' guidelines)
  [[nodiscard]] std::string nagios() const;

 private:
  Severity m_worst = Severity::Ok;
  std::size_t m_services = 0;
  std::size_t m_verdicts[4] = {};  // by danelaw_decision
  std::size_t m_severities[4] = {};
  std::int64_t m_certificate_days = -1;
  std::int64_t m_signature_days = -1;
  std::map<std::size_t, std::string> m_faults[4];  // by place, the first few of each severity
};

/// 0 ok, 1 warning, 2 critical, 3 unknown, as Nagios takes them.
[[nodiscard]] int nagios_exit(Severity severity);

}  // namespace danelaw::cli
