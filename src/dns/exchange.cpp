#include "dns/exchange.hpp"

#include <utility>

namespace danelaw::dns {

Exchange::Exchange(EventLoop& loop, EngineFactory factory, Known known, OnAnswer on_answer)
    : m_loop(loop),
      m_factory(std::move(factory)),
      m_known(std::move(known)),
      m_on_answer(std::move(on_answer)) {}

void Exchange::start(const SharedJob& job) {
  const auto timer = m_loop.call_at(job->deadline(), [this, job] {
    job->give_up(failure_so_far(job));
    forget(job);
  });
  m_jobs.emplace(job, timer);
  ask_what_is_missing(job);
}

/// At the deadline: what is known to have failed by then, of any of its questions.
FailedAnswer Exchange::failure_so_far(const SharedJob& job) const {
  FailedAnswer sum{tlsa::LookupFault::Timeout, "no answer within the deadline"};
  for (const auto& [question, asked] : m_asked) {
    if (!m_engine || !asked.ticket || !asked.waiting.contains(job)) continue;
    const auto failure = m_engine->failure_so_far(*asked.ticket);
    if (!failure) continue;
    if (failure->fault != tlsa::LookupFault::Timeout) return *failure;
    sum.trace = failure->trace;
    if (!failure->reason.empty()) sum.reason = "no answer within the deadline: " + failure->reason;
  }
  return sum;
}

void Exchange::abandon(const SharedJob& job) {
  job->fail({tlsa::LookupFault::Cancelled, "the lookup was given up"});
  forget(job);
}

void Exchange::fail_all(const FailedAnswer& failure) {
  m_engine.reset();
  m_asked.clear();
  const auto jobs = std::exchange(m_jobs, {});
  for (const auto& [job, timer] : jobs) {
    m_loop.cancel(timer);
    job->fail(failure);
  }
}

std::vector<Exchange::SharedJob> Exchange::give_up_desk() {
  std::map<SharedJob, std::vector<Question>> unanswered;
  for (const auto& [question, asked] : std::exchange(m_asked, {}))
    for (const SharedJob& job : asked.waiting) unanswered[job].push_back(question);
  std::vector<SharedJob> jobs;
  for (const auto& [job, timer] : std::exchange(m_jobs, {})) {
    m_loop.cancel(timer);
    job->put_back(std::move(unanswered[job]));
    jobs.push_back(job);
  }
  return jobs;
}

/// Every answer may lead to new questions, some of which need no engine.
void Exchange::ask_what_is_missing(const SharedJob& job) {
  std::vector<Question> missing;
  while (!job->done() && !(missing = job->missing()).empty()) {
    for (const Question& question : missing) {
      if (job->done()) break;
      if (const auto answer = m_known(question)) {
        job->take(question, *answer);
      } else {
        ask(question, job);
      }
    }
  }
  if (job->done()) forget(job);
}

void Exchange::ask(const Question& question, const SharedJob& job) {
  const auto [asked, first_time] = m_asked.try_emplace(question);
  asked->second.waiting.insert(job);
  if (!first_time) return;

  FailedAnswer failure{tlsa::LookupFault::Internal, "no engine"};
  if (!m_engine) m_engine = m_factory(m_loop, failure);
  if (!m_engine) return answered(question, failure);
  const Engine::Ticket ticket =
      m_engine->ask(question, [this, question](const Answer& answer) { answered(question, answer); });
  // The answer may have come already, and what waited for it may be gone.
  const auto still_asked = m_asked.find(question);
  if (still_asked != m_asked.end()) still_asked->second.ticket = ticket;
}

void Exchange::answered(const Question& question, const Answer& answer) {
  const auto asked = m_asked.extract(question);
  if (asked.empty()) return;
  m_on_answer(question, answer);
  for (const SharedJob& job : asked.mapped().waiting) {
    job->take(question, answer);
    ask_what_is_missing(job);
  }
}

void Exchange::forget(const SharedJob& given) {
  const SharedJob job = given;  // the caller's may live in what is erased here
  const auto known = m_jobs.find(job);
  if (known == m_jobs.end()) return;
  m_loop.cancel(known->second);
  m_jobs.erase(known);
  for (auto asked = m_asked.begin(); asked != m_asked.end();) {
    asked->second.waiting.erase(job);
    const bool unwanted = asked->second.waiting.empty() && asked->second.ticket;
    if (unwanted && m_engine) m_engine->cancel(*asked->second.ticket);
    asked = unwanted ? m_asked.erase(asked) : std::next(asked);
  }
}

}  // namespace danelaw::dns
