// Where trust begins: a DS or DNSKEY record that was configured for a name (RFC 4033 section 2). Files of them are
// read elsewhere; here they are only held.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/rr_type.hpp"

namespace danelaw::dnssec {

struct TrustAnchor {
  DnsName owner;
  RrType type = RrType::Ds;  ///< Ds or Dnskey
  Buffer rdata;
};
using TrustAnchors = std::vector<TrustAnchor>;

}  // namespace danelaw::dnssec
