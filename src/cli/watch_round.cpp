#include "watch_round.hpp"

#include <random>
#include <utility>

#include "exit.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

using Clock = std::chrono::steady_clock;

Schedule::Time now() { return std::chrono::duration_cast<Schedule::Time>(Clock::now().time_since_epoch()); }

}  // namespace

WatchRound::WatchRound(WatchGuard& guard, WatchBook& book, std::chrono::seconds interval, Tell tell)
    : m_guard(guard), m_book(book), m_interval(interval), m_tell(std::move(tell)) {}

WatchRound::~WatchRound() {
  {
    const std::lock_guard lock(m_mutex);
    m_is_over = true;
  }
  m_changed.notify_all();
}

void WatchRound::take(std::vector<WatchedService> list) {
  {
    const std::lock_guard lock(m_mutex);
    m_book.keep_only(list);
    m_schedule.emplace(list.size(), m_interval, now(), std::random_device()());
    m_progress = std::make_unique<Progress>(list.size());
    m_seen = 0;
    m_list = std::make_shared<const std::vector<WatchedService>>(std::move(list));
  }
  m_changed.notify_all();
}

void WatchRound::start(std::size_t jobs) {
  for (std::size_t i = 0; i < jobs; ++i) m_threads.emplace_back([this] { work(); });
}

bool WatchRound::stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(m_mutex);
  m_is_over = true;
  m_changed.notify_all();
  return m_changed.wait_for(lock, patience, [&] { return m_at_work == 0; });
}

void WatchRound::save() {
  const std::lock_guard lock(m_mutex);
  try {
    m_book.save();
    m_failure.clear();
  } catch (const Failure& failure) {
    if (m_failure == failure.what()) return;
    m_failure = failure.what();
    if (m_progress) m_progress->clear();
    print_error_line(m_failure);
  }
}

void WatchRound::work() {
  std::unique_lock lock(m_mutex);
  while (!m_is_over) {
    const std::optional<std::size_t> due = m_schedule->take(now());
    if (due) {
      look_at(*due, lock);
    } else {
      wait(lock);
    }
  }
}

void WatchRound::wait(std::unique_lock<std::mutex>& lock) {
  const std::optional<Schedule::Time> next = m_schedule->next();
  if (!next) return m_changed.wait(lock);
  m_changed.wait_until(lock, Clock::time_point(*next));
}

void WatchRound::look_at(std::size_t index, std::unique_lock<std::mutex>& lock) {
  const List list = m_list;
  ++m_at_work;
  lock.unlock();
  const Observation observation = m_guard.look((*list)[index]);
  lock.lock();
  --m_at_work;
  if (list == m_list) {
    if (m_progress) m_progress->clear();
    m_tell(m_book.enter((*list)[index].name, observation));
    m_schedule->finished(index, now());
    if (m_progress) m_progress->show(++m_seen);
    if (m_seen == list->size()) m_progress.reset();
  }
  m_changed.notify_all();
}

}  // namespace danelaw::cli
