#include "dnssec/bag.hpp"

#include <algorithm>

#include "dnssec/base32hex.hpp"
#include "dnssec/names.hpp"

namespace danelaw::dnssec {

namespace {

bool is_single(RrType type) {
  return type == RrType::Cname || type == RrType::Dname || type == RrType::Nsec || type == RrType::Nsec3;
}

bool before(const ResourceRecord* a, const ResourceRecord* b) {
  return std::tie(a->owner, a->type, a->rdata, a->ttl) < std::tie(b->owner, b->type, b->rdata, b->ttl);
}

bool same_record(const ResourceRecord* a, const ResourceRecord* b) {
  return a->owner == b->owner && a->type == b->type && a->rdata == b->rdata;
}

/// Sorted, and of each record only the one with the smallest TTL.
std::vector<const ResourceRecord*> sorted(std::span<const ResourceRecord> records) {
  std::vector<const ResourceRecord*> all;
  for (const ResourceRecord& record : records) {
    if (record.dns_class == class_in) all.push_back(&record);
  }
  std::ranges::sort(all, before);
  all.erase(std::unique(all.begin(), all.end(), same_record), all.end());
  return all;
}

/// A signature of the RRset itself before one of a wildcard, and the one that lasts longest first.
bool better(const Signature& a, const Signature& b) {
  return std::tie(a.rrsig.labels, a.rrsig.expiration) > std::tie(b.rrsig.labels, b.rrsig.expiration);
}

}  // namespace

Bag::Bag(std::span<const ResourceRecord> records) {
  const auto all = sorted(records);
  m_size = all.size();
  for (const ResourceRecord* record : all) add(*record);
  for (auto& [key, signatures] : m_signatures) std::ranges::stable_sort(signatures, better);
  for (auto& [key, rrsets] : m_rrsets) {
    const auto found = m_signatures.find(key);
    if (found == m_signatures.end()) continue;
    for (Rrset& rrset : rrsets) rrset.signatures = found->second;
  }
  read_denials();
}

void Bag::add(const ResourceRecord& record) {
  if (record.type == RrType::Rrsig) {
    auto rrsig = Rrsig::from_rdata(record.rdata);
    if (!rrsig) return;
    const RrType covered = rrsig->type_covered;
    m_signatures[{record.owner, covered}].push_back({std::move(*rrsig), record.ttl, record.rdata});
    return;
  }
  auto& rrsets = m_rrsets[{record.owner, record.type}];
  if (rrsets.empty() || is_single(record.type))
    rrsets.push_back({record.owner, record.type, record.ttl, {}, {}});
  rrsets.back().ttl = std::min(rrsets.back().ttl, record.ttl);
  rrsets.back().rdatas.emplace_back(record.rdata);
}

void Bag::read_denials() {
  for (const auto& [key, rrsets] : m_rrsets) {
    for (const Rrset& rrset : rrsets) {
      if (rrset.type == RrType::Nsec) {
        auto nsec = Nsec::from_rdata(rrset.rdatas.front());
        if (!nsec) continue;
        std::string next_key = canonical_key(nsec->next);
        m_nsecs.push_back({&rrset, std::move(*nsec), canonical_key(rrset.owner), std::move(next_key)});
      } else if (rrset.type == RrType::Nsec3 && !rrset.owner.is_root()) {
        auto nsec3 = Nsec3::from_rdata(rrset.rdatas.front());
        const auto hash = from_base32hex(rrset.owner.wire().subspan(1, rrset.owner.wire().front()));
        if (!nsec3 || !hash || !nsec3->is_understood() || hash->size() != nsec3->next_hashed.size()) continue;
        m_nsec3s.push_back({&rrset, std::move(*nsec3), *hash, rrset.owner.parent()});
      }
    }
  }
}

std::span<const Rrset> Bag::find(const DnsName& owner, RrType type) const {
  const auto found = m_rrsets.find({owner, type});
  if (found == m_rrsets.end()) return {};
  return found->second;
}

}  // namespace danelaw::dnssec
