// A DNSKEY's public key as OpenSSL verifies with it: RSA (RFC 3110, 5702), ECDSA (RFC 6605), EdDSA (RFC 8080).
//
// Refused: keys and signatures that are not exactly in the form their RFC gives, points off the curve, and RSA keys
// whose size makes verification weak or expensive.
#pragma once

#include <openssl/evp.h>

#include <memory>

#include "base/bytes.hpp"
#include "dnssec/algorithms.hpp"

namespace danelaw::dnssec {

inline constexpr std::size_t min_rsa_octets = 64;          ///< RFC 3110 section 4.2, RFC 5702: 512 bits
inline constexpr std::size_t min_rsa_sha512_octets = 128;  ///< RFC 5702 section 2.2: 1024 bits
inline constexpr std::size_t max_rsa_octets = 512;         ///< RFC 5702 section 2: 4096 bits
inline constexpr std::size_t max_rsa_exponent_octets = 5;  ///< 2^32 + 1 is the largest that is in use
inline constexpr std::size_t max_signature_octets = 512;   ///< RSA's with the largest key

class PublicKey final {
 public:
  /// From the public key field of a DNSKEY; null where it is none of that algorithm.
  static std::shared_ptr<const PublicKey> from_dnskey(Algorithm algorithm, Bytes key);

  [[nodiscard]] bool verifies(Bytes data, Bytes signature) const;
  [[nodiscard]] Algorithm algorithm() const { return m_algorithm; }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  PublicKey(Algorithm algorithm, EVP_PKEY* key) : m_algorithm(algorithm), m_key(key) {}

  Algorithm m_algorithm;
  std::unique_ptr<EVP_PKEY, Free> m_key;
};

}  // namespace danelaw::dnssec
