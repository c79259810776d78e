// The one loop of the service: descriptors and timers, in one thread.
//
// Whatever is called may watch, forget and cancel as it likes, itself included.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>

#include "descriptor.hpp"

namespace danelaw::policyd {

using Clock = std::chrono::steady_clock;
using TimerId = std::uint64_t;
inline constexpr TimerId no_timer = 0;

class EventLoop final {
 public:
  using Handler = std::function<void(std::uint32_t events)>;  ///< EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP

  EventLoop();  ///< throws Failure

  /// Level-triggered. False where the system has no room. Forget a descriptor before it is closed.
  bool watch(int descriptor, std::uint32_t events, Handler handler);
  void change(int descriptor, std::uint32_t events);
  void forget(int descriptor);

  TimerId after(std::chrono::milliseconds delay, std::function<void()> call);
  void cancel(TimerId timer);  ///< also of one that has gone off

  void run();
  void stop() { m_stopped = true; }

 private:
  struct Watched {
    std::uint64_t id = 0;
    Handler handler;
  };
  using Due = std::pair<Clock::time_point, TimerId>;

  void call_timers();
  [[nodiscard]] int patience() const;

  Descriptor m_epoll;
  std::uint64_t m_next = 1;
  std::unordered_map<int, std::shared_ptr<Watched>> m_watched;
  std::unordered_map<std::uint64_t, std::shared_ptr<Watched>> m_by_id;
  std::map<Due, std::function<void()>> m_timers;
  std::unordered_map<TimerId, Clock::time_point> m_due;
  bool m_stopped = false;
};

}  // namespace danelaw::policyd
