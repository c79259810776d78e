// The resolver's thread: it runs the event loop and does what other threads post to it.
//
// No signal is ever delivered to it, so the host's handlers run where the host expects them, and SIGPIPE does nothing.
#pragma once

#include <pthread.h>

#include <functional>
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
  using Task = std::function<void(Exchange&)>;

  /// `settings` and `cache` outlive the worker. Null where the system has no thread or descriptor left, with the reason.
  static std::unique_ptr<Worker> start(const ResolverSettings& settings, AnswerCache& cache,
                                       std::string& problem);

  /// Ends the thread; what is still on its way ends with LookupFault::Cancelled.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Has `task` done in the thread, soon. Any thread.
  void post(Task task);

 private:
  Worker(const ResolverSettings& settings, AnswerCache& cache, std::unique_ptr<EventLoop> loop);
  static void* run(void* self);
  void run_until_stopped();
  bool do_posted(Exchange& exchange);

  const ResolverSettings& m_settings;
  AnswerCache& m_cache;
  const std::unique_ptr<EventLoop> m_loop;
  pthread_t m_thread{};
  bool m_running = false;
  std::mutex m_mutex;
  std::vector<Task> m_posted;
  bool m_stop = false;
};

}  // namespace danelaw::dns
