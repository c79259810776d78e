// A value that one thread gives once and others wait for, by blocking or by polling a descriptor.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "base/time.hpp"

namespace danelaw::dns {

template <class T>
class Promise final {
 public:
  Promise() = default;
  ~Promise() {
    if (m_descriptor >= 0) close(m_descriptor);
  }
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;

  /// Only the first value counts.
  void give(T value) {
    const std::lock_guard lock(m_mutex);
    if (m_value) return;
    m_value = std::make_shared<const T>(std::move(value));
    if (m_descriptor >= 0) eventfd_write(m_descriptor, 1);
    m_given.notify_all();
  }

  /// Null where there is none by `until`; a time that has passed does not wait.
  std::shared_ptr<const T> wait(Deadline until) {
    std::unique_lock lock(m_mutex);
    m_given.wait_until(lock, until, [this] { return m_value != nullptr; });
    return m_value;
  }

  /// Readable from when on there is a value. Made when first asked for: most are never polled. -1 where none is to be had.
  int descriptor() {
    const std::lock_guard lock(m_mutex);
    if (m_descriptor < 0) m_descriptor = eventfd(m_value ? 1 : 0, EFD_CLOEXEC | EFD_NONBLOCK);
    return m_descriptor;
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_given;
  std::shared_ptr<const T> m_value;
  int m_descriptor = -1;
};

}  // namespace danelaw::dns
