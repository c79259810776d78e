// The rounds of a watch that goes on: threads that look at what is due, and one book.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "progress.hpp"
#include "watch_book.hpp"
#include "watch_guard.hpp"
#include "watch_schedule.hpp"

namespace danelaw::cli {

class WatchRound final {
 public:
  using Tell = std::function<void(const WatchReport&)>;

  /// `tell` is called by one thread at a time, also for what has no news.
  WatchRound(WatchGuard& guard, WatchBook& book, std::chrono::seconds interval, Tell tell);
  ~WatchRound();  ///< waits for the looks that have begun
  WatchRound(const WatchRound&) = delete;
  WatchRound& operator=(const WatchRound&) = delete;

  /// Another list: its services are all looked at soon. Looks at the former list's that have begun are not told.
  void take(std::vector<WatchedService> list);
  /// Begins with so many looks at a time.
  void start(std::size_t jobs);
  /// Begins nothing more. True where all looks have ended within the time.
  [[nodiscard]] bool stop(std::chrono::milliseconds patience);
  /// Writes the book's files; what prevents that is told once, and it is tried again.
  void save();

 private:
  using List = std::shared_ptr<const std::vector<WatchedService>>;

  void work();
  void wait(std::unique_lock<std::mutex>& lock);
  void look_at(std::size_t index, std::unique_lock<std::mutex>& lock);

  WatchGuard& m_guard;
  WatchBook& m_book;
  const std::chrono::seconds m_interval;
  const Tell m_tell;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  List m_list;
  std::optional<Schedule> m_schedule;
  std::unique_ptr<Progress> m_progress;  // of the first look at each
  std::size_t m_seen = 0;
  std::size_t m_at_work = 0;
  std::string m_failure;  // why the files could not be written the last time
  bool m_is_over = false;
  std::vector<std::jthread> m_threads;
};

}  // namespace danelaw::cli
