#include "dns/job.hpp"

#include <utility>

namespace danelaw::dns {

std::vector<Question> Job::missing() {
  std::vector<Question> questions = std::exchange(m_put_back, {});
  for (Question& question : new_questions()) questions.push_back(std::move(question));
  return questions;
}

std::vector<Question> QuestionJob::new_questions() {
  if (std::exchange(m_named, true)) return {};
  return {m_question};
}

void QuestionJob::take(const Question& question, const Answer& got) {
  if (done() || question != m_question) return;
  set_done();
  answer.give(got);
}

void QuestionJob::fail(const FailedAnswer& failure) {
  if (done()) return;
  set_done();
  answer.give(failure);
}

TlsaJob::TlsaJob(const TlsaQuestion& question, Deadline deadline)
    : Job(deadline), m_host(question.host), m_search(question) {
  look();  // where aliases are not followed, the base domain is known already
}

void TlsaJob::take(const Question& question, const Answer& got) {
  if (done()) return;
  m_search.take(question, got);
  look();
}

void TlsaJob::give_up(const FailedAnswer& failure) {
  if (done()) return;
  m_search.give_up(failure);
  look();
}

void TlsaJob::look() {
  if (m_search.settled_base_domain()) base_domain.give(*m_search.settled_base_domain());
  if (m_search.answer()) finish(*m_search.answer());
}

void TlsaJob::fail(const FailedAnswer& failure) {
  if (!done()) finish({tlsa::LookupError{failure.fault, failure.reason}, m_host, false, 0});
}

void TlsaJob::finish(TlsaAnswer found) {
  set_done();
  base_domain.give(found.base_domain);
  answer.give(std::move(found));
}

}  // namespace danelaw::dns
