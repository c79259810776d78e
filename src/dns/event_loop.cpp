#include "dns/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <utility>

#include "os/system_errors.hpp"

namespace danelaw::dns {
namespace {

constexpr std::size_t events_at_once = 64;

/// Our own descriptors in the epoll set.
constexpr std::uint64_t timer_token = 1;
constexpr std::uint64_t wake_token = 2;
constexpr std::uint64_t first_free_token = 3;

bool control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t token) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  return epoll_ctl(epoll, operation, fd, &event) == 0;
}

bool control_own(int epoll, int operation, int fd, std::uint64_t token) {
  return control(epoll, operation, fd, EPOLLIN, token);
}

void drain(int fd) {
  std::uint64_t count = 0;
  while (read(fd, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

}  // namespace

std::unique_ptr<EventLoop> EventLoop::create(std::string& problem) {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  auto wake_up = WakeUp::create();
  if (epoll >= 0 && timer >= 0 && wake_up && control_own(epoll, EPOLL_CTL_ADD, timer, timer_token) &&
      control_own(epoll, EPOLL_CTL_ADD, wake_up->descriptor(), wake_token))
    return std::unique_ptr<EventLoop>(new EventLoop(epoll, timer, std::move(wake_up)));
  problem = "no descriptors for an event loop: " + text_of_error(errno);
  for (const int fd : {timer, epoll})
    if (fd >= 0) close(fd);
  return nullptr;
}

EventLoop::EventLoop(int epoll, int timer, std::unique_ptr<const WakeUp> wake_up)
    : m_epoll(epoll),
      m_timer(timer),
      m_wake_up(std::move(wake_up)),
      m_mailbox(std::make_shared<Mailbox>(*m_wake_up)),
      m_next(first_free_token) {}

EventLoop::~EventLoop() {
  m_mailbox->close();
  if (!is_ours()) return;
  close(m_timer);
  close(m_epoll);
}

bool EventLoop::is_ours() const {
  // Epoll descriptors and timerfds cannot be told from others of their kind, but nobody else's epoll set holds our
  // wake-up, and ours knows its timer not by its number alone. To set what is set already changes nothing.
  return m_wake_up->is_ours() && control_own(m_epoll, EPOLL_CTL_MOD, m_wake_up->descriptor(), wake_token) &&
         control_own(m_epoll, EPOLL_CTL_MOD, m_timer, timer_token);
}

void EventLoop::require_ours() const {
  if (!is_ours()) throw LoopIsBroken();
}

bool EventLoop::is_idle() const { return m_watches.empty() && m_timers.empty() && m_deferred.empty(); }

void EventLoop::wake() { m_wake_up->call(); }

void EventLoop::run_once(std::optional<std::chrono::milliseconds> timeout) {
  std::array<epoll_event, events_at_once> ready{};
  constexpr auto longest = std::chrono::milliseconds(std::numeric_limits<int>::max());
  int wait = -1;
  if (timeout) wait = static_cast<int>(std::clamp(*timeout, std::chrono::milliseconds(0), longest).count());
  if (!m_deferred.empty()) wait = 0;
  require_ours();
  const int count = epoll_wait(m_epoll, ready.data(), static_cast<int>(ready.size()), wait);
  if (count < 0 && errno != EINTR) throw LoopIsBroken();
  require_ours();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready[static_cast<std::size_t>(i)];
    dispatch(event.data.u64, event.events);
  }
  run_posted();
  run_deferred();  // what has come counts, be it handed over a moment later, before a timer says that it has not
  run_timers();
}

void EventLoop::dispatch(std::uint64_t token, std::uint32_t events) {
  if (token == timer_token) {
    if (is_ours()) drain(m_timer);
    m_armed.reset();  // run_timers() follows and arms it again
    return;
  }
  if (token == wake_token) return m_wake_up->drain();
  const auto fd = m_tokens.find(token);
  if (fd == m_tokens.end()) return;  // unwatched by a callback of this very round
  const std::vector<WatchId> watches = m_sources.at(fd->second).watches;
  constexpr std::uint32_t errors = EPOLLERR | EPOLLHUP;  // whoever reads or writes finds out what happened
  for (const WatchId id : watches) {
    const auto watch = m_watches.find(id);
    if (watch == m_watches.end() || (events & (watch->second.events | errors)) == 0) continue;
    const std::shared_ptr<const Ready> callback = watch->second.ready;
    (*callback)(events);
  }
}

EventLoop::WatchId EventLoop::watch(int fd, std::uint32_t events, Ready ready) {
  const WatchId id = m_next++;
  m_watches.emplace(id, Watch{fd, events, std::make_shared<const Ready>(std::move(ready))});
  Source& source = m_sources[fd];
  source.watches.push_back(id);
  if (is_ours() && put(fd, source)) return id;
  unwatch(id);
  return 0;
}

void EventLoop::unwatch(WatchId id) {
  const auto watch = m_watches.find(id);
  if (watch == m_watches.end()) return;
  const int fd = watch->second.fd;
  m_watches.erase(watch);
  Source& source = m_sources[fd];
  std::erase(source.watches, id);
  const std::uint32_t events = events_of(source);
  // Both fail where the number is no longer the descriptor that was put in, which is out already.
  if (is_ours()) control(m_epoll, events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD, fd, events, source.token);
  if (events != 0) return;
  m_tokens.erase(source.token);
  m_sources.erase(fd);
}

std::uint32_t EventLoop::events_of(const Source& source) const {
  std::uint32_t events = 0;
  for (const WatchId id : source.watches) events |= m_watches.at(id).events;
  return events;
}

/// Into the epoll set, as its watches want. The set knows files and not numbers: where the host has closed a descriptor that was in,
/// what now has its number is not, and goes in under a token of its own.
bool EventLoop::put(int fd, Source& source) {
  const std::uint32_t events = events_of(source);
  if (source.token != 0) {
    if (control(m_epoll, EPOLL_CTL_MOD, fd, events, source.token)) return true;
    if (errno != ENOENT) return false;
    m_tokens.erase(source.token);
  }
  source.token = m_next++;
  m_tokens[source.token] = fd;
  return control(m_epoll, EPOLL_CTL_ADD, fd, events, source.token);
}

EventLoop::TimerId EventLoop::call_at(Deadline when, Action action) {
  const TimerId id = m_next++;
  m_timers.emplace(when, Timer{id, std::move(action)});
  m_timer_times.emplace(id, when);
  arm_timer();
  return id;
}

void EventLoop::cancel(TimerId id) {
  const auto time = m_timer_times.find(id);
  if (time == m_timer_times.end()) return;
  const auto [begin, end] = m_timers.equal_range(time->second);
  m_timers.erase(std::find_if(begin, end, [id](const auto& entry) { return entry.second.id == id; }));
  m_timer_times.erase(time);
  arm_timer();
}

void EventLoop::run_timers() {
  const Deadline now = std::chrono::steady_clock::now();
  const TimerId newest = m_next;  // one that is set in this round waits for the next
  for (auto next = m_timers.begin(); next != m_timers.end() && next->first <= now;) {
    if (next->second.id >= newest) {
      ++next;
      continue;
    }
    const Action action = std::move(next->second.action);
    m_timer_times.erase(next->second.id);
    m_timers.erase(next);
    action();
    next = m_timers.begin();  // the action may have changed everything
  }
  arm_timer();
}

void EventLoop::arm_timer() {
  std::optional<Deadline> earliest;
  if (!m_timers.empty()) earliest = m_timers.begin()->first;
  if (earliest == m_armed || !is_ours()) return;
  itimerspec spec{};
  if (earliest) {
    // Absolute time zero would disarm; the past is as good one nanosecond later.
    const auto since = std::max(earliest->time_since_epoch(), Deadline::duration(1));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
    spec.it_value.tv_sec = seconds.count();
    spec.it_value.tv_nsec = std::chrono::nanoseconds(since - seconds).count();
  }
  if (timerfd_settime(m_timer, TFD_TIMER_ABSTIME, &spec, nullptr) == 0) m_armed = earliest;
}

void EventLoop::defer(Action action) {
  if (m_deferred.empty()) wake();  // for an outer loop that polls descriptor()
  m_deferred.push_back(std::move(action));
}

void EventLoop::run_posted() {
  for (const Action& action : m_mailbox->take()) action();
}

void EventLoop::run_deferred() {
  if (m_deferred.empty()) return;
  require_ours();  // failures that its loss has brought about are nobody's answers
  // What these defer in turn waits for the next round: a loop that feeds itself must not starve the descriptors.
  for (const Action& action : std::exchange(m_deferred, {})) action();
}

}  // namespace danelaw::dns
