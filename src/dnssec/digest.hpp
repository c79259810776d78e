// The hash functions that DNSSEC records use, by OpenSSL.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>

#include "base/bytes.hpp"

namespace danelaw::dnssec {

enum class Hash { Sha1, Sha256, Sha384 };

/// Made once for many digests: NSEC3 hashes a name a hundred times.
class Hasher final {
 public:
  explicit Hasher(Hash hash);

  /// The digest of the parts one behind the other; nothing where this OpenSSL does not have the function.
  [[nodiscard]] std::optional<Buffer> digest(std::initializer_list<Bytes> parts);

 private:
  struct Free {
    void operator()(EVP_MD* md) const { EVP_MD_free(md); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD, Free> m_md;
  std::unique_ptr<EVP_MD_CTX, Free> m_context;
};

/// Each made when it is first needed: to look a function up by its name takes longer than to hash a record.
class Hashers final {
 public:
  Hasher& of(Hash hash) {
    auto& hasher = m_hashers[static_cast<std::size_t>(hash)];
    if (!hasher) hasher.emplace(hash);
    return *hasher;
  }

 private:
  std::array<std::optional<Hasher>, 3> m_hashers;
};

}  // namespace danelaw::dnssec
