#include "service/readiness.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace danelaw::service {
namespace {

void set_timer(int timer, std::chrono::milliseconds in) {
  constexpr long milliseconds = 1000;
  constexpr long nanoseconds = 1'000'000;
  const long left = std::max<long>(in.count(), 1);  // 0 would never go off
  itimerspec when{};
  when.it_value.tv_sec = left / milliseconds;
  when.it_value.tv_nsec = left % milliseconds * nanoseconds;
  timerfd_settime(timer, 0, &when, nullptr);
}

}  // namespace

std::unique_ptr<Readiness> Readiness::create(std::chrono::milliseconds deadline) {
  const int watcher = epoll_create1(EPOLL_CLOEXEC);
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  std::unique_ptr<Readiness> made(new Readiness(watcher, timer));
  if (watcher < 0 || timer < 0 || !made->watch(timer)) return nullptr;
  set_timer(timer, deadline);
  return made;
}

Readiness::~Readiness() {
  if (m_timer >= 0) close(m_timer);
  if (m_watcher >= 0) close(m_watcher);
}

bool Readiness::watch(int descriptor) const {
  epoll_event event{};
  event.events = EPOLLIN;
  return epoll_ctl(m_watcher, EPOLL_CTL_ADD, descriptor, &event) == 0 || errno == EEXIST;
}

void Readiness::call() const { set_timer(m_timer, std::chrono::milliseconds(0)); }

}  // namespace danelaw::service
