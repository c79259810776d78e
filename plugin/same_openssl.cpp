#include "same_openssl.hpp"

#include <dlfcn.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "danelaw/openssl.h"

namespace danelaw::plugin {
namespace {

/// Where the object that holds `address` is loaded; null for none.
const void* base_of(const void* address) noexcept {
  Dl_info info{};
  return dladdr(address, &info) == 0 ? nullptr : info.dli_fbase;
}

template <class Function>
const void* base_of_function(Function* function) noexcept {
  return base_of(reinterpret_cast<const void*>(function));
}

/// A few of each kind: what makes, what reads, what calls back.
template <std::size_t N>
bool are_one(const std::array<const void*, N>& bases) noexcept {
  return bases[0] != nullptr &&
         std::all_of(bases.begin(), bases.end(), [&](const void* base) { return base == bases[0]; });
}

}  // namespace

OpensslIs openssl_is() noexcept {
  const std::array libssl{base_of_function(SSL_new),
                          base_of_function(SSL_CTX_new),
                          base_of_function(SSL_get_ex_data),
                          base_of_function(SSL_CTX_set_cert_verify_callback),
                          base_of_function(SSL_get_servername),
                          base_of_function(SSL_CTX_add_custom_ext)};
  const std::array libcrypto{base_of_function(CRYPTO_get_ex_new_index), base_of_function(NCONF_get_string),
                             base_of_function(X509_verify_cert), base_of_function(OpenSSL_version_num)};
  constexpr unsigned long major_shift = 28;
  if (OpenSSL_version_num() >> major_shift != 3) return OpensslIs::Another;
  return are_one(libssl) && are_one(libcrypto) ? OpensslIs::Whole : OpensslIs::Mixed;
}

bool is_our_openssl(const void* caller) noexcept {
  const void* base = base_of(caller);
  return base != nullptr && base == base_of_function(NCONF_get_string);
}

}  // namespace danelaw::plugin
