// The response codes (RFC 1035 section 4.1.1) that we act upon. No signature covers them: what is proven stands whatever they say,
// and a reply that denies what it proves was changed on the way.
#pragma once

#include <cstdint>

#include "base/rr_type.hpp"

namespace danelaw::dns {

inline constexpr std::uint16_t noerror = 0;
inline constexpr std::uint16_t servfail = 2;
inline constexpr std::uint16_t nxdomain = 3;

/// True where `rcode` says that a name does not exist at which records of the type that was asked for are proven. RFC 6604 section 3:
/// it speaks of the end of the aliases, so beside an alias that was itself asked for it may speak of that alias's target.
[[nodiscard]] inline bool contradicts_records(std::uint16_t rcode, RrType asked) {
  return rcode == nxdomain && asked != RrType::Cname;
}

}  // namespace danelaw::dns
