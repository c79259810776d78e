// RDATA that sends a client on to another host: MX (RFC 1035 section 3.3.9) and SRV (RFC 2782). They say what is there;
// whether anybody may act on it is for service/ to say.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/result.hpp"

namespace danelaw::dns {

struct MxRecord {
  std::uint16_t preference = 0;
  DnsName exchange;  ///< the root: no mail is taken (RFC 7505)
  friend bool operator==(const MxRecord&, const MxRecord&) = default;
};

struct SrvRecord {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  DnsName target;  ///< the root: the service is decidedly not offered
  friend bool operator==(const SrvRecord&, const SrvRecord&) = default;
};

/// All of the RDATA, whose name is uncompressed: nothing may be missing and nothing left over.
[[nodiscard]] Result<MxRecord> mx_from_rdata(Bytes rdata);
[[nodiscard]] Result<SrvRecord> srv_from_rdata(Bytes rdata);

}  // namespace danelaw::dns
