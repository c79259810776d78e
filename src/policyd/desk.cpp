#include "desk.hpp"

#include <ctime>
#include <utility>

namespace danelaw::policyd {

Desk::Desk(EventLoop& loop, Sources sources, DeskLimits limits, DeskWatcher& watcher)
    : m_loop(loop), m_sources(std::move(sources)), m_limits(limits), m_watcher(watcher) {}

void Desk::use(Sources sources, DeskLimits limits) {
  m_sources = std::move(sources);
  m_limits = limits;
  ++m_generation;
  m_kept.clear();
  m_used.clear();
  start_next();
}

void Desk::answer(const Outcome& outcome, const Waiter& waiter) {
  m_watcher.answered(outcome.reply, outcome.account.get(),
                     std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - waiter.since));
  waiter.done(outcome.reply);
}

void Desk::ask(std::string_view text, Done done) {
  Waiter waiter{std::move(done), Clock::now()};
  Key key = key_of(text);
  if (key.next_hop.empty()) return answer({{Word::NotFound, ""}, nullptr}, waiter);
  if (const auto outcome = kept(key.next_hop)) return answer(*outcome, waiter);
  if (m_waiting == max_waiting) return answer({{Word::Temp, "too many requests wait"}, nullptr}, waiter);
  const auto found = m_searches.find(key.next_hop);
  if (found == m_searches.end() && m_queue.size() == m_limits.queued())
    return answer({{Word::Temp, "too many domains wait"}, nullptr}, waiter);
  ++m_waiting;
  if (found != m_searches.end()) {
    found->second.waiters.push_back(std::move(waiter));
    return;
  }
  const std::string next_hop = key.next_hop;
  Job& job = m_searches[next_hop];
  job.key = std::move(key);
  job.waiters.push_back(std::move(waiter));
  m_queue.push_back(next_hop);
  start_next();
}

std::optional<Desk::Outcome> Desk::kept(const std::string& next_hop) {
  const auto found = m_kept.find(next_hop);
  if (found == m_kept.end()) return std::nullopt;
  if (found->second.expires <= std::time(nullptr)) {
    m_used.erase(found->second.place);
    m_kept.erase(found);
    return std::nullopt;
  }
  m_used.splice(m_used.begin(), m_used, found->second.place);
  return found->second.outcome;
}

void Desk::keep(const std::string& next_hop, const Outcome& outcome, std::int64_t expires) {
  if (expires <= std::time(nullptr) || m_limits.domains == 0) return;
  const auto [place, is_new] = m_kept.try_emplace(next_hop);
  if (is_new) place->second.place = m_used.insert(m_used.begin(), &place->first);
  place->second.outcome = outcome;
  place->second.expires = expires;
  if (m_kept.size() <= m_limits.domains) return;
  const auto last = m_kept.find(*m_used.back());
  m_used.pop_back();
  m_kept.erase(last);
}

void Desk::start_next() {
  if (m_starting) return;  // a search that ended at once leaves its place to the loop below
  m_starting = true;
  while (m_running < m_limits.searches && !m_queue.empty()) {
    const std::string next_hop = std::move(m_queue.front());
    m_queue.pop_front();
    start(m_searches.at(next_hop));
  }
  m_starting = false;
}

void Desk::start(Job& job) {
  ++m_running;
  job.generation = m_generation;
  job.search = std::make_unique<Search>(
      m_loop, m_sources, job.key,
      [this, next_hop = job.key.next_hop](Finding finding) { end(next_hop, std::move(finding)); });
  job.search->start();
}

void Desk::end(const std::string& next_hop, Finding finding) {
  auto node = m_searches.extract(next_hop);
  Job& job = node.mapped();
  --m_running;
  m_waiting -= job.waiters.size();
  const Outcome outcome{finding.reply, m_watcher.found(finding)};
  if (job.generation == m_generation) keep(node.key(), outcome, finding.expires);
  for (const Waiter& waiter : job.waiters) answer(outcome, waiter);
  start_next();
}

}  // namespace danelaw::policyd
