#include "dnssec/algorithms.hpp"

namespace danelaw::dnssec {

std::optional<Algorithm> supported_algorithm(std::uint8_t number, Sha1Signatures sha1) {
  const auto algorithm = static_cast<Algorithm>(number);
  switch (algorithm) {
    case Algorithm::RsaSha1:
    case Algorithm::RsaSha1Nsec3Sha1:
      if (sha1 == Sha1Signatures::Off) return std::nullopt;
      return algorithm;
    case Algorithm::RsaSha256:
    case Algorithm::RsaSha512:
    case Algorithm::EcdsaP256Sha256:
    case Algorithm::EcdsaP384Sha384:
    case Algorithm::Ed25519:
    case Algorithm::Ed448:
      return algorithm;
  }
  return std::nullopt;
}

std::optional<Hash> supported_digest(std::uint8_t digest_type) {
  if (digest_type == 1) return Hash::Sha1;    // RFC 3658
  if (digest_type == 2) return Hash::Sha256;  // RFC 4509
  if (digest_type == 4) return Hash::Sha384;  // RFC 6605
  return std::nullopt;
}

std::size_t digest_octets(Hash hash) {
  switch (hash) {
    case Hash::Sha1:
      return 20;
    case Hash::Sha256:
      return 32;
    case Hash::Sha384:
      return 48;
  }
  return 0;
}

std::size_t verification_cost(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::RsaSha1:
    case Algorithm::RsaSha1Nsec3Sha1:
    case Algorithm::RsaSha256:
    case Algorithm::RsaSha512:
    case Algorithm::EcdsaP256Sha256:
      return 1;
    case Algorithm::EcdsaP384Sha384:
      return 9;
    case Algorithm::Ed25519:
      return 2;
    case Algorithm::Ed448:
      return 3;
  }
  return 1;
}

}  // namespace danelaw::dnssec
