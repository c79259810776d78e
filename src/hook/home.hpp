// OpenSSL numbers ex_data by library context (OSSL_LIB_CTX): the same index means another's data in objects that were made
// while another context was the thread's default. Ours is the one in which we were first used; elsewhere we touch nothing,
// and what was attached fails.
#pragma once

#include <openssl/crypto.h>

namespace danelaw::hook {

[[nodiscard]] inline bool is_home_library_context() {
  // Without an argument it changes nothing and says what is set.
  static const OSSL_LIB_CTX* const home = OSSL_LIB_CTX_set0_default(nullptr);
  return OSSL_LIB_CTX_set0_default(nullptr) == home;
}

}  // namespace danelaw::hook
