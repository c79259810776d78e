// The response codes (RFC 1035 section 4.1.1) that we act upon. No signature covers them, so they prove nothing; but a reply
// whose rcode denies what its records prove was changed on the way, and fails. One such pair is no contradiction: an alias whose own
// records were asked for, and the rcode of its target.
#pragma once

#include <cstdint>

#include "base/rr_type.hpp"

namespace danelaw::dns {

inline constexpr std::uint16_t noerror = 0;
inline constexpr std::uint16_t servfail = 2;
inline constexpr std::uint16_t nxdomain = 3;

/// True where `rcode` says that a name does not exist at which records of the type that was asked for are proven. Whoever asks for
/// CNAME records follows none (RFC 1034 section 4.3.2), but a resolver may have, and then its rcode is that of the last name
/// (RFC 6604 section 3).
[[nodiscard]] inline bool contradicts_records(std::uint16_t rcode, RrType asked) {
  return rcode == nxdomain && asked != RrType::Cname;
}

}  // namespace danelaw::dns
