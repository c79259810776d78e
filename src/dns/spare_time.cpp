#include "dns/spare_time.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace danelaw::dns {
namespace {

// The process that works. In a forked child it may be the parent for ever, whose thread is not here.
std::atomic<pid_t> working{0};
std::atomic<bool> ending{false};

/// A disk that hangs must not keep the process.
constexpr int longest_wait = 1000;  // milliseconds

void wait_for_work() {
  ending = true;
  for (int waited = 0; waited < longest_wait && working == getpid(); ++waited)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

/// Handlers run in the reverse order: this one before those of the libraries that were used earlier.
bool is_registered() {
  static std::atomic<bool> registered{false};  // no lock: a fork could leave it held
  if (registered.exchange(true)) return true;
  if (std::atexit(wait_for_work) == 0) return true;
  registered = false;
  return false;
}

}  // namespace

SpareTime::SpareTime() {
  if (!is_registered()) return;
  pid_t nobody = working;
  if (nobody == getpid() || !working.compare_exchange_strong(nobody, getpid())) return;
  m_given = !ending;
  if (!m_given) working = 0;
}

SpareTime::~SpareTime() {
  if (m_given) working = 0;
}

}  // namespace danelaw::dns
