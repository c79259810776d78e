// Where a CNAME or a DNAME leads (RFC 1034 section 3.6.2, RFC 6672).
#pragma once

#include "base/result.hpp"
#include "dnssec/bag.hpp"

namespace danelaw::dnssec {

/// The name in RDATA that holds one name and nothing else; Fault::Name where it does not.
[[nodiscard]] Result<DnsName> alias_target(Bytes rdata);

/// RFC 6672 section 2.2: `name`, which lies below `owner`, moved below `target`. Fault::Name where that is too long.
[[nodiscard]] Result<DnsName> substituted(const DnsName& name, const DnsName& owner, const DnsName& target);

}  // namespace danelaw::dnssec
