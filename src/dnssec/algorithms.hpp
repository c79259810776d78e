// Which DNSSEC algorithms we can verify (RFC 9904; IANA's registries "DNS Security Algorithm Numbers" and "DS RR Type
// Digest Algorithms"). A zone whose DS records name none of them is insecure, not bogus (RFC 4035 section 5.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dnssec/digest.hpp"

namespace danelaw::dnssec {

enum class Algorithm : std::uint8_t {
  RsaSha1 = 5,
  RsaSha1Nsec3Sha1 = 7,
  RsaSha256 = 8,
  RsaSha512 = 10,
  EcdsaP256Sha256 = 13,
  EcdsaP384Sha384 = 14,
  Ed25519 = 15,
  Ed448 = 16,
};

/// Whether signatures over SHA-1 (algorithms 5 and 7) count. Off, zones that have no others are insecure.
enum class Sha1Signatures { Verify, Off };

/// The algorithm of that number where we verify it.
[[nodiscard]] std::optional<Algorithm> supported_algorithm(std::uint8_t number, Sha1Signatures sha1);

/// The hash function of a DS digest type where we know it.
[[nodiscard]] std::optional<Hash> supported_digest(std::uint8_t digest_type);
[[nodiscard]] std::size_t digest_octets(Hash hash);

/// What one verification costs at most, in units of one of P-256; measured with OpenSSL 3.0.
[[nodiscard]] std::size_t verification_cost(Algorithm algorithm);

}  // namespace danelaw::dnssec
