#include "dns/worker.hpp"

#include <signal.h>

#include <exception>
#include <utility>

#include "base/own_work.hpp"

namespace danelaw::dns {
namespace {

/// Threads with little stack are common in hosts; validation wants more than they have.
constexpr std::size_t stack_octets = 1024 * 1024;

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

Worker::Worker(const ResolverSettings& settings, AnswerCache& cache, std::unique_ptr<EventLoop> loop)
    : m_settings(settings), m_cache(cache), m_loop(std::move(loop)) {}

std::unique_ptr<Worker> Worker::start(const ResolverSettings& settings, AnswerCache& cache,
                                      std::string& problem) {
  auto loop = EventLoop::create(problem);
  if (!loop) return nullptr;
  std::unique_ptr<Worker> worker(new Worker(settings, cache, std::move(loop)));
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return nullptr;
  pthread_attr_setstacksize(&attributes, stack_octets);
  const AllSignalsBlocked blocked;
  worker->m_running = pthread_create(&worker->m_thread, &attributes, run, worker.get()) == 0;
  pthread_attr_destroy(&attributes);
  if (worker->m_running) return worker;
  problem = "the system gives no thread for the resolver";
  return nullptr;
}

Worker::~Worker() {
  if (!m_running) return;
  {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
  }
  m_loop->wake();
  pthread_join(m_thread, nullptr);
}

void Worker::post(Task task) {
  {
    const std::lock_guard lock(m_mutex);
    m_posted.push_back(std::move(task));
  }
  m_loop->wake();
}

void* Worker::run(void* self) {
  pthread_setname_np(pthread_self(), "danelaw-dns");
  const OwnWork own;
  static_cast<Worker*>(self)->run_until_stopped();
  return nullptr;
}

void Worker::run_until_stopped() {
  Exchange exchange(
      *m_loop, m_settings.engine,
      [this](const Question& question) { return m_cache.find(question, m_settings.clock()); },
      [this](const Question& question, const Answer& answer) {
        m_cache.keep(question, answer, m_settings.clock());
      });
  bool going_on = true;
  while (going_on) {
    try {
      going_on = do_posted(exchange);
      if (going_on) m_loop->run_once(std::nullopt);
    } catch (const LoopIsBroken& fault) {
      exchange.fail_all({tlsa::LookupFault::Internal, fault.what()});
      going_on = false;
    } catch (const std::exception& fault) {
      exchange.fail_all({tlsa::LookupFault::Internal, fault.what()});
    }
  }
  exchange.fail_all({tlsa::LookupFault::Cancelled, "the resolver was closed"});
}

/// False once the worker is to stop; what was posted before that is still done, so that it can be failed.
bool Worker::do_posted(Exchange& exchange) {
  std::vector<Task> posted;
  bool stop = false;
  {
    const std::lock_guard lock(m_mutex);
    posted.swap(m_posted);
    stop = m_stop;
  }
  for (const Task& task : posted) task(exchange);
  return !stop;
}

}  // namespace danelaw::dns
