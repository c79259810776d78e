// A struct of the interface that may have grown since its caller was compiled, or that a later library's caller filled.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>

namespace danelaw::capi {

/// More than any of these structs will ever have.
inline constexpr std::size_t max_struct_octets = 4096;

/// The members that both sides know; those of ours that the caller does not know are zero. Nothing where the size is less than the struct
/// had at `first`, or where a member that we do not know was set: what it asks for must not be left out in silence.
template <typename Struct>
[[nodiscard]] std::optional<Struct> known_part(const Struct* given, std::size_t first = sizeof(Struct)) {
  Struct known{};
  if (given == nullptr) return known;
  if (given->size < first || given->size > max_struct_octets) return std::nullopt;
  const std::span octets(reinterpret_cast<const unsigned char*>(given), given->size);
  const auto ours = std::min(sizeof known, octets.size());
  const auto unknown = octets.subspan(ours);
  if (std::any_of(unknown.begin(), unknown.end(), [](unsigned char octet) { return octet != 0; }))
    return std::nullopt;
  std::memcpy(&known, octets.data(), ours);
  known.size = sizeof known;
  return known;
}

}  // namespace danelaw::capi
