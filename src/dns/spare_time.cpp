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

std::atomic<pid_t> expecting{0};  // the process whose the count is
std::atomic<int> expected{0};

/// What a short program has learned is worth this much to the next one.
constexpr int wait_for_expected = 100;  // milliseconds
/// A disk that hangs must not keep the process.
constexpr int wait_for_working = 1000;

template <class Condition>
void wait_while(Condition condition, int longest) {
  for (int waited = 0; waited < longest && condition(); ++waited)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void wait_for_work() {
  wait_while([] { return expecting == getpid() && expected > 0; }, wait_for_expected);
  ending = true;
  wait_while([] { return working == getpid(); }, wait_for_working);
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

void SpareTime::expect(int more) {
  if (!is_registered()) return;
  if (expecting.exchange(getpid()) != getpid()) expected = 0;
  expected += more;
}

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
