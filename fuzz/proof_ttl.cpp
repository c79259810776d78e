// A proof that came from the network, of which the tool reads the original TTL: every prefix and every type, and never more than the
// octets say.
#include "src/cli/proof_ttl.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "fuzz_assert.hpp"

using danelaw::cli::original_ttl;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> octets(data, size);
  for (const auto type : std::initializer_list<std::uint16_t>{1, 48, 52}) {
    const auto whole = original_ttl(octets, type);
    // A chain beside itself says the same; one that is cut in its last octet is none, or had one record less.
    std::vector<std::uint8_t> twice(octets.begin(), octets.end());
    twice.insert(twice.end(), octets.begin(), octets.end());
    if (whole) FUZZ_ASSERT(original_ttl(twice, type) == whole);
    if (size != 0 && whole) FUZZ_ASSERT(original_ttl(octets.first(size - 1), type) == std::nullopt);
  }
  return 0;
}
