// Many things of one kind, a few at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace danelaw::cli {

/// Calls `work(i)` for every i below `count`, in at most `at_once` threads. The first exception is thrown again when all
/// threads have ended; what has not begun by then is left undone.
template <class Work>
void in_parallel(std::size_t count, std::size_t at_once, Work work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t helpers = count < at_once ? count : at_once;
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(take_turns);
  take_turns();
  threads.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace danelaw::cli
