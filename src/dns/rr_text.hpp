// RR types and RDATA for people: mnemonics and presentation forms (RFC 1035 section 5.1, RFC 3597).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/rr_type.hpp"

namespace danelaw::dns {

/// "TLSA", "AAAA" … in either case, or "TYPE52" (RFC 3597 section 5). Nothing for everything else.
[[nodiscard]] std::optional<RrType> type_from_text(std::string_view text);
/// The mnemonic, else "TYPE65280".
[[nodiscard]] std::string to_text(RrType type);

/// RDATA in its type's presentation form; in RFC 3597's (`\# length hex`) where we know none, or where the data does
/// not fit its type.
[[nodiscard]] std::string rdata_to_text(RrType type, Bytes rdata);

}  // namespace danelaw::dns
