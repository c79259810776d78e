// The octets that an RRSIG signs (RFC 4034 section 3.1.8.1), and whether its times and labels allow it to sign at all.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "dnssec/bag.hpp"
#include "dnssec/judgement.hpp"

namespace danelaw::dnssec {

/// RRSIG RDATA without the signature, then the RRset in canonical form with the original TTL. The labels must fit.
[[nodiscard]] Buffer signed_data(const Rrset& rrset, const Rrsig& rrsig);

/// RFC 4035 section 5.3.1, what needs no key; nothing where all is well.
[[nodiscard]] std::optional<BogusReason> fault_of(const Rrset& rrset, const Rrsig& rrsig, EpochSeconds now);

/// RFC 4034 section 3.1.5: the nearest second to now that an RRSIG's field can mean.
[[nodiscard]] EpochSeconds nearest(std::uint32_t field, EpochSeconds now);

/// When the signature ends. Only where fault_of() found nothing.
[[nodiscard]] EpochSeconds end_of(const Rrsig& rrsig, EpochSeconds now);

}  // namespace danelaw::dnssec
