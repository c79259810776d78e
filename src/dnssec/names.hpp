// What DNSSEC asks of names beyond equality: wildcards, canonical order (RFC 4034
// section 6.1, RFC 4592).
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/dns_name.hpp"

namespace danelaw::dnssec {

/// Strictly below: `name` itself is not.
[[nodiscard]] bool is_below(const DnsName& name, const DnsName& ancestor);

/// `*.encloser`; nothing where that would be too long to be a name, so that nobody can own it.
[[nodiscard]] std::optional<DnsName> wildcard_of(const DnsName& encloser);

/// RFC 4034 section 3.1.3: neither the root label nor a leftmost "*" counts.
[[nodiscard]] std::size_t signed_label_count(const DnsName& owner);

/// Octets whose order is the canonical order of the names (RFC 4034 section 6.1).
[[nodiscard]] std::string canonical_key(const DnsName& name);

}  // namespace danelaw::dnssec
