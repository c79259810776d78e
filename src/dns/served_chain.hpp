// What a server's own proof says about its TLSA records (RFC 9102): the octets of its dnssec_chain extension, read and judged
// as any other proof. Pure: no I/O, no clock.
//
// The TLSA base domain is the name as given; host aliases are not chased (section 3), aliases of the TLSA owner are. A chain that
// proves nothing is an error of this source alone: the caller may still ask DNS.
#pragma once

#include <chrono>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "dns/base_domain.hpp"
#include "dns/trust_anchors.hpp"

namespace danelaw::dns {

struct ServedAnswer {
  TlsaAnswer answer;  ///< never an error
  std::chrono::hours support_lifetime{};
};

/// `question.aliases` does not matter. Fault::Lookup where the chain proves nothing.
[[nodiscard]] Result<ServedAnswer> judge_served_chain(const TlsaQuestion& question, Bytes extension_data,
                                                      const TrustAnchors& anchors, EpochSeconds now);

}  // namespace danelaw::dns
