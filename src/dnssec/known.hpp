// What earlier judgements have proven, so that it need not be proven again: the keys of secure zones, cuts below which
// nothing is signed, and signatures that verified. It is good for the trust anchors and the policy that it was learned
// with, and for no others. Entries have an end, and count only before it.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/dns_name.hpp"
#include "base/time.hpp"
#include "dnssec/dnskey.hpp"
#include "dnssec/judgement.hpp"
#include "dnssec/public_key.hpp"

namespace danelaw::dnssec {

/// A key of a secure zone, and what OpenSSL made of it as soon as that was needed.
struct ZoneKey {
  Dnskey dnskey;
  std::shared_ptr<const PublicKey> parsed;
};

/// The keys with which a secure zone may be signed.
struct ZoneKeys {
  DnsName zone;
  std::vector<ZoneKey> keys;
  EpochSeconds signed_until = 0;  ///< the first end of a signature on the way from the anchor
  EpochSeconds expires = 0;       ///< that, or the end of the TTL of its DS or DNSKEY records
};

/// SHA-256 over key, signature and what is signed.
using CheckDigest = std::array<std::uint8_t, 32>;

struct Known {
  std::map<DnsName, ZoneKeys> zones;
  std::map<DnsName, Insecure> cuts;
  std::set<CheckDigest> verified;

  /// Takes in what a judgement returned.
  void learn(Known more);

  /// Drops what ended, and all of `verified` where it holds more than `max_verified` entries.
  void forget(EpochSeconds now, std::size_t max_verified);
};

}  // namespace danelaw::dnssec
