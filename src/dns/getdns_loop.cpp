#include "dns/getdns_loop.hpp"

#include <sys/epoll.h>

#include <algorithm>

namespace danelaw::dns {
namespace {

constexpr std::uint64_t no_timeout = ~std::uint64_t{0};  // getdns's TIMEOUT_FOREVER
/// Longer timeouts are cut: a time point must not overflow.
constexpr std::chrono::milliseconds longest_timeout = std::chrono::hours(24 * 365);
/// A timer that getdns leaves scheduled after it has fired comes again, but never without a pause.
constexpr std::chrono::milliseconds shortest_repeat{1};

Deadline from_now(std::chrono::milliseconds wait) { return std::chrono::steady_clock::now() + wait; }

}  // namespace

GetdnsLoop::GetdnsLoop(EventLoop& loop) : m_loop(loop) {
  static getdns_eventloop_vmt vmt = {on_cleanup, on_schedule, on_clear, on_run, on_run_once};
  m_bridge.base.vmt = &vmt;
  m_bridge.self = this;
}

GetdnsLoop::~GetdnsLoop() {
  for (const auto& [id, scheduled] : m_scheduled) {
    m_loop.unwatch(scheduled.watch);
    m_loop.cancel(scheduled.timer);
  }
}

getdns_return_t GetdnsLoop::schedule(int fd, std::uint64_t timeout, getdns_eventloop_event* event) {
  const std::uint64_t id = m_next++;
  Scheduled scheduled;
  scheduled.event = event;
  const std::uint32_t events = (event->read_cb != nullptr ? static_cast<std::uint32_t>(EPOLLIN) : 0U) |
                               (event->write_cb != nullptr ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  if (fd >= 0 && events != 0) {
    scheduled.watch = m_loop.watch(fd, events, [this, id](std::uint32_t happened) { ready(id, happened); });
    if (scheduled.watch == 0) return GETDNS_RETURN_GENERIC_ERROR;
  }
  if (event->timeout_cb != nullptr && timeout != no_timeout) {
    const auto bounded = std::min(timeout, static_cast<std::uint64_t>(longest_timeout.count()));
    scheduled.timeout = std::chrono::milliseconds(bounded);
    scheduled.timer = m_loop.call_at(from_now(scheduled.timeout), [this, id] { expired(id); });
  }
  event->ev = reinterpret_cast<void*>(id);
  m_scheduled.emplace(id, scheduled);
  return GETDNS_RETURN_GOOD;
}

void GetdnsLoop::clear(getdns_eventloop_event* event) {
  const auto scheduled = m_scheduled.find(reinterpret_cast<std::uint64_t>(event->ev));
  event->ev = nullptr;
  if (scheduled == m_scheduled.end()) return;
  m_loop.unwatch(scheduled->second.watch);
  m_loop.cancel(scheduled->second.timer);
  m_scheduled.erase(scheduled);
}

void GetdnsLoop::ready(std::uint64_t id, std::uint32_t events) {
  ++m_arrivals;
  auto scheduled = m_scheduled.find(id);
  if (scheduled == m_scheduled.end()) return;
  getdns_eventloop_event* const event = scheduled->second.event;
  bool readable = event->read_cb != nullptr && (events & EPOLLIN) != 0;
  const bool writable = event->write_cb != nullptr && (events & EPOLLOUT) != 0;
  // An error alone goes to whoever is there to find it. One beside EPOLLOUT does not make the descriptor readable: a
  // socket that will connect with its first write (TCP Fast Open) shows EPOLLOUT and EPOLLHUP.
  const bool error_alone = !readable && !writable;
  if (error_alone) readable = event->read_cb != nullptr;
  if (readable) event->read_cb(event->userarg);
  scheduled = m_scheduled.find(id);  // the callback may have cleared, and freed, its event
  if (scheduled == m_scheduled.end() || event->write_cb == nullptr) return;
  if (writable || (error_alone && !readable)) event->write_cb(event->userarg);
}

void GetdnsLoop::expired(std::uint64_t id) {
  const auto found = m_scheduled.find(id);
  if (found == m_scheduled.end()) return;
  Scheduled& scheduled = found->second;
  const auto pause = std::max(scheduled.timeout, shortest_repeat);
  scheduled.timer = m_loop.call_at(from_now(pause), [this, id] { expired(id); });
  getdns_eventloop_event* const event = scheduled.event;
  event->timeout_cb(event->userarg);
}

GetdnsLoop& GetdnsLoop::of(getdns_eventloop* base) {
  return *reinterpret_cast<Bridge*>(base)->self;  // `base` is Bridge's first member
}

void GetdnsLoop::on_cleanup(getdns_eventloop*) {
  // The loop is ours and outlives the context. WARNING: getdns clears events after this call.
}

getdns_return_t GetdnsLoop::on_schedule(getdns_eventloop* base, int fd, std::uint64_t timeout,
                                        getdns_eventloop_event* event) {
  // No exception may cross getdns's frames.
  try {
    return of(base).schedule(fd, timeout, event);
  } catch (...) {
    return GETDNS_RETURN_MEMORY_ERROR;
  }
}

getdns_return_t GetdnsLoop::on_clear(getdns_eventloop* base, getdns_eventloop_event* event) {
  of(base).clear(event);
  return GETDNS_RETURN_GOOD;
}

void GetdnsLoop::on_run(getdns_eventloop* base) {
  GetdnsLoop& self = of(base);
  while (!self.m_scheduled.empty()) self.m_loop.run_once(std::nullopt);
}

void GetdnsLoop::on_run_once(getdns_eventloop* base, int blocking) {
  constexpr std::chrono::milliseconds at_once{0};
  of(base).m_loop.run_once(blocking != 0 ? std::nullopt : std::optional(at_once));
}

}  // namespace danelaw::dns
