// What our callbacks leave behind in the host's thread: nothing in OpenSSL's error queue nor in errno; and a host that cancels
// a thread must not have it unwound through OpenSSL's frames.
#pragma once

#include <pthread.h>

#include "base/quiet_errors.hpp"

namespace danelaw::hook {

/// pthread_cancel() takes effect after this is gone, at the host's next cancellation point.
class DeferredCancellation final {
 public:
  DeferredCancellation() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &m_before); }
  ~DeferredCancellation() { pthread_setcancelstate(m_before, nullptr); }
  DeferredCancellation(const DeferredCancellation&) = delete;
  DeferredCancellation& operator=(const DeferredCancellation&) = delete;

 private:
  int m_before = PTHREAD_CANCEL_ENABLE;
};

}  // namespace danelaw::hook
