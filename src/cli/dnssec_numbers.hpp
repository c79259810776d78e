// Mnemonics of the numbers in DNSSEC records (IANA's registries "DNS Security Algorithm Numbers" and "DS RR Type Digest Algorithms").
#pragma once

#include <cstdint>
#include <string>

namespace danelaw::cli {

/// "ECDSAP256SHA256"; "" where the number has none.
[[nodiscard]] const char* algorithm_mnemonic(std::int64_t algorithm);
/// "SHA-256"; likewise.
[[nodiscard]] const char* digest_mnemonic(std::int64_t digest_type);

/// "13 ECDSAP256SHA256", or the number alone.
[[nodiscard]] std::string algorithm_text(std::int64_t algorithm);
[[nodiscard]] std::string digest_text(std::int64_t digest_type);

/// RFC 4034 section 2.1.1 and RFC 5011 section 2.1: "257: zone key, SEP, revoked".
[[nodiscard]] std::string dnskey_flags_text(std::int64_t flags);

}  // namespace danelaw::cli
