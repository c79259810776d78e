// Base 32 with the extended hex alphabet and without padding (RFC 4648 section 7), as NSEC3 owners are written.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace danelaw::dnssec {

/// Lower case, as DnsName holds labels.
[[nodiscard]] std::string to_base32hex(Bytes octets);

/// Upper or lower case. Nothing where a character is not of the alphabet, where no octets have that many digits, or where
/// the bits left over are not zero.
[[nodiscard]] std::optional<Buffer> from_base32hex(Bytes text);

}  // namespace danelaw::dnssec
