// IP address literals, told apart from names. An address is never SNI (RFC 6066 section 3) and has no TLSA.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace danelaw {

/// The address in its canonical spelling (RFC 5952 for IPv6), without brackets and zone; nothing where `text` is none.
[[nodiscard]] std::optional<std::string> address_from_text(std::string_view text);

[[nodiscard]] inline bool is_address_literal(std::string_view text) {
  return address_from_text(text).has_value();
}

}  // namespace danelaw
