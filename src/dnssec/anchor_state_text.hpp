// The state of an automated trust anchor update (anchor_rollover.hpp) as text, so that people can read it and a cut or a slip of an
// editor is noticed. Read strictly and completely or not at all.
//
//   danelaw trust anchor state 1
//   zone .
//   seen 1800000000
//   next 1800043200
//   key valid 1790000000 0 0101030803010001…     (state, since, hold, RDATA of the DNSKEY in hexadecimal digits)
//   end
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dnssec/anchor_rollover.hpp"

namespace danelaw::dnssec {

inline constexpr std::size_t max_state_octets = 256 * 1024;

/// Fault::Anchor with the line that is wrong.
[[nodiscard]] Result<AnchorState> anchor_state_from_text(std::string_view text);
/// from_text() of it gives the same state.
[[nodiscard]] std::string to_text(const AnchorState& state);

}  // namespace danelaw::dnssec
