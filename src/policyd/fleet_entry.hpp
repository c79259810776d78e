// An entry as it lies in the fleet's store: a proof (danelaw/proof_store.h) with its end, sealed together with the name under which
// it lies. Pure: octets, keys and clock are given.
//
// The seal says that a service of the fleet wrote these octets under this name; it says nothing of what they prove, which the library
// judges anew. Without it whoever can write to the store could put back records that were genuine and have been changed since.
// What is in an entry is public, and not encrypted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "fleet_keys.hpp"

namespace danelaw::policyd {

/// "danelaw-fleet 1\n", the end, the proof, the seal.
inline constexpr std::size_t octets_beside_proof = 16 + 8 + seal_octets;
/// No answer lasts longer (danelaw/proof_store.h), so that an entry which does comes from a clock that is wrong.
inline constexpr std::int64_t longest_entry_seconds = 24 * 3600;

/// Why an entry is not taken. `Forged`: by nobody of this fleet, under another name, or changed since.
enum class Unopened { Malformed, Forged, Ended, TooLong };

/// `expiry`: seconds since 1970-01-01 UTC, from which on nobody may use it.
[[nodiscard]] std::string sealed_entry(const FleetKeys& keys, std::string_view name, std::string_view proof,
                                       std::int64_t expiry);
/// The proof, or why there is none.
[[nodiscard]] std::variant<std::string, Unopened> opened_entry(const FleetKeys& keys, std::string_view name,
                                                               std::string_view octets, std::int64_t now);

}  // namespace danelaw::policyd
