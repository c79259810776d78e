// Hexadecimal text both ways, the one place that knows the digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace danelaw {

/// Lower-case, without separators.
[[nodiscard]] std::string to_hex(Bytes octets);

/// Upper or lower case; an odd count of digits or any other character is nothing.
[[nodiscard]] std::optional<Buffer> from_hex(std::string_view text);

}  // namespace danelaw
