// DNSKEY and DS RDATA (RFC 4034 sections 2 and 5), and how one points at the other.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/result.hpp"
#include "dnssec/digest.hpp"

namespace danelaw::dnssec {

/// RFC 4034 appendix B, over DNSKEY RDATA. Tags may collide: they choose candidates and prove nothing.
[[nodiscard]] std::uint16_t key_tag(Bytes dnskey_rdata);

struct Dnskey {
  std::uint16_t flags = 0;
  std::uint8_t protocol = 0;
  std::uint8_t algorithm = 0;
  Buffer public_key;
  Buffer rdata;  ///< all of it
  std::uint16_t tag = 0;

  static Result<Dnskey> from_rdata(Bytes rdata);

  /// RFC 4034 section 2.1: zone key bit and protocol 3; RFC 5011 section 2.1: not revoked.
  [[nodiscard]] bool may_sign_zone() const;
};

struct Ds {
  std::uint16_t key_tag = 0;
  std::uint8_t algorithm = 0;
  std::uint8_t digest_type = 0;
  Buffer digest;

  static Result<Ds> from_rdata(Bytes rdata);
  friend bool operator==(const Ds&, const Ds&) = default;

  /// RFC 4034 section 5.1.4: the digest is of the owner in canonical form and the DNSKEY RDATA. False where the digest
  /// type is none that we know.
  [[nodiscard]] bool matches(const DnsName& owner, const Dnskey& key) const;
  /// The same, with hashers that are kept for the next time.
  [[nodiscard]] bool matches(Hashers& hashers, const DnsName& owner, const Dnskey& key) const;
};

}  // namespace danelaw::dnssec
