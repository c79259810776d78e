// The event loop that an engine lives in: descriptors, timers and a wake-up call, over one epoll descriptor.
//
// The host may close our descriptors, which it does not know, and open its own under their numbers. So every use is
// preceded by a look whether they are still ours, and what is not ours is left alone, not even closed.
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
#include "dns/mailbox.hpp"
#include "dns/wake_up.hpp"

namespace danelaw::dns {

/// The host closed the loop's descriptors under it. Those that its watches and their owners use are as lost.
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

  /// False for ever once the host has closed its descriptors.
  [[nodiscard]] bool is_ours() const;
  /// Nothing is watched, timed or deferred: run_once() would do nothing until wake().
  [[nodiscard]] bool is_idle() const;

  /// Waits for something to do, at most `timeout` (nothing: for ever), and does it. Throws LoopIsBroken,
  /// but one that waits while its descriptors are closed finds out only by `timeout`.
  void run_once(std::optional<std::chrono::milliseconds> timeout);
  /// Makes run_once() return, now or when it is next called. Any thread.
  void wake();

  /// `action` runs once, from the loop, at `when` or soon after.
  TimerId call_at(Deadline when, Action action);
  void cancel(TimerId id);  ///< one that is unknown or has fired is ignored
  /// `action` runs from the loop as soon as what runs now has returned.
  void defer(Action action);

  /// For other threads, as long as they like.
  [[nodiscard]] std::shared_ptr<Mailbox> mailbox() const { return m_mailbox; }

  /// `ready` runs from the loop whenever one of `events` (EPOLLIN, EPOLLOUT) or an error is there. Several watches may
  /// share a descriptor, which must be the caller's own. Zero where it cannot be watched.
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
    std::uint64_t token =
        0;  // what epoll reports: never used twice, so a closed descriptor's last report is known; 0: not in yet
  };
  struct Timer {
    TimerId id = 0;
    Action action;
  };

  EventLoop(int epoll, int timer, std::unique_ptr<const WakeUp> wake_up);
  void require_ours() const;
  void dispatch(std::uint64_t token, std::uint32_t events);
  [[nodiscard]] std::uint32_t events_of(const Source& source) const;
  [[nodiscard]] bool put(int fd, Source& source);
  void run_timers();
  void arm_timer();
  void run_deferred();
  void run_posted();

  const int m_epoll;
  const int m_timer;
  const std::unique_ptr<const WakeUp> m_wake_up;
  const std::shared_ptr<Mailbox> m_mailbox;
  std::uint64_t m_next;  // watches, tokens and timers are numbered from one count, past our own tokens
  std::map<WatchId, Watch> m_watches;
  std::map<int, Source> m_sources;
  std::map<std::uint64_t, int> m_tokens;
  std::multimap<Deadline, Timer> m_timers;
  std::map<TimerId, Deadline> m_timer_times;
  std::optional<Deadline> m_armed;
  std::vector<Action> m_deferred;
};

}  // namespace danelaw::dns
