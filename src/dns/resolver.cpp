#include "dns/resolver.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "dns/cache.hpp"
#include "dns/job.hpp"
#include "dns/leave_behind.hpp"
#include "dns/worker.hpp"

namespace danelaw::dns {
namespace {

/// How long an answer by a negative trust anchor is used.
constexpr EpochSeconds negative_anchor_seconds = 300;

/// Everything of a resolver that must not be shared with a forked child: locks, cache, thread.
class ProcessState final {
 public:
  ProcessState(const ResolverSettings& settings, ProcessState* abandoned)
      : m_settings(settings), m_cache(settings.cache_entries), m_abandoned(abandoned) {}

  [[nodiscard]] bool is_ours() const { return m_process == getpid(); }

  /// An answer that needs no engine.
  std::shared_ptr<const Answer> known(const Question& question) {
    const auto covers = [&](const DnsName& anchor) { return question.name.is_within(anchor); };
    const auto& anchors = m_settings.negative_anchors;
    const auto anchor = std::find_if(anchors.begin(), anchors.end(), covers);
    if (anchor == anchors.end()) return m_cache.find(question, m_settings.clock());
    return std::make_shared<const Answer>(
        InsecureAnswer{"the negative trust anchor " + anchor->to_text() + " covers it",
                       m_settings.clock() + negative_anchor_seconds, false});
  }

  void start(const std::shared_ptr<Job>& job) {
    if (answer_from_memory(*job)) return;
    const std::lock_guard lock(m_mutex);
    std::string problem;
    if (!m_worker) m_worker = Worker::start(m_settings, m_cache, problem);
    if (!m_worker) return job->fail({tlsa::LookupFault::Internal, problem});
    m_worker->begin(job);
  }

  void abandon(const std::shared_ptr<Job>& job) {
    const std::lock_guard lock(m_mutex);
    if (m_worker) m_worker->abandon(job);
  }

 private:
  /// Asks the cache everything that it can be asked; true where that was enough.
  bool answer_from_memory(Job& job) {
    std::vector<Question> unknown;
    for (std::vector<Question> missing = job.missing(); !job.done() && !missing.empty();
         missing = job.missing()) {
      for (const Question& question : missing) {
        if (const auto answer = known(question)) {
          job.take(question, *answer);
        } else {
          unknown.push_back(question);
        }
      }
    }
    job.put_back(std::move(unknown));
    return job.done();
  }

  const pid_t m_process = getpid();
  const ResolverSettings& m_settings;
  AnswerCache m_cache;
  std::mutex m_mutex;
  std::unique_ptr<Worker> m_worker;

  // The parent's state, kept reachable and never touched: one of its locks may be held by a thread that is not here.
  [[maybe_unused]] ProcessState* const m_abandoned;
};

class WorkingResolver;

/// What the asker holds. Used in a forked child, whose parent's worker is not there, it begins anew.
template <class JobType>
class Handle final {
 public:
  /// Begins a job; without a resolver it is one that has failed.
  using Begin = std::function<std::shared_ptr<JobType>(WorkingResolver*)>;

  Handle(std::weak_ptr<WorkingResolver> resolver, Begin begin, std::shared_ptr<JobType> job)
      : m_resolver(std::move(resolver)), m_begin(std::move(begin)), m_job(std::move(job)) {}
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  JobType& job();

 private:
  [[nodiscard]] bool is_ours() const { return m_process == getpid(); }

  const std::weak_ptr<WorkingResolver> m_resolver;
  const Begin m_begin;
  const pid_t m_process = getpid();
  std::shared_ptr<JobType> m_job;  // WARNING: not to be touched in another process: its locks may be held
  std::atomic<Handle*> m_successor{nullptr};  // owned; this handle in a forked child
};

class PendingAnswer final : public Pending<Answer> {
 public:
  explicit PendingAnswer(std::unique_ptr<Handle<QuestionJob>> handle) : m_handle(std::move(handle)) {}
  std::shared_ptr<const Answer> wait(Deadline until) override { return m_handle->job().answer.wait(until); }
  int descriptor() override { return m_handle->job().answer.descriptor(); }

 private:
  const std::unique_ptr<Handle<QuestionJob>> m_handle;
};

class PendingTlsaAnswer final : public PendingTlsa {
 public:
  explicit PendingTlsaAnswer(std::unique_ptr<Handle<TlsaJob>> handle) : m_handle(std::move(handle)) {}
  std::shared_ptr<const TlsaAnswer> wait(Deadline until) override {
    return m_handle->job().answer.wait(until);
  }
  int descriptor() override { return m_handle->job().answer.descriptor(); }
  std::optional<DnsName> wait_for_base_domain(Deadline until) override {
    const auto name = m_handle->job().base_domain.wait(until);
    if (!name) return std::nullopt;
    return *name;
  }

 private:
  const std::unique_ptr<Handle<TlsaJob>> m_handle;
};

class WorkingResolver final : public Resolver, public std::enable_shared_from_this<WorkingResolver> {
 public:
  explicit WorkingResolver(ResolverSettings settings)
      : m_settings(std::move(settings)), m_state(new ProcessState(m_settings, nullptr)) {}

  ~WorkingResolver() override {
    ProcessState* state = m_state.load();
    if (state->is_ours())
      delete state;
    else
      leave_behind(std::shared_ptr<ProcessState>(state, [](ProcessState*) {}));
  }
  WorkingResolver(const WorkingResolver&) = delete;
  WorkingResolver& operator=(const WorkingResolver&) = delete;

  std::shared_ptr<Pending<Answer>> ask(const Question& question) override {
    return std::make_shared<PendingAnswer>(handle<QuestionJob>(question));
  }
  std::shared_ptr<PendingTlsa> look_up(const TlsaQuestion& question) override {
    return std::make_shared<PendingTlsaAnswer>(handle<TlsaJob>(question));
  }
  [[nodiscard]] std::chrono::milliseconds deadline() const override { return m_settings.deadline; }

  void abandon(const std::shared_ptr<Job>& job) { state().abandon(job); }

 private:
  template <class JobType, class What>
  std::unique_ptr<Handle<JobType>> handle(const What& what) {
    const auto begin = [what](WorkingResolver* resolver) {
      const auto now = std::chrono::steady_clock::now();
      auto job = std::make_shared<JobType>(what, resolver == nullptr ? now : now + resolver->deadline());
      if (resolver == nullptr)
        job->fail({tlsa::LookupFault::Cancelled, "the resolver was closed"});
      else
        resolver->state().start(job);
      return job;
    };
    return std::make_unique<Handle<JobType>>(weak_from_this(), begin, begin(this));
  }

  /// This process's state. A forked child makes its own; where two of its threads try at once, one of them wins.
  ProcessState& state() {
    ProcessState* current = m_state.load();
    if (current->is_ours()) return *current;
    auto fresh = std::make_unique<ProcessState>(m_settings, current);
    if (m_state.compare_exchange_strong(current, fresh.get())) return *fresh.release();
    return *current;
  }

  const ResolverSettings m_settings;
  std::atomic<ProcessState*> m_state;
};

template <class JobType>
JobType& Handle<JobType>::job() {
  if (is_ours()) return *m_job;
  Handle* successor = m_successor.load();
  if (successor == nullptr) {
    auto fresh = std::make_unique<Handle>(m_resolver, m_begin, m_begin(m_resolver.lock().get()));
    // Where two threads try at once, one of them wins.
    if (m_successor.compare_exchange_strong(successor, fresh.get())) successor = fresh.release();
  }
  return successor->job();  // which may be another process's by now
}

template <class JobType>
Handle<JobType>::~Handle() {
  delete m_successor.load();
  if (!is_ours()) {
    leave_behind(std::move(m_job));
    return;
  }
  const bool ended = m_job->answer.wait(Deadline{}) != nullptr;
  if (ended) return;
  if (const auto resolver = m_resolver.lock()) resolver->abandon(m_job);
}

}  // namespace

std::shared_ptr<Resolver> Resolver::create(ResolverSettings settings) {
  return std::make_shared<WorkingResolver>(std::move(settings));
}

}  // namespace danelaw::dns
