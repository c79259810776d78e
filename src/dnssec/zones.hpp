// Secure zones: from an anchor or from validated DS records to the keys that may sign (RFC 4035 section 5.2).
#pragma once

#include <map>
#include <variant>

#include "dnssec/bag.hpp"
#include "dnssec/known.hpp"
#include "dnssec/signatures.hpp"
#include "dnssec/trust_anchor.hpp"
#include "dnssec/work.hpp"

namespace danelaw::dnssec {

/// Those that can be followed: algorithm and digest type known (RFC 4035 section 5.2, RFC 6840 section 5.2), and no SHA-1
/// beside better (RFC 4509 section 3).
[[nodiscard]] std::vector<Ds> usable(std::vector<Ds> all, Sha1Signatures sha1);

/// The zone's DNSKEY records are not in the bag.
struct KeysMissing {
  DnsName zone;
};
/// Insecure holds cut, reason and expiry only.
using Entrance = std::variant<Bogus, ZoneKeys*, Insecure, KeysMissing>;

class Zones final {
 public:
  /// `known` may be null.
  Zones(const Bag& bag, const TrustAnchors& anchors, const Known* known, Signatures& signatures, Work& work)
      : m_bag(bag), m_anchors(anchors), m_known(known), m_signatures(signatures), m_work(work) {}

  /// By the anchors of that name; there must be one.
  Entrance enter_anchored(const DnsName& name);

  /// By DS records that the parent's keys have signed.
  Entrance enter_child(const DnsName& name, const Rrset& ds, const Signed& ds_signed, const ZoneKeys& parent);

  /// A zone that was entered before, here or in an earlier judgement; null where it was not.
  ZoneKeys* find(const DnsName& name);

  [[nodiscard]] std::map<DnsName, ZoneKeys>& entered() { return m_zones; }

 private:
  struct Link {
    DnsName zone;
    std::vector<Ds> ds;
    std::vector<Buffer> keys;  ///< DNSKEY RDATA, from anchors
    EpochSeconds signed_until = Insecure::never;
    EpochSeconds expires = Insecure::never;
  };
  Entrance enter(const Link& link);
  [[nodiscard]] bool is_usable(const Link& link) const;
  [[nodiscard]] bool leads_to(const Link& link, const Dnskey& key) const;
  [[nodiscard]] std::vector<ZoneKey> linked_keys(const Link& link, const std::vector<ZoneKey>& keys);

  const Bag& m_bag;
  const TrustAnchors& m_anchors;
  const Known* m_known;
  Signatures& m_signatures;
  Work& m_work;
  std::map<DnsName, ZoneKeys> m_zones;
};

}  // namespace danelaw::dnssec
