// What stands in the file of trust anchors that follow their zone (RFC 5011; `trust_anchor_state`). The library judges the file; this only
// tells people what is in it.
#pragma once

#include <string>

namespace danelaw::cli {

/// "valid 20326, 38696; add-pending 4711 until 2026-12-21": the keys by state, with their tags.
[[nodiscard]] std::string keys_in_anchor_state(const std::string& path);

}  // namespace danelaw::cli
