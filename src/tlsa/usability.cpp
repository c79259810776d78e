#include "tlsa/usability.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/quiet_errors.hpp"

namespace danelaw::tlsa {

namespace {

constexpr std::size_t usage_count = 4;
constexpr std::size_t selector_count = 2;
constexpr std::size_t sha2_256_octets = 32;
constexpr std::size_t sha2_512_octets = 64;

std::string_view as_text(Bytes octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

template <auto Free>
struct Freeing final {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// RFC 6698 section 2.1.2: selector 0 is the whole certificate; all of `der` must be one, with a key we can
/// read.
bool is_certificate(Bytes der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<X509, Freeing<X509_free>> certificate(
      d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return certificate && at == der.data() + der.size() && X509_get0_pubkey(certificate.get()) != nullptr;
}

/// RFC 6698 section 2.1.2: selector 1 is a SubjectPublicKeyInfo; all of `der` must be one.
bool is_public_key(Bytes der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>> key(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  return key && at == der.data() + der.size();
}

Standing full_data_standing(Selector selector, Bytes data) {
  if (data.empty()) return Standing::EmptyData;
  const QuietErrors quiet;
  switch (selector) {
    case Selector::Cert:
      return is_certificate(data) ? Standing::Usable : Standing::NoCertificate;
    case Selector::Spki:
      return is_public_key(data) ? Standing::Usable : Standing::NoPublicKey;
  }
  return Standing::UnknownSelector;
}

Standing digest_standing(Bytes data, std::size_t digest_octets) {
  return data.size() == digest_octets ? Standing::Usable : Standing::DigestLength;
}

bool allows(Usages usages, Usage usage) {
  switch (usages) {
    case Usages::All:
      return true;
    // RFC 7672 section 3.1.3: SMTP clients treat PKIX-TA and PKIX-EE as unusable.
    case Usages::DaneOnly:
      return usage == Usage::DaneTa || usage == Usage::DaneEe;
  }
  return false;
}

/// The record for itself, without a look at the others of its set (RFC 6698 section 4.1).
Standing standing_alone(const Record& record, Usages usages) {
  if (record.usage() >= usage_count) return Standing::UnknownUsage;
  if (record.selector() >= selector_count) return Standing::UnknownSelector;
  if (record.matching_type() > static_cast<std::uint8_t>(MatchingType::Sha2_512))
    return Standing::UnknownMatchingType;
  if (!allows(usages, static_cast<Usage>(record.usage()))) return Standing::UsageNotAllowed;
  switch (static_cast<MatchingType>(record.matching_type())) {
    case MatchingType::Full:
      return full_data_standing(static_cast<Selector>(record.selector()), record.association_data());
    case MatchingType::Sha2_256:
      return digest_standing(record.association_data(), sha2_256_octets);
    case MatchingType::Sha2_512:
      return digest_standing(record.association_data(), sha2_512_octets);
  }
  return Standing::UnknownMatchingType;
}

/// RFC 7671 section 9: for each usage and selector only the strongest digest counts, and Full always. Only
/// usable records suppress and are suppressed.
void apply_digest_agility(std::vector<RecordSet::Entry>& entries) {
  // The registry's numbers rise with strength, and Full is 0.
  std::array<std::array<std::uint8_t, selector_count>, usage_count> strongest{};
  for (const auto& entry : entries) {
    if (entry.standing != Standing::Usable) continue;
    auto& best = strongest.at(entry.record->usage()).at(entry.record->selector());
    best = std::max(best, entry.record->matching_type());
  }
  for (auto& entry : entries) {
    if (entry.standing != Standing::Usable) continue;
    const std::uint8_t own = entry.record->matching_type();
    if (own == static_cast<std::uint8_t>(MatchingType::Full)) continue;
    if (own < strongest.at(entry.record->usage()).at(entry.record->selector()))
      entry.standing = Standing::WeakerDigest;
  }
}

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::Usable:
      return "usable";
    case Standing::Malformed:
      return "malformed";
    case Standing::UnknownUsage:
      return "unknown-usage";
    case Standing::UnknownSelector:
      return "unknown-selector";
    case Standing::UnknownMatchingType:
      return "unknown-matching-type";
    case Standing::UsageNotAllowed:
      return "usage-not-allowed";
    case Standing::DigestLength:
      return "digest-length";
    case Standing::EmptyData:
      return "empty-data";
    case Standing::NoCertificate:
      return "no-certificate";
    case Standing::NoPublicKey:
      return "no-public-key";
    case Standing::WeakerDigest:
      return "weaker-digest";
  }
  return "malformed";
}

std::string_view explanation_of(Standing standing) {
  switch (standing) {
    case Standing::Usable:
      return "usable";
    case Standing::Malformed:
      return "no TLSA record: it has fewer than three octets, or more than a record can hold";
    case Standing::UnknownUsage:
      return "its certificate usage is unknown (known are 0 to 3)";
    case Standing::UnknownSelector:
      return "its selector is unknown (known are 0 and 1)";
    case Standing::UnknownMatchingType:
      return "its matching type is unknown (known are 0 to 2)";
    case Standing::UsageNotAllowed:
      return "certificate usages 0 and 1 do not count in this profile";
    case Standing::DigestLength:
      return "its data is not as long as the digest";
    case Standing::EmptyData:
      return "it has no data";
    case Standing::NoCertificate:
      return "its data is no certificate";
    case Standing::NoPublicKey:
      return "its data is no public key";
    case Standing::WeakerDigest:
      return "a stronger digest is published for the same usage and selector";
  }
  return "unknown";
}

RecordSet RecordSet::from_rdatas(std::span<const Buffer> rdatas, Usages usages) {
  RecordSet set;
  std::set<std::string_view> seen;
  for (const Buffer& rdata : rdatas) {
    if (!seen.insert(as_text(rdata)).second) continue;
    Entry entry{.rdata = rdata, .record = std::nullopt, .standing = Standing::Malformed};
    if (auto record = Record::from_rdata(rdata)) {
      entry.standing = standing_alone(*record, usages);
      entry.record = std::move(*record);
    }
    set.m_entries.push_back(std::move(entry));
  }
  apply_digest_agility(set.m_entries);
  return set;
}

RecordSet RecordSet::from_records(std::span<const Record> records, Usages usages) {
  std::vector<Buffer> rdatas;
  rdatas.reserve(records.size());
  for (const Record& record : records) rdatas.push_back(record.to_rdata());
  return from_rdatas(rdatas, usages);
}

std::vector<UsableRecord> RecordSet::usable() const {
  std::vector<UsableRecord> records;
  for (std::size_t index = 0; index < m_entries.size(); ++index) {
    const Entry& entry = m_entries[index];
    if (entry.standing == Standing::Usable) records.push_back(UsableRecord(*entry.record, index));
  }
  return records;
}

bool RecordSet::any_usable() const {
  return std::ranges::any_of(m_entries,
                             [](const Entry& entry) { return entry.standing == Standing::Usable; });
}

bool RecordSet::any_usable(Usage usage) const {
  return std::ranges::any_of(m_entries, [usage](const Entry& entry) {
    return entry.standing == Standing::Usable && entry.record->usage() == static_cast<std::uint8_t>(usage);
  });
}

std::vector<Bytes> RecordSet::sorted_rdatas() const {
  std::vector<Bytes> sorted(m_entries.size());
  std::ranges::transform(m_entries, sorted.begin(), [](const Entry& entry) { return Bytes(entry.rdata); });
  std::ranges::sort(sorted, {}, as_text);
  return sorted;
}

}  // namespace danelaw::tlsa
