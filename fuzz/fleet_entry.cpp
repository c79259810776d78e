// An entry of a fleet's store, by somebody who has not the key: what opens is what was sealed, under the same name and before its end.
// The first octet says what is done, the second where; the rest is an entry as it came, or what is sealed and then spoiled.
#include "policyd/fleet_entry.hpp"

#include <string>
#include <string_view>
#include <variant>

#include "danelaw/proof_store.h"
#include "fuzz_assert.hpp"

using namespace danelaw::policyd;

namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr std::int64_t end = now + 300;
const std::string name = "danelaw:0123456789abcdef";

const FleetKeys& keys() {
  static const FleetKeys made = FleetKeys::from_text(std::string(64, 'a')).value();
  return made;
}
const FleetKeys& other_keys() {
  static const FleetKeys made = FleetKeys::from_text(std::string(64, 'b')).value();
  return made;
}

bool opens(std::string_view octets, std::string_view under = name, std::int64_t at = now) {
  return std::holds_alternative<std::string>(opened_entry(keys(), under, octets, at));
}

/// Nobody but who has the key can write it: sealed again it is the same octets.
void check_foreign(std::string_view octets) {
  const auto opened = opened_entry(keys(), name, octets, now);
  const auto* const proof = std::get_if<std::string>(&opened);
  if (proof == nullptr) return;
  bool is_ours = false;
  for (std::int64_t until = now + 1; until <= now + longest_entry_seconds && !is_ours; ++until)
    is_ours = sealed_entry(keys(), name, *proof, until) == octets;
  FUZZ_ASSERT(is_ours);
}

void check_spoiled(std::string_view proof, std::size_t place) {
  const std::string entry = sealed_entry(keys(), name, proof, end);
  const bool may_be_one = !proof.empty() && entry.size() <= octets_beside_proof + DANELAW_PROOF_ENTRY_MOST;
  FUZZ_ASSERT(opens(entry) == may_be_one);
  const std::size_t at = place * entry.size() / 256;
  std::string changed = entry;
  changed[at] = static_cast<char>(changed[at] ^ (1 << place % 8));
  FUZZ_ASSERT(!opens(changed));
  FUZZ_ASSERT(!opens(std::string_view(entry).substr(0, at)));
  FUZZ_ASSERT(!opens(std::string_view(entry).substr(at + 1)));
  FUZZ_ASSERT(!opens(entry, name.substr(0, place % name.size())));
  FUZZ_ASSERT(!opens(entry, name, end) && !opens(sealed_entry(other_keys(), name, proof, end)));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data + 2), size - 2);
  if (data[0] % 2 == 0)
    check_foreign(rest);
  else
    check_spoiled(rest, data[1]);
  return 0;
}
