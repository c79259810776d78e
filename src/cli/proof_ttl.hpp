// The TTL that a zone gave its records: a signature carries it (RFC 4034 section 3.1.4), whatever is left of it in the answer of
// a resolver that had it in its cache.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace danelaw::cli {

constexpr std::uint16_t type_tlsa = 52;

/// The longest Original TTL of the signatures over records of `type` in an AuthenticationChain (RFC 9102 section 2.3), which was
/// validated: nothing is judged here. Nothing where there is none, or the octets are no chain.
[[nodiscard]] std::optional<std::uint32_t> original_ttl(std::span<const std::uint8_t> proof,
                                                        std::uint16_t type);

}  // namespace danelaw::cli
