// What lies between the apex of the deepest secure zone that we know and the name that is asked for: cuts, names that exist,
// and where the names end (RFC 6840 section 4.4, RFC 5155 section 8).
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "dnssec/denials.hpp"
#include "dnssec/judgement.hpp"

namespace danelaw::dnssec {

/// The name does not exist: an ancestor of the one that is asked for, or that itself. Its parent is the closest encloser.
struct NextCloser {
  DnsName name;
  EpochSeconds expires = 0;
};
/// A signed delegation whose DS records are not in the bag, or do not verify.
struct SecureCut {
  DnsName name;
};
/// None of that: the names of which nothing is known.
struct Open {
  std::vector<DnsName> unknown;
};
/// Insecure holds cut, reason and expiry only.
using Evidence = std::variant<Open, NextCloser, SecureCut, Insecure>;

[[nodiscard]] Evidence evidence_for(Denials& denials, const DnsName& apex, const Question& question,
                                    Work& work);

}  // namespace danelaw::dnssec
