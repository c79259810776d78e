// Names in other scripts to A-labels (RFC 5890, RFC 5891), by getdns.
#pragma once

#include <string>
#include <string_view>

#include "base/dns_name.hpp"
#include "base/result.hpp"

namespace danelaw::dns {

/// A host name as people type it (UTF-8, optional trailing dot) as a DnsName that is_host_name(). Everything else
/// is a Problem with Fault::Name that says what is wrong.
Result<DnsName> host_name_from_text(std::string_view text);

/// What somebody typed, for a line for people: in quotes, of bounded length, without control characters.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace danelaw::dns
