#include "dns/worker.hpp"

#include <signal.h>

#include <chrono>
#include <exception>
#include <utility>

#include "base/own_work.hpp"
#include "dns/leave_behind.hpp"

namespace danelaw::dns {
namespace {

/// Threads with little stack are common in hosts; validation wants more than they have.
constexpr std::size_t stack_octets = 1024 * 1024;

/// With work on its way, the thread looks this often whether its descriptors are still there: nothing else would tell it.
constexpr std::chrono::milliseconds look_after{250};

/// A thread inherits the signal mask of the one that starts it.
class AllSignalsBlocked final {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &m_before);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t m_before{};
};

}  // namespace

struct Worker::Desk {
  Desk(std::unique_ptr<EventLoop> the_loop, Worker& worker)
      : loop(std::move(the_loop)),
        exchange(
            *loop, worker.m_settings.engine,
            [&worker](const Question& question) {
              return worker.m_cache.find(question, worker.m_settings.clock());
            },
            [&worker](const Question& question, const Answer& answer) {
              worker.m_cache.keep(question, answer, worker.m_settings.clock());
            }) {}

  const std::unique_ptr<EventLoop> loop;
  Exchange exchange;
};

Worker::Worker(const ResolverSettings& settings, AnswerCache& cache) : m_settings(settings), m_cache(cache) {}

std::unique_ptr<Worker> Worker::start(const ResolverSettings& settings, AnswerCache& cache,
                                      std::string& problem) {
  problem = "the system gives no thread for the resolver";
  std::unique_ptr<Worker> worker(new Worker(settings, cache));
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return nullptr;
  pthread_attr_setstacksize(&attributes, stack_octets);
  const AllSignalsBlocked blocked;
  worker->m_running = pthread_create(&worker->m_thread, &attributes, run, worker.get()) == 0;
  pthread_attr_destroy(&attributes);
  return worker->m_running ? std::move(worker) : nullptr;
}

Worker::~Worker() {
  if (!m_running) return;
  {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
    m_called.notify_one();
    if (m_desk) m_desk->loop->wake();
  }
  pthread_join(m_thread, nullptr);
}

void Worker::post(Posted posted) {
  const std::lock_guard lock(m_mutex);
  m_posted.push_back(std::move(posted));
  m_called.notify_one();
  if (m_desk) m_desk->loop->wake();
}

void* Worker::run(void* self) {
  pthread_setname_np(pthread_self(), "danelaw-dns");
  const OwnWork own;
  static_cast<Worker*>(self)->run_until_stopped();
  return nullptr;
}

void Worker::run_until_stopped() {
  while (wait_for_work()) {
    try {
      work();
    } catch (const LoopIsBroken&) {
      start_over();
    } catch (const std::exception& fault) {
      fail_all({tlsa::LookupFault::Internal, fault.what()});
    }
  }
  const FailedAnswer closed{tlsa::LookupFault::Cancelled, "the resolver was closed"};
  fail_all(closed);
  for (const Posted& posted : take_posted()) posted.job->fail(closed);
}

/// False once the worker is to stop.
bool Worker::wait_for_work() {
  std::unique_lock lock(m_mutex);
  if (!m_desk || m_desk->loop->is_idle()) m_called.wait(lock, [this] { return m_stop || !m_posted.empty(); });
  return !m_stop;
}

void Worker::work() {
  if (m_desk && !m_desk->loop->is_ours()) throw LoopIsBroken();
  do_posted(take_posted());
  if (m_desk) m_desk->loop->run_once(look_after);
}

std::vector<Worker::Posted> Worker::take_posted() {
  const std::lock_guard lock(m_mutex);
  return std::exchange(m_posted, {});
}

void Worker::do_posted(const std::vector<Posted>& posted) {
  std::string problem;
  if (!m_desk && !posted.empty()) {
    auto desk = make_desk(problem);
    const std::lock_guard lock(m_mutex);
    m_desk = std::move(desk);
  }
  for (const auto& [errand, job] : posted) {
    if (!m_desk) {
      job->fail({tlsa::LookupFault::Internal, problem});
    } else if (errand == Errand::Begin) {
      m_desk->exchange.start(job);
    } else {
      m_desk->exchange.abandon(job);
    }
  }
}

std::shared_ptr<Worker::Desk> Worker::make_desk(std::string& problem) {
  auto loop = EventLoop::create(problem);
  return loop ? std::make_shared<Desk>(std::move(loop), *this) : nullptr;
}

/// What was on its way there. The desk stays as it is, with the engine and its getdns context: their destruction would close
/// numbers that are the host's by now. Where the engine had root servers of its own, their file stays, too.
std::vector<Worker::SharedJob> Worker::lose_desk() {
  auto jobs = m_desk->exchange.give_up_desk();
  const std::lock_guard lock(m_mutex);
  leave_behind(std::exchange(m_desk, nullptr));
  return jobs;
}

/// Without delay only where somebody waits: a host that becomes a daemon may count on the numbers that it has freed.
void Worker::start_over() {
  std::vector<Posted> again;
  for (SharedJob& job : lose_desk()) again.push_back({Errand::Begin, std::move(job)});
  const std::lock_guard lock(m_mutex);
  m_posted.insert(m_posted.begin(), again.begin(), again.end());
}

void Worker::fail_all(const FailedAnswer& failure) {
  if (!m_desk) return;
  if (m_desk->loop->is_ours()) return m_desk->exchange.fail_all(failure);
  for (const SharedJob& job : lose_desk()) job->fail(failure);
}

}  // namespace danelaw::dns
