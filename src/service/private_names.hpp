// Names that are nobody's business but this host's or network's: no question about them is put to DNS (R-private).
#pragma once

#include <vector>

#include "base/dns_name.hpp"

namespace danelaw::service {

/// True for localhost, local. and onion. (RFC 6761 section 6.3, RFC 6762 section 3, RFC 7686 section 2), for
/// `never_asked`, and for all below them.
[[nodiscard]] bool is_private(const DnsName& name, const std::vector<DnsName>& never_asked);

}  // namespace danelaw::service
