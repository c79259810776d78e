#include "dnssec/signatures.hpp"

#include <algorithm>

#include "dnssec/names.hpp"
#include "dnssec/signed_data.hpp"

namespace danelaw::dnssec {

namespace {

/// Hashing a long RRset costs, too.
constexpr std::size_t octets_per_work_unit = 16384;

/// Nothing where there is no SHA-256: then nothing is remembered.
std::optional<CheckDigest> digest_of(Hasher& sha256, const ZoneKey& key, Bytes signature, Bytes data) {
  // What can vary in length stands behind its length, so that no two checks have the same octets.
  const auto length = [](Bytes part) {
    return Buffer{static_cast<std::uint8_t>(part.size() >> 8), static_cast<std::uint8_t>(part.size())};
  };
  const Buffer key_length = length(key.dnskey.rdata);
  const Buffer signature_length = length(signature);
  const auto octets = sha256.digest({key_length, key.dnskey.rdata, signature_length, signature, data});
  CheckDigest digest{};
  if (!octets || octets->size() != digest.size()) return std::nullopt;
  std::ranges::copy(*octets, digest.begin());
  return digest;
}

bool may_have_made(const Dnskey& key, const Rrsig& rrsig) {
  return key.tag == rrsig.key_tag && key.algorithm == rrsig.algorithm && key.may_sign_zone();
}

/// Of two reasons the one that came nearer to a valid signature.
BogusReason nearer(BogusReason a, BogusReason b) { return std::max(a, b); }

}  // namespace

bool Signed::covers_itself(const DnsName& owner) const { return labels == signed_label_count(owner); }

const SignatureVerdict& Signatures::check(const Rrset& rrset, ZoneKeys& zone) {
  const std::pair key(&rrset, zone.zone);
  const auto found = m_checked.find(key);
  if (found != m_checked.end()) return found->second;
  note<Checked>(&rrset, zone.zone);
  return m_checked.emplace(key, check_with(rrset, zone.zone, zone.keys)).first->second;
}

SignatureVerdict Signatures::check_with(const Rrset& rrset, const DnsName& zone, std::span<ZoneKey> keys) {
  if (rrset.signatures.empty() || !rrset.owner.is_within(zone)) return BogusReason::SignatureMissing;
  BogusReason reason = BogusReason::WrongSigner;
  for (const Signature& signature : rrset.signatures) {
    if (m_work.stopped()) break;
    if (signature.rrsig.signer != zone) continue;
    auto verdict = try_signature(rrset, signature, keys);
    if (std::holds_alternative<Signed>(verdict)) return verdict;
    reason = nearer(reason, std::get<BogusReason>(verdict));
  }
  return reason;
}

SignatureVerdict Signatures::try_signature(const Rrset& rrset, const Signature& signature,
                                           std::span<ZoneKey> keys) {
  const Rrsig& rrsig = signature.rrsig;
  if (const auto fault = fault_of(rrset, rrsig, m_now)) return *fault;
  const auto algorithm = supported_algorithm(rrsig.algorithm, m_sha1);
  if (!algorithm) return BogusReason::UnsupportedAlgorithm;
  if (rrsig.signature.size() > max_signature_octets) return BogusReason::SignatureMalformed;
  // A long RRset is not put together for signatures that nobody could check.
  const auto fits = [&](const ZoneKey& key) { return may_have_made(key.dnskey, rrsig); };
  if (std::ranges::none_of(keys, fits)) return BogusReason::NoKeyForSignature;
  const Buffer data = signed_data(rrset, rrsig);
  std::size_t tried = 0;
  for (ZoneKey& key : keys) {
    if (!fits(key)) continue;
    if (++tried > m_work.limits().keys_per_tag) {
      m_work.stop(BogusReason::TooManyKeysPerTag);
      return BogusReason::TooManyKeysPerTag;
    }
    if (!verifies(signature, data, *algorithm, key)) continue;
    m_work.signature_passed();
    const EpochSeconds end = end_of(rrsig, m_now);
    const EpochSeconds left = end - m_now;
    const std::uint32_t ttl = std::min({rrset.ttl, signature.ttl, rrsig.original_ttl});
    return Signed{rrsig.labels, static_cast<std::uint32_t>(std::min<EpochSeconds>(ttl, left)), end};
  }
  return BogusReason::SignatureInvalid;
}

bool Signatures::verifies(const Signature& signature, Bytes data, Algorithm algorithm, ZoneKey& key) {
  const auto digest = digest_of(m_hashers.of(Hash::Sha256), key, signature.rrsig.signature, data);
  if (digest && m_verified.contains(*digest)) return true;
  if (digest && m_known != nullptr && m_known->verified.contains(*digest)) return true;
  if (!m_work.may_check(verification_cost(algorithm) + data.size() / octets_per_work_unit)) return false;
  if (!key.parsed) key.parsed = PublicKey::from_dnskey(algorithm, key.dnskey.public_key);
  if (!key.parsed || !key.parsed->verifies(data, signature.rrsig.signature)) {
    m_work.check_failed();
    return false;
  }
  if (digest) m_verified.insert(*digest);
  return true;
}

}  // namespace danelaw::dnssec
