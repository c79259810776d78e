// The worker's desk: the jobs on their way, the questions they wait for, and the engine that answers them. Everything here
// happens in the worker's thread.
//
// A question that several jobs wait for is asked once; one that nobody waits for any more is withdrawn.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/time.hpp"
#include "dns/engine.hpp"
#include "dns/event_loop.hpp"
#include "dns/job.hpp"

namespace danelaw::dns {

class Exchange final {
 public:
  using SharedJob = std::shared_ptr<Job>;
  using OnAnswer = std::function<void(const Question&, const Answer&)>;
  /// An answer that needs no engine.
  using Known = std::function<std::shared_ptr<const Answer>(const Question&)>;

  Exchange(EventLoop& loop, EngineFactory factory, Known known, OnAnswer on_answer);

  void start(const SharedJob& job);
  void abandon(const SharedJob& job);
  /// Ends every job, and forgets the engine: the next job begins with a new one.
  void fail_all(const FailedAnswer& failure);
  /// Gives every job back, as good as new, for another desk, and leaves the engine as it is: its descriptors may be
  /// somebody else's by now, so nothing of it, nor this desk, may be used or destroyed any more.
  std::vector<SharedJob> give_up_desk();

 private:
  struct Asked {
    std::optional<Engine::Ticket> ticket;  // nothing while ask() runs
    std::set<SharedJob> waiting;
  };

  void ask_what_is_missing(const SharedJob& job);
  void ask(const Question& question, const SharedJob& job);
  void answered(const Question& question, const Answer& answer);
  void forget(const SharedJob& job);
  [[nodiscard]] FailedAnswer failure_so_far(const SharedJob& job) const;

  EventLoop& m_loop;
  const EngineFactory m_factory;
  const Known m_known;
  const OnAnswer m_on_answer;
  std::unique_ptr<Engine> m_engine;
  std::map<Question, Asked> m_asked;
  std::map<SharedJob, EventLoop::TimerId> m_jobs;
};

}  // namespace danelaw::dns
