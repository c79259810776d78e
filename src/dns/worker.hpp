// The resolver's thread: it runs the event loop and does what other threads post to it.
//
// What it needs descriptors for, its desk, is made with the first job and whenever the host, which may close them
// (daemons close all that they do not know), has taken them away. A thread without work does not wait on them, so that the
// next job finds it in any case, and costs nothing.
//
// No signal is ever delivered to it, so the host's handlers run where the host expects them, and SIGPIPE does nothing.
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dns/cache.hpp"
#include "dns/exchange.hpp"
#include "dns/resolver.hpp"

namespace danelaw::dns {

class Worker final {
 public:
  using SharedJob = Exchange::SharedJob;

  /// `settings` and `cache` outlive the worker. Null where the system has no thread left, with the reason.
  static std::unique_ptr<Worker> start(const ResolverSettings& settings, AnswerCache& cache,
                                       std::string& problem);

  /// Ends the thread; what is still on its way ends with LookupFault::Cancelled.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Any thread. Where there are no descriptors left, the job fails.
  void begin(const SharedJob& job) { post({Errand::Begin, job}); }
  void abandon(const SharedJob& job) { post({Errand::Abandon, job}); }

 private:
  enum class Errand { Begin, Abandon };
  struct Posted {
    Errand errand;
    SharedJob job;
  };
  struct Desk;

  Worker(const ResolverSettings& settings, AnswerCache& cache);
  void post(Posted posted);
  static void* run(void* self);
  void run_until_stopped();
  bool wait_for_work();
  void work();
  std::vector<Posted> take_posted();
  void do_posted(const std::vector<Posted>& posted);
  std::shared_ptr<Desk> make_desk(std::string& problem);
  std::vector<SharedJob> lose_desk();
  void start_over();
  void fail_all(const FailedAnswer& failure);

  const ResolverSettings& m_settings;
  AnswerCache& m_cache;
  pthread_t m_thread{};
  bool m_running = false;
  std::mutex m_mutex;
  std::condition_variable m_called;
  std::shared_ptr<Desk> m_desk;  // the thread's; the mutex is for its change, and for others to wake its loop
  std::vector<Posted> m_posted;
  bool m_stop = false;
};

}  // namespace danelaw::dns
