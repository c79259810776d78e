// The state of trust anchors as text: what is read is written as the same text, and nothing else is read.
#include "dnssec/anchor_state_text.hpp"
#include "fuzz_assert.hpp"

using namespace danelaw::dnssec;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto state = anchor_state_from_text(text);
  if (!state) return 0;
  FUZZ_ASSERT(to_text(*state) == text);
  FUZZ_ASSERT(state->keys.size() <= max_followed_keys);
  const TrustAnchors anchors = anchors_of(*state, {});
  FUZZ_ASSERT(anchors.size() <= state->keys.size());
  for (const TrustAnchor& anchor : anchors) FUZZ_ASSERT(anchor.owner == state->zone);
  return 0;
}
