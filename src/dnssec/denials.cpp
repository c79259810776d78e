#include "dnssec/denials.hpp"

#include <algorithm>

#include "dnssec/names.hpp"

namespace danelaw::dnssec {

namespace {

/// RFC 6840 section 4.1, RFC 6672 section 5.3.2: what is below such a name is not this zone's to deny.
bool ends_authority(const TypeBitmap& types) { return types.is_delegation() || types.has(RrType::Dname); }

bool same_parameters(const Nsec3& a, const Nsec3& b) {
  return a.iterations == b.iterations && a.salt == b.salt;
}

bool signed_by(const Rrset& rrset, const DnsName& zone) {
  return std::ranges::any_of(rrset.signatures, [&](const Signature& s) { return s.rrsig.signer == zone; });
}

}  // namespace

const Buffer* Nsec3Hashes::of(const DnsName& name, const Nsec3& parameters) {
  std::list<Hash>& known = m_hashes[name];
  for (const Hash& one : known)
    if (one.iterations == parameters.iterations && one.salt == parameters.salt) return &one.octets;
  if (!m_work.may_hash()) return nullptr;
  auto hash = nsec3_hash(m_hashers.of(dnssec::Hash::Sha1), name, parameters.iterations, parameters.salt);
  if (!hash) return nullptr;
  known.push_back({parameters.iterations, parameters.salt, std::move(*hash)});
  return &known.back().octets;
}

Denials::Denials(const Bag& bag, ZoneKeys& zone, Signatures& signatures, Nsec3Hashes& hashes,
                 const Limits& limits)
    : m_zone(zone), m_signatures(signatures), m_hashes(hashes) {
  for (const NsecRecord& record : bag.nsecs()) {
    const bool inside = record.rrset->owner.is_within(zone.zone) && record.nsec.next.is_within(zone.zone);
    // An SOA stands at the apex only: anywhere else the record is a child's, whoever signed it.
    if (record.nsec.types.has(RrType::Soa) && record.rrset->owner != zone.zone) continue;
    if (inside && signed_by(*record.rrset, zone.zone)) m_nsecs.push_back({&record});
  }
  for (const Nsec3Record& record : bag.nsec3s()) {
    if (record.zone != zone.zone || !signed_by(*record.rrset, zone.zone)) continue;
    (record.nsec3.iterations > limits.nsec3_iterations ? m_beyond : m_nsec3s).push_back({&record});
  }
}

template <class Record>
std::optional<EpochSeconds> Denials::valid(Candidate<Record>& candidate, const DnsName& about, Denies what) {
  const Rrset& rrset = *candidate.record->rrset;
  const auto* const valid = std::get_if<Signed>(&m_signatures.check(rrset, m_zone));
  // R4035-5.3.4a: the owner must be the one that was signed, and no name that a wildcard was expanded to.
  candidate.refused = valid == nullptr || !valid->covers_itself(rrset.owner);
  if (candidate.refused) return std::nullopt;
  m_signatures.note<Denied>(&rrset, about, what);
  return m_signatures.now() + valid->ttl;
}

std::optional<Matched> Denials::matched(const DnsName& name, const TypesWanted& wanted) {
  for (auto& candidate : m_nsecs) {
    const NsecRecord* const record = candidate.record;
    if (candidate.refused) continue;
    if (record->rrset->owner != name || !wanted(record->nsec.types)) continue;
    if (const auto expires = valid(candidate, name, Denies::Types))
      return Matched{record->nsec.types, *expires};
  }
  return matched_by_nsec3(name, wanted, nullptr);
}

std::optional<Matched> Denials::matched_by_nsec3(const DnsName& name, const TypesWanted& wanted,
                                                 const Nsec3* like) {
  for (auto& candidate : m_nsec3s) {
    const Nsec3Record* const record = candidate.record;
    if (candidate.refused) continue;
    if (like != nullptr && !same_parameters(record->nsec3, *like)) continue;
    if (!wanted(record->nsec3.types) || !matches(*record, name)) continue;
    const Denies what = like != nullptr ? Denies::Encloser : Denies::Types;
    if (const auto expires = valid(candidate, name, what)) return Matched{record->nsec3.types, *expires};
  }
  return std::nullopt;
}

bool Denials::matches(const Nsec3Record& record, const DnsName& name) {
  if (record.nsec3.types.has(RrType::Soa) && name != m_zone.zone) return false;  // as with NSEC
  const Buffer* const hash = m_hashes.of(name, record.nsec3);
  return hash != nullptr && *hash == record.owner_hash;
}

/// RFC 4034 section 4.1.1: the last NSEC of a zone has the apex as its next name.
bool Denials::covers(const NsecRecord& record, const DnsName& name, const std::string& key) const {
  const bool last = record.nsec.next == m_zone.zone;
  if (record.owner_key >= key || (!last && key >= record.next_key)) return false;
  return !(is_below(name, record.rrset->owner) && ends_authority(record.nsec.types));
}

bool Denials::covers(const Nsec3Record& record, const DnsName& name) {
  const Buffer* const hash = m_hashes.of(name, record.nsec3);
  if (hash == nullptr) return false;
  const Buffer& owner = record.owner_hash;
  const Buffer& next = record.nsec3.next_hashed;
  // RFC 5155 section 3.1.7: the last one leads back to the first.
  return owner < next ? owner < *hash && *hash < next : owner < *hash || *hash < next;
}

std::optional<EpochSeconds> Denials::empty_non_terminal(const DnsName& name) {
  if (m_nsecs.empty()) return std::nullopt;
  const std::string key = canonical_key(name);
  for (auto& candidate : m_nsecs) {
    const NsecRecord* const record = candidate.record;
    if (candidate.refused) continue;
    if (!covers(*record, name, key) || !is_below(record->nsec.next, name)) continue;
    if (const auto expires = valid(candidate, name, Denies::EmptyNonTerminal)) return expires;
  }
  return std::nullopt;
}

std::optional<Absence> Denials::covered_by_nsec(const DnsName& name) {
  if (m_nsecs.empty()) return std::nullopt;
  const std::string key = canonical_key(name);
  for (auto& candidate : m_nsecs) {
    const NsecRecord* const record = candidate.record;
    if (candidate.refused) continue;
    if (!covers(*record, name, key) || is_below(record->nsec.next, name)) continue;
    if (const auto expires = valid(candidate, name, Denies::Name)) return Absence{OptOut::No, *expires};
  }
  return std::nullopt;
}

std::optional<Absence> Denials::covered_by_nsec3(const DnsName& name, Parent parent) {
  const auto holds_names = [](const TypeBitmap& types) { return !ends_authority(types); };
  std::vector<const Nsec3*> without_encloser;  // looked for once for each set of parameters
  for (auto& candidate : m_nsec3s) {
    const Nsec3Record* const record = candidate.record;
    if (candidate.refused) continue;
    const auto like_this = [&](const Nsec3* other) { return same_parameters(*other, record->nsec3); };
    if (std::ranges::any_of(without_encloser, like_this) || !covers(*record, name)) continue;
    EpochSeconds expires = Insecure::never;
    if (parent == Parent::Proven) {
      const auto encloser = matched_by_nsec3(name.parent(), holds_names, &record->nsec3);
      if (!encloser) {
        without_encloser.push_back(&record->nsec3);
        continue;
      }
      expires = encloser->expires;
    }
    if (const auto own = valid(candidate, name, Denies::Name))
      return Absence{record->nsec3.opt_out(), std::min(expires, *own)};
  }
  return std::nullopt;
}

std::optional<Absence> Denials::absent(const DnsName& name) {
  if (auto absence = covered_by_nsec(name)) return absence;
  return covered_by_nsec3(name, Parent::Proven);
}

std::optional<Absence> Denials::covered(const DnsName& name) {
  if (auto absence = covered_by_nsec(name)) return absence;
  return covered_by_nsec3(name, Parent::Any);
}

bool Denials::claimed(const DnsName& name) {
  const std::string key = canonical_key(name);
  for (const auto& [record, refused] : m_nsecs) {
    if (refused) continue;
    if (record->rrset->owner == name && !record->nsec.types.is_delegation()) return true;
    if (covers(*record, name, key) && is_below(record->nsec.next, name)) return true;
  }
  return std::ranges::any_of(m_nsec3s, [&](const auto& candidate) {
    const Nsec3Record& record = *candidate.record;
    return !candidate.refused && !record.nsec3.types.is_delegation() && matches(record, name);
  });
}

std::optional<EpochSeconds> Denials::beyond_iterations() {
  for (auto& candidate : m_beyond) {
    if (const auto expires = valid(candidate, m_zone.zone, Denies::Uncounted)) return expires;
  }
  return std::nullopt;
}

}  // namespace danelaw::dnssec
