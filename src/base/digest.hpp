// SHA-2 by OpenSSL's libcrypto.
#pragma once

#include <openssl/evp.h>

#include "base/bytes.hpp"

namespace danelaw {

/// The algorithms, fetched once for the process: OpenSSL would look them up anew for every digest, which costs twice as much
/// as the digest of a key. Constants that are never freed, since nothing tells when the last thread is done.
[[nodiscard]] const EVP_MD* sha2_256();
[[nodiscard]] const EVP_MD* sha2_512();

/// Empty where it cannot be made.
[[nodiscard]] Buffer digest_of(Bytes octets, const EVP_MD* algorithm);

}  // namespace danelaw
