// Our event loop as getdns wants it (getdns_eventloop), so that its sockets and timers wait together with ours.
#pragma once

#include <getdns/getdns_extra.h>

#include <cstdint>
#include <map>

#include "dns/event_loop.hpp"

namespace danelaw::dns {

class GetdnsLoop final {
 public:
  explicit GetdnsLoop(EventLoop& loop);
  ~GetdnsLoop();
  GetdnsLoop(const GetdnsLoop&) = delete;
  GetdnsLoop& operator=(const GetdnsLoop&) = delete;

  /// For getdns_context_set_eventloop(). Must outlive the context.
  [[nodiscard]] getdns_eventloop* get() { return &m_bridge.base; }

  /// How many times getdns was told that a descriptor is ready: while it stays the same, nothing has been received.
  [[nodiscard]] std::uint64_t arrivals() const { return m_arrivals; }

 private:
  /// What getdns holds; leads back to us.
  struct Bridge {
    getdns_eventloop base{};
    GetdnsLoop* self = nullptr;
  };
  /// One getdns_eventloop_event that is scheduled.
  struct Scheduled {
    getdns_eventloop_event* event = nullptr;
    EventLoop::WatchId watch = 0;
    EventLoop::TimerId timer = 0;
    std::chrono::milliseconds timeout{0};
  };

  getdns_return_t schedule(int fd, std::uint64_t timeout, getdns_eventloop_event* event);
  void clear(getdns_eventloop_event* event);
  void ready(std::uint64_t id, std::uint32_t events);
  void expired(std::uint64_t id);

  static GetdnsLoop& of(getdns_eventloop* base);
  static void on_cleanup(getdns_eventloop* base);
  static getdns_return_t on_schedule(getdns_eventloop* base, int fd, std::uint64_t timeout,
                                     getdns_eventloop_event* event);
  static getdns_return_t on_clear(getdns_eventloop* base, getdns_eventloop_event* event);
  static void on_run(getdns_eventloop* base);
  static void on_run_once(getdns_eventloop* base, int blocking);

  EventLoop& m_loop;
  Bridge m_bridge;
  std::uint64_t m_next = 1;
  std::uint64_t m_arrivals = 0;
  std::map<std::uint64_t, Scheduled> m_scheduled;  // by the number that stands in the event's `ev`
};

}  // namespace danelaw::dns
