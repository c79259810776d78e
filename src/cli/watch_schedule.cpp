#include "watch_schedule.hpp"

namespace danelaw::cli {

Schedule::Schedule(std::size_t count, Time interval, Time now, std::uint64_t seed)
    : m_interval(interval), m_random(seed), m_spread(count, false) {
  for (std::size_t i = 0; i < count; ++i) m_due.emplace(now, i);
}

std::optional<std::size_t> Schedule::take(Time now) {
  if (m_due.empty() || m_due.top().first > now) return std::nullopt;
  const std::size_t service = m_due.top().second;
  m_due.pop();
  return service;
}

std::optional<Schedule::Time> Schedule::next() const {
  if (m_due.empty()) return std::nullopt;
  return m_due.top().first;
}

void Schedule::finished(std::size_t service, Time now) {
  const Time pause = m_spread[service] ? between(0.9, 1.1) : between(0.5, 1.0);
  m_spread[service] = true;
  m_due.emplace(now + pause, service);
}

Schedule::Time Schedule::between(double least, double most) {
  std::uniform_real_distribution<double> share(least, most);
  return Time(static_cast<Time::rep>(share(m_random) * static_cast<double>(m_interval.count())));
}

}  // namespace danelaw::cli
