// One lookup on its way: what the asking thread and the worker share.
//
// The worker alone calls missing(), take() and fail(), and before it the asking thread, which looks into the cache; the
// promises are for any thread.
#pragma once

#include <vector>

#include "base/time.hpp"
#include "dns/answer.hpp"
#include "dns/base_domain.hpp"
#include "dns/promise.hpp"

namespace danelaw::dns {

class Job {
 public:
  explicit Job(Deadline deadline) : m_deadline(deadline) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  [[nodiscard]] Deadline deadline() const { return m_deadline; }
  [[nodiscard]] bool done() const { return m_done; }

  /// Questions not yet named by an earlier call, or put back.
  std::vector<Question> missing();
  /// Names them again with the next call of missing().
  void put_back(std::vector<Question> unanswered) { m_put_back = std::move(unanswered); }
  virtual void take(const Question& question, const Answer& answer) = 0;
  /// Ends the job without an answer; nothing where it is done.
  virtual void fail(const FailedAnswer& failure) = 0;
  /// Ends the job with what has come, counting as failed what has not.
  virtual void give_up(const FailedAnswer& failure) { fail(failure); }

 protected:
  virtual std::vector<Question> new_questions() = 0;
  void set_done() { m_done = true; }

 private:
  const Deadline m_deadline;
  std::vector<Question> m_put_back;
  bool m_done = false;
};

/// A single question.
class QuestionJob final : public Job {
 public:
  QuestionJob(Question question, Deadline deadline) : Job(deadline), m_question(std::move(question)) {}
  void take(const Question& question, const Answer& answer) override;
  void fail(const FailedAnswer& failure) override;

  Promise<Answer> answer;

 private:
  std::vector<Question> new_questions() override;
  const Question m_question;
  bool m_named = false;
};

/// The search for a service's TLSA records.
class TlsaJob final : public Job {
 public:
  TlsaJob(const TlsaQuestion& question, Deadline deadline);
  void take(const Question& question, const Answer& answer) override;
  void fail(const FailedAnswer& failure) override;
  void give_up(const FailedAnswer& failure) override;

  Promise<DnsName> base_domain;
  Promise<TlsaAnswer> answer;

 private:
  std::vector<Question> new_questions() override { return m_search.missing(); }
  void look();
  void finish(TlsaAnswer found);
  const DnsName m_host;
  BaseDomainSearch m_search;
};

}  // namespace danelaw::dns
