#include "event_loop.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "failure.hpp"

namespace danelaw::policyd {

EventLoop::EventLoop() : m_epoll(epoll_create1(EPOLL_CLOEXEC)) {
  if (!m_epoll.is_open()) throw Failure(Exit::Undecided, "no descriptors are left");
}

bool EventLoop::watch(int descriptor, std::uint32_t events, Handler handler) {
  // The number of a closed descriptor comes again, so events are told apart by a number of ours.
  auto watched = std::make_shared<Watched>(Watched{m_next++, std::move(handler)});
  epoll_event event{};
  event.events = events;
  event.data.u64 = watched->id;
  if (epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) return false;
  m_by_id.emplace(watched->id, watched);
  m_watched[descriptor] = std::move(watched);
  return true;
}

void EventLoop::change(int descriptor, std::uint32_t events) {
  const auto found = m_watched.find(descriptor);
  if (found == m_watched.end()) return;
  epoll_event event{};
  event.events = events;
  event.data.u64 = found->second->id;
  epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, descriptor, &event);
}

void EventLoop::forget(int descriptor) {
  const auto found = m_watched.find(descriptor);
  if (found == m_watched.end()) return;
  epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  m_by_id.erase(found->second->id);
  m_watched.erase(found);
}

TimerId EventLoop::after(std::chrono::milliseconds delay, std::function<void()> call) {
  const TimerId timer = m_next++;
  const auto when = Clock::now() + delay;
  m_timers.emplace(Due{when, timer}, std::move(call));
  m_due.emplace(timer, when);
  return timer;
}

void EventLoop::cancel(TimerId timer) {
  const auto found = m_due.find(timer);
  if (found == m_due.end()) return;
  m_timers.erase({found->second, timer});
  m_due.erase(found);
}

void EventLoop::run() {
  constexpr std::size_t at_once = 64;
  std::array<epoll_event, at_once> events{};
  while (!m_stopped) {
    const int count = epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()), patience());
    if (count < 0 && errno != EINTR) throw Failure(Exit::Undecided, "the event loop cannot wait");
    for (int i = 0; i < count && !m_stopped; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const auto found = m_by_id.find(event.data.u64);
      if (found == m_by_id.end()) continue;  // forgotten by a handler before this one
      const std::shared_ptr<Watched> watched = found->second;
      watched->handler(event.events);
    }
    if (!m_stopped) call_timers();
  }
}

/// Those that are due now; what they add waits for the next turn.
void EventLoop::call_timers() {
  const auto now = Clock::now();
  while (!m_timers.empty() && m_timers.begin()->first.first <= now) {
    const auto first = m_timers.begin();
    const auto call = std::move(first->second);
    m_due.erase(first->first.second);
    m_timers.erase(first);
    call();
  }
}

int EventLoop::patience() const {
  if (m_timers.empty()) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(m_timers.begin()->first.first - Clock::now());
  return static_cast<int>(std::clamp<long>(left.count(), 0, std::numeric_limits<int>::max()));
}

}  // namespace danelaw::policyd
