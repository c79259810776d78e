// Our own matcher held against an acceptance of OpenSSL's engine (decision 0001).
//
// It recomputes the selected content of the certificate or key that OpenSSL says a record matched, and asks
// whether that record is one of ours, usable, and allowed at that depth. Signatures and paths are not built
// again; only the one signature that a bare trust-anchor key stands for is.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tlsa/usability.hpp"

namespace danelaw::verify {

/// What OpenSSL says about its acceptance.
struct Claim {
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  Bytes association_data;
  int depth = -1;                         ///< in `path`
  const STACK_OF(X509) * path = nullptr;  ///< the verified path, leaf first
  EVP_PKEY* bare_key = nullptr;           ///< the DANE-TA key, where no certificate carries it; else null
};

/// The index of our record that bears the claim out; nothing where none does.
[[nodiscard]] std::optional<std::size_t> second_opinion(const tlsa::RecordSet& records, const Claim& claim);

}  // namespace danelaw::verify
