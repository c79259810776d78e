// A value that one thread gives once and others wait for, by blocking or by polling a descriptor.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "base/time.hpp"
#include "dns/wake_up.hpp"

namespace danelaw::dns {

template <class T>
class Promise final {
 public:
  Promise() = default;
  ~Promise() = default;
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;

  /// Only the first value counts.
  void give(T value) {
    const std::lock_guard lock(m_mutex);
    if (m_value) return;
    m_value = std::make_shared<const T>(std::move(value));
    if (m_wake_up) m_wake_up->call();
    m_given.notify_all();
  }

  /// Null where there is none by `until`; a time that has passed does not wait.
  std::shared_ptr<const T> wait(Deadline until) {
    std::unique_lock lock(m_mutex);
    m_given.wait_until(lock, until, [this] { return m_value != nullptr; });
    return m_value;
  }

  /// Readable from when on there is a value. Made when first asked for: most are never polled; and anew where the host
  /// has closed it. -1 where none is to be had.
  int descriptor() {
    const std::lock_guard lock(m_mutex);
    if (!m_wake_up || !m_wake_up->is_ours()) {
      m_wake_up = WakeUp::create();
      if (m_wake_up && m_value) m_wake_up->call();
    }
    return m_wake_up ? m_wake_up->descriptor() : -1;
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_given;
  std::shared_ptr<const T> m_value;
  std::unique_ptr<const WakeUp> m_wake_up;
};

}  // namespace danelaw::dns
