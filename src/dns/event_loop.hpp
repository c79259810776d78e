// The event loop that an engine lives in: descriptors, timers and a wake-up call, over one epoll descriptor.
//
// A timerfd stands for the earliest timer, so that descriptor() alone tells an outer loop when run_once() has something
// to do. An idle loop costs nothing. wake() may be called from any thread, everything else belongs to the thread that
// runs the loop. getdns_loop.hpp makes it a getdns event loop.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace danelaw::dns {

/// The host closed the loop's descriptor under it.
struct LoopIsBroken final : std::exception {
  [[nodiscard]] const char* what() const noexcept override {
    return "the resolver's descriptors were closed";
  }
};

class EventLoop final {
 public:
  using TimerId = std::uint64_t;
  using WatchId = std::uint64_t;
  using Action = std::function<void()>;
  using Ready = std::function<void(std::uint32_t events)>;  ///< EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP

  /// Null where the system has no descriptors left, with the reason in `problem`.
  static std::unique_ptr<EventLoop> create(std::string& problem);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Readable while run_once() has something to do.
  [[nodiscard]] int descriptor() const { return m_epoll; }

  /// Waits for something to do, at most `timeout` (nothing: for ever), and does it. Throws LoopIsBroken.
  void run_once(std::optional<std::chrono::milliseconds> timeout);
  /// Makes run_once() return, now or when it is next called. Any thread.
  void wake();

  /// `action` runs once, from the loop, at `when` or soon after.
  TimerId call_at(Deadline when, Action action);
  void cancel(TimerId id);  ///< one that is unknown or has fired is ignored
  /// `action` runs from the loop as soon as what runs now has returned.
  void defer(Action action);

  /// `ready` runs from the loop whenever one of `events` (EPOLLIN, EPOLLOUT) or an error is there. Several watches may
  /// share a descriptor. Zero where it cannot be watched.
  WatchId watch(int fd, std::uint32_t events, Ready ready);
  void unwatch(WatchId id);  ///< before the descriptor is closed; an unknown one is ignored

 private:
  struct Watch {
    int fd = -1;
    std::uint32_t events = 0;
    std::shared_ptr<const Ready> ready;  // shared with the call that runs it, which may end the watch
  };
  /// A descriptor in the epoll set.
  struct Source {
    std::vector<WatchId> watches;
    std::uint32_t events = 0;
    std::uint64_t token =
        0;  // what epoll reports: never used twice, so a closed descriptor's last report is known
  };
  struct Timer {
    TimerId id = 0;
    Action action;
  };

  EventLoop(int epoll, int timer, int wake);
  bool watch_own(int fd, std::uint64_t token) const;
  void dispatch(std::uint64_t token, std::uint32_t events);
  bool update(int fd);
  void run_timers();
  void arm_timer();
  void run_deferred();

  static constexpr std::uint64_t timer_token = 1;
  static constexpr std::uint64_t wake_token = 2;

  const int m_epoll;
  const int m_timer;
  const int m_wake;
  std::uint64_t m_next = 3;  // watches, tokens and timers are numbered from one count, past the tokens above
  std::map<WatchId, Watch> m_watches;
  std::map<int, Source> m_sources;
  std::map<std::uint64_t, int> m_tokens;
  std::multimap<Deadline, Timer> m_timers;
  std::map<TimerId, Deadline> m_timer_times;
  std::optional<Deadline> m_armed;
  std::vector<Action> m_deferred;
};

}  // namespace danelaw::dns
