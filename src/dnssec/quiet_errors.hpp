// OpenSSL's error queue belongs to the host program: a signature that does not verify must leave no trace in it.
#pragma once

#include <openssl/err.h>

namespace danelaw::dnssec {

/// Drops every error that is raised while it lives.
class QuietErrors final {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

}  // namespace danelaw::dnssec
