// The service's part of TLS reporting (RFC 8460): how often which policy was given for a domain, and why none could be. One file
// for each day, or part of a day since the start; sending them is others'.
//
// A policy service sees no sessions. What it counts are answers: one that names or needs no policy counts as successful,
// one that could not be given, or not as the domain announces it, as a failure of the kind that RFC 8460 has for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "danelaw/tls_report.h"
#include "event_loop.hpp"
#include "handles.hpp"
#include "search.hpp"

namespace danelaw::policyd {

/// What an answer counts as.
struct Account {
  std::string domain;
  danelaw_tls_policy_type type = DANELAW_TLS_NO_POLICY;
  std::string strings;   ///< lines
  std::string mx_hosts;  ///< lines
  danelaw_tls_result result = DANELAW_TLS_SUCCESS;
  std::string receiving_host;
  std::string reason_code;
};
/// Null where there is nothing to account for: no domain was asked about.
[[nodiscard]] std::shared_ptr<const Account> account_of(const Finding& finding);

struct ReportSettings {
  std::string directory;  ///< empty: none
  std::string organization;
  std::string contact;
  friend bool operator==(const ReportSettings&, const ReportSettings&) = default;
};

class DailyReport final {
 public:
  DailyReport(EventLoop& loop,
              ReportSettings settings);  ///< throws Failure where the directory cannot be made
  ~DailyReport();                        ///< writes
  DailyReport(const DailyReport&) = delete;
  DailyReport& operator=(const DailyReport&) = delete;

  void count(const Account& account);
  [[nodiscard]] const ReportSettings& settings() const { return m_settings; }

 private:
  using Counts = std::unique_ptr<danelaw_tls_report, Free<danelaw_tls_report_free>>;

  void begin(std::int64_t now);
  void write(std::int64_t until);
  void write_from_time_to_time();

  EventLoop& m_loop;
  const ReportSettings m_settings;
  Counts m_counts;
  std::int64_t m_start = 0;
  bool m_has_changed = false;
  TimerId m_timer = no_timer;
};

}  // namespace danelaw::policyd
