// A query as this side makes it: one question, DO so that signatures come along, CD so that a validating resolver hands on what it
// would refuse (RFC 4035 section 4.9).
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "dns/answer.hpp"

namespace danelaw::dns {

/// Does not fragment on any path (RFC 9715 section 3.2); larger answers come over TCP.
inline constexpr std::uint16_t udp_payload_octets = 1232;
/// Queries are as long as a multiple of this (RFC 8467 section 4.1).
inline constexpr std::size_t padding_block_octets = 128;

/// As short as it can be.
[[nodiscard]] Buffer plain_query(std::uint16_t id, const Question& question);
/// With padding that hides how long the name is.
[[nodiscard]] Buffer padded_query(std::uint16_t id, const Question& question);

}  // namespace danelaw::dns
