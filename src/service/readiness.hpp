// One descriptor that stands for several, and for a deadline: readable when any of them is, or when the time has come.
#pragma once

#include <chrono>
#include <memory>

namespace danelaw::service {

class Readiness final {
 public:
  /// Null where the system has no descriptors left.
  static std::unique_ptr<Readiness> create(std::chrono::milliseconds deadline);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  /// From now on `descriptor` counts, until it is closed. Once or several times. False where it cannot be watched.
  bool watch(int descriptor) const;
  /// Readable from now on.
  void call() const;
  [[nodiscard]] int descriptor() const { return m_watcher; }

 private:
  Readiness(int watcher, int timer) : m_watcher(watcher), m_timer(timer) {}
  const int m_watcher;
  const int m_timer;
};

}  // namespace danelaw::service
