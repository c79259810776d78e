// The part of a watch that looks: settings, contexts and resolver for all services, and one look at one of them.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include "handles.hpp"
#include "options.hpp"
#include "watch_look.hpp"

namespace danelaw::cli {

/// Days and seconds of the command line, judged.
struct WatchTimes {
  std::chrono::seconds interval{};
  WarnTimes warn;
};
/// Throws a Failure with Exit::Usage.
[[nodiscard]] WatchTimes times_of(const WatchOptions& options);

class WatchGuard final {
 public:
  /// Throws a Failure: wrong options, or no resolver to be had.
  WatchGuard(const WatchOptions& options, const WatchTimes& times);

  /// Any thread. Never throws.
  [[nodiscard]] Observation look(const WatchedService& service);

 private:
  [[nodiscard]] std::shared_ptr<danelaw_resolver> resolver();

  const Settings m_settings;
  const Settings m_mail_settings;
  const SslContext m_context;
  const SslContext m_mail_context;
  const WatchTools m_tools;
  const std::chrono::seconds m_renewal;
  std::mutex m_mutex;
  std::shared_ptr<danelaw_resolver> m_resolver;
  std::chrono::steady_clock::time_point m_made;
};

}  // namespace danelaw::cli
