// What our work leaves behind in the host's thread: nothing. A host that finds an old error in OpenSSL's queue, or another
// errno than its own call left there, takes that call for failed.
#pragma once

#include <openssl/err.h>

#include <cerrno>

namespace danelaw {

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

}  // namespace danelaw
