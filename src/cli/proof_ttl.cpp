#include "proof_ttl.hpp"

#include <algorithm>

#include "cursor.hpp"

namespace danelaw::cli {
namespace {

constexpr std::uint16_t type_rrsig = 46;
constexpr std::uint8_t longest_label = 63;

/// False where there is no whole name without compression.
[[nodiscard]] bool skip_name(Cursor& cursor) {
  for (;;) {
    const std::optional<std::uint32_t> length = cursor.number(1);
    if (!length || *length > longest_label) return false;
    if (*length == 0) return true;
    if (!cursor.take(*length)) return false;
  }
}

/// RFC 4034 section 3.1: type covered (2), algorithm (1), labels (1), original TTL (4) …
std::optional<std::uint32_t> ttl_of_signature(Octets rdata, std::uint16_t type) {
  Cursor cursor(rdata);
  if (cursor.number(2) != type || !cursor.take(2)) return std::nullopt;
  return cursor.number(4);
}

}  // namespace

std::optional<std::uint32_t> original_ttl(std::span<const std::uint8_t> proof, std::uint16_t type) {
  std::optional<std::uint32_t> longest;
  Cursor cursor(proof);
  while (!cursor.is_at_end()) {
    if (!skip_name(cursor)) return std::nullopt;
    const std::optional<std::uint32_t> record_type = cursor.number(2);
    if (!cursor.take(6)) return std::nullopt;  // class and TTL
    const std::optional<std::uint32_t> length = cursor.number(2);
    const std::optional<Octets> rdata = length ? cursor.take(*length) : std::nullopt;
    if (!rdata) return std::nullopt;
    if (record_type != type_rrsig) continue;
    const std::optional<std::uint32_t> ttl = ttl_of_signature(*rdata, type);
    if (ttl) longest = std::max(longest.value_or(0), *ttl);
  }
  return longest;
}

}  // namespace danelaw::cli
