#include "dnssec/zones.hpp"

#include <algorithm>

namespace danelaw::dnssec {

namespace {

Bogus bogus(BogusReason reason, const DnsName& zone, std::string_view what) {
  return Bogus{reason, zone.to_text() + ": " + std::string(what)};
}

std::vector<ZoneKey> keys_of(const Rrset& rrset) {
  std::vector<ZoneKey> keys;
  for (const Bytes rdata : rrset.rdatas) {
    auto key = Dnskey::from_rdata(rdata);
    if (key) keys.push_back({std::move(*key), nullptr});
  }
  return keys;
}

bool is_sha1(const Ds& ds) { return supported_digest(ds.digest_type) == Hash::Sha1; }

/// RFC 4509 section 3: SHA-1 does not count where something stronger that we can use is there.
void drop_weak(std::vector<Ds>& all) {
  if (!std::ranges::all_of(all, is_sha1)) std::erase_if(all, is_sha1);
}

}  // namespace

std::vector<Ds> usable(std::vector<Ds> all, Sha1Signatures sha1) {
  std::erase_if(all, [&](const Ds& ds) {
    return !supported_algorithm(ds.algorithm, sha1) || !supported_digest(ds.digest_type);
  });
  drop_weak(all);
  return all;
}

Entrance Zones::enter_anchored(const DnsName& name) {
  if (ZoneKeys* const zone = find(name)) return zone;
  m_signatures.note<Entering>(name, nullptr);
  Link link{name, {}, {}};
  for (const TrustAnchor& anchor : m_anchors) {
    if (anchor.owner != name) continue;
    if (anchor.type == RrType::Dnskey) link.keys.push_back(anchor.rdata);
    if (anchor.type != RrType::Ds) continue;
    auto ds = Ds::from_rdata(anchor.rdata);
    if (ds) link.ds.push_back(std::move(*ds));
  }
  link.ds = usable(std::move(link.ds), m_signatures.sha1());
  // Who configured an anchor wants the zone validated: one that we cannot use does not make it insecure.
  if (!is_usable(link))
    return bogus(BogusReason::TrustAnchorUnusable, name,
                 "no trust anchor of an algorithm and digest we know");
  return enter(link);
}

Entrance Zones::enter_child(const DnsName& name, const Rrset& ds, const Signed& ds_signed,
                            const ZoneKeys& parent) {
  if (ZoneKeys* const zone = find(name)) return zone;
  m_signatures.note<Entering>(name, &ds);
  if (ds.rdatas.size() > m_work.limits().ds_records)
    return bogus(BogusReason::TooManyDsRecords, name, "more DS records than we follow");
  const EpochSeconds signed_until = std::min(parent.signed_until, ds_signed.signed_until);
  Link link{name, {}, {}, signed_until, std::min(signed_until, m_signatures.now() + ds_signed.ttl)};
  for (const Bytes rdata : ds.rdatas) {
    auto read = Ds::from_rdata(rdata);
    if (!read) return bogus(BogusReason::MalformedRecord, name, read.problem().text);
    link.ds.push_back(std::move(*read));
  }
  link.ds = usable(std::move(link.ds), m_signatures.sha1());
  if (!is_usable(link)) return Insecure{InsecureReason::UnsupportedAlgorithms, name, {}, {}, link.expires};
  return enter(link);
}

ZoneKeys* Zones::find(const DnsName& name) {
  const auto here = m_zones.find(name);
  if (here != m_zones.end()) return &here->second;
  if (m_known == nullptr) return nullptr;
  const auto known = m_known->zones.find(name);
  if (known == m_known->zones.end() || known->second.expires <= m_signatures.now()) return nullptr;
  return &m_zones.emplace(name, known->second).first->second;
}

bool Zones::is_usable(const Link& link) const {
  return !link.ds.empty() || std::ranges::any_of(link.keys, [&](const Buffer& rdata) {
    const auto key = Dnskey::from_rdata(rdata);
    return key && key->may_sign_zone() && supported_algorithm(key->algorithm, m_signatures.sha1());
  });
}

bool Zones::leads_to(const Link& link, const Dnskey& key) const {
  if (!key.may_sign_zone()) return false;
  if (std::ranges::find(link.keys, key.rdata) != link.keys.end()) return true;
  return std::ranges::any_of(
      link.ds, [&](const Ds& ds) { return ds.matches(m_signatures.hashers(), link.zone, key); });
}

std::vector<ZoneKey> Zones::linked_keys(const Link& link, const std::vector<ZoneKey>& keys) {
  std::vector<ZoneKey> linked;
  for (const ZoneKey& key : keys) {
    const auto rivals = std::ranges::count_if(keys, [&](const ZoneKey& other) {
      return other.dnskey.tag == key.dnskey.tag && other.dnskey.algorithm == key.dnskey.algorithm;
    });
    // Each of them would have to be hashed for each DS record of that tag.
    const bool wanted =
        std::ranges::any_of(link.ds, [&](const Ds& ds) { return ds.key_tag == key.dnskey.tag; });
    if (wanted && static_cast<std::size_t>(rivals) > m_work.limits().keys_per_tag)
      m_work.stop(BogusReason::TooManyKeysPerTag);
    if (m_work.stopped()) return {};
    if (leads_to(link, key.dnskey)) linked.push_back(key);
  }
  return linked;
}

Entrance Zones::enter(const Link& link) {
  const auto rrsets = m_bag.find(link.zone, RrType::Dnskey);
  if (rrsets.empty()) return KeysMissing{link.zone};
  const Rrset& rrset = rrsets.front();
  if (rrset.rdatas.size() > m_work.limits().zone_keys)
    return bogus(BogusReason::TooManyKeys, link.zone, "more DNSKEY records than we read");
  if (!m_work.may_enter_zone())
    return bogus(BogusReason::TooManyZones, link.zone, "too many zones on the way");

  std::vector<ZoneKey> keys = keys_of(rrset);
  std::vector<ZoneKey> linked = linked_keys(link, keys);
  if (linked.empty())
    return bogus(BogusReason::KeyNotLinked, link.zone,
                 "no DNSKEY is the one that its DS records or anchors name");
  const SignatureVerdict verdict = m_signatures.check_with(rrset, link.zone, linked);
  const auto* const valid = std::get_if<Signed>(&verdict);
  if (valid == nullptr) {
    const BogusReason reason = std::get<BogusReason>(verdict);
    return bogus(reason, link.zone,
                 "its DNSKEY records are not signed by a key that its DS records or anchors name: " +
                     std::string(to_string(reason)));
  }

  const EpochSeconds signed_until = std::min(link.signed_until, valid->signed_until);
  const EpochSeconds expires = std::min({link.expires, signed_until, m_signatures.now() + valid->ttl});
  return &m_zones.emplace(link.zone, ZoneKeys{link.zone, std::move(keys), signed_until, expires})
              .first->second;
}

}  // namespace danelaw::dnssec
