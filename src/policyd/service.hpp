// The service: listens, answers, reloads on SIGHUP, and ends on SIGTERM or SIGINT when what was asked is answered.
#pragma once

#include "configuration.hpp"
#include "daily_report.hpp"
#include "desk.hpp"
#include "event_loop.hpp"
#include "failure.hpp"
#include "metrics.hpp"
#include "options.hpp"
#include "visitors.hpp"

namespace danelaw::policyd {

/// The configuration that the options name. Throws Failure.
[[nodiscard]] Configuration configuration_for(const Options& options);

class Service final : private DeskWatcher {
 public:
  Service(Options options, Configuration configuration);  ///< throws Failure
  Exit run();

 private:
  void answered(const Reply& reply, const Account* account, std::chrono::microseconds after) override;
  std::shared_ptr<const Account> found(const Finding& finding) override;

  void watch_signals();
  void on_signal(int number);
  void take_given();
  void reload();
  void take(Configuration next);
  void shut_down();
  void stop_when_all_are_gone();
  [[nodiscard]] std::string metrics_page() const;

  const Options m_options;
  Configuration m_configuration;
  EventLoop m_loop;
  Descriptor m_signals;
  Metrics m_metrics;
  std::unique_ptr<DailyReport> m_report;  // null: none
  Desk m_desk;
  Visitors m_mail_servers;
  Visitors m_watchers;
  bool m_is_ending = false;
};

}  // namespace danelaw::policyd
