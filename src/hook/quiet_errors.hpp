// What our callbacks leave behind in the host's thread: nothing. A host that finds an old error in OpenSSL's queue, or
// another errno than its own call left there, takes that call for failed; and one that cancels a thread must not have
// it unwound through OpenSSL's frames.
#pragma once

#include <openssl/err.h>
#include <pthread.h>

#include <cerrno>

namespace danelaw::hook {

/// Errors that are pushed while this lives are taken off again.
class QuietErrors final {
 public:
  QuietErrors() : m_errno(errno) { ERR_set_mark(); }
  ~QuietErrors() {
    ERR_pop_to_mark();
    errno = m_errno;
  }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;

 private:
  int m_errno;
};

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
