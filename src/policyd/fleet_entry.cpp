#include "fleet_entry.hpp"

#include "danelaw/proof_store.h"

namespace danelaw::policyd {
namespace {

constexpr std::string_view magic = "danelaw-fleet 1\n";
constexpr std::size_t number_octets = 8;
static_assert(magic.size() + number_octets + seal_octets == octets_beside_proof);

std::string number(std::uint64_t value) {
  std::string octets;
  for (int shift = 56; shift >= 0; shift -= 8) octets += static_cast<char>(value >> shift);
  return octets;
}

std::uint64_t number_in(std::string_view octets) {
  std::uint64_t value = 0;
  for (const char octet : octets) value = value << 8 | static_cast<std::uint8_t>(octet);
  return value;
}

/// What the seal is over. The name's length keeps a part of it from passing for what follows.
std::string bound_to(std::string_view name, std::string_view entry) {
  std::string octets = number(name.size());
  octets += name;
  octets += entry;
  return octets;
}

}  // namespace

std::string sealed_entry(const FleetKeys& keys, std::string_view name, std::string_view proof,
                         std::int64_t expiry) {
  std::string entry(magic);
  entry += number(static_cast<std::uint64_t>(expiry));
  entry += proof;
  const Seal seal = keys.seal(bound_to(name, entry));
  entry.append(reinterpret_cast<const char*>(seal.data()), seal.size());
  return entry;
}

std::variant<std::string, Unopened> opened_entry(const FleetKeys& keys, std::string_view name,
                                                 std::string_view octets, std::int64_t now) {
  if (octets.size() <= octets_beside_proof || octets.size() > octets_beside_proof + DANELAW_PROOF_ENTRY_MOST)
    return Unopened::Malformed;
  if (!octets.starts_with(magic)) return Unopened::Malformed;
  const std::string_view seal = octets.substr(octets.size() - seal_octets);
  octets.remove_suffix(seal_octets);
  if (!keys.is_sealed(bound_to(name, octets), seal)) return Unopened::Forged;
  const auto expiry = static_cast<std::int64_t>(number_in(octets.substr(magic.size(), number_octets)));
  if (expiry <= now) return Unopened::Ended;
  if (expiry - now > longest_entry_seconds) return Unopened::TooLong;
  return std::string(octets.substr(magic.size() + number_octets));
}

}  // namespace danelaw::policyd
