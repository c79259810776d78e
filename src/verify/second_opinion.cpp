#include "verify/second_opinion.hpp"

#include "tlsa/matching.hpp"

namespace danelaw::verify {
namespace {

bool names_the_same_record(const tlsa::UsableRecord& record, const Claim& claim) {
  return static_cast<std::uint8_t>(record.usage()) == claim.usage &&
         static_cast<std::uint8_t>(record.selector()) == claim.selector &&
         static_cast<std::uint8_t>(record.matching_type()) == claim.matching_type &&
         equal(record.association_data(), claim.association_data);
}

/// RFC 7671 section 5.2.3 (2 1 0): the record's key is not in any certificate; it signed the top of the path.
bool key_signed_the_top(const tlsa::UsableRecord& record, const Claim& claim) {
  if (record.usage() != tlsa::Usage::DaneTa || record.matching_type() != tlsa::MatchingType::Full)
    return false;
  if (claim.depth != sk_X509_num(claim.path) - 1) return false;

  unsigned char* der = nullptr;
  const int octets = i2d_PUBKEY(claim.bare_key, &der);
  if (octets <= 0) return false;
  const bool same_key = tlsa::matches_key(record, Bytes(der, static_cast<std::size_t>(octets)));
  OPENSSL_free(der);
  return same_key && X509_verify(sk_X509_value(claim.path, claim.depth), claim.bare_key) == 1;
}

/// RFC 7671 sections 5.1 to 5.4: end-entity usages match at depth 0 only, trust-anchor usages never there.
bool depth_is_allowed(tlsa::Usage usage, int depth) {
  switch (usage) {
    case tlsa::Usage::PkixEe:
    case tlsa::Usage::DaneEe:
      return depth == 0;
    case tlsa::Usage::PkixTa:
    case tlsa::Usage::DaneTa:
      return depth >= 1;
  }
  return false;
}

}  // namespace

std::optional<std::size_t> second_opinion(const tlsa::RecordSet& records, const Claim& claim) {
  if (claim.path == nullptr || claim.depth < 0 || claim.depth >= sk_X509_num(claim.path)) return std::nullopt;
  for (const tlsa::UsableRecord& record : records.usable()) {
    if (!names_the_same_record(record, claim)) continue;
    if (claim.bare_key != nullptr) {
      if (key_signed_the_top(record, claim)) return record.index();
      continue;
    }
    X509* matched = sk_X509_value(claim.path, claim.depth);
    if (depth_is_allowed(record.usage(), claim.depth) && tlsa::matches(record, matched))
      return record.index();
  }
  return std::nullopt;
}

}  // namespace danelaw::verify
