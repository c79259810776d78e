#include "base/digest.hpp"

namespace danelaw {

const EVP_MD* sha2_256() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  return fetched != nullptr ? fetched : EVP_sha256();
}

const EVP_MD* sha2_512() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA2-512", nullptr);
  return fetched != nullptr ? fetched : EVP_sha512();
}

Buffer digest_of(Bytes octets, const EVP_MD* algorithm) {
  Buffer value(static_cast<std::size_t>(EVP_MD_get_size(algorithm)));
  if (EVP_Digest(octets.data(), octets.size(), value.data(), nullptr, algorithm, nullptr) != 1) return {};
  return value;
}

}  // namespace danelaw
