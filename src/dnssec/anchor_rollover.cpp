#include "dnssec/anchor_rollover.hpp"

#include <algorithm>
#include <utility>

#include "dnssec/algorithms.hpp"
#include "dnssec/bag.hpp"
#include "dnssec/dnskey.hpp"
#include "dnssec/judge.hpp"
#include "dnssec/public_key.hpp"
#include "dnssec/signed_data.hpp"

namespace danelaw::dnssec {

namespace {

constexpr std::uint8_t revoke_bit = 0x80;  // RFC 5011 section 7: of the flags' lower octet
constexpr std::uint8_t sep_bit = 0x01;     // RFC 4034 section 2.1.1
constexpr EpochSeconds hour_seconds = 3600;

bool has_revoke_bit(const Buffer& rdata) { return rdata.size() > 1 && (rdata[1] & revoke_bit) != 0; }
bool has_sep_bit(const Buffer& rdata) { return rdata.size() > 1 && (rdata[1] & sep_bit) != 0; }

/// Section 2.1: the bit changes the key's tag, by 128 where nothing carries, and not the key.
Buffer without_revoke_bit(Buffer rdata) {
  if (rdata.size() > 1) rdata[1] &= static_cast<std::uint8_t>(~revoke_bit);
  return rdata;
}

bool contains(const std::vector<Buffer>& all, const Buffer& one) {
  return std::ranges::find(all, one) != all.end();
}

bool names(const TrustAnchor& anchor, const DnsName& zone, const Buffer& rdata) {
  if (anchor.owner != zone) return false;
  if (anchor.type == RrType::Dnskey) return anchor.rdata == rdata;
  const auto key = Dnskey::from_rdata(rdata);
  const auto ds = Ds::from_rdata(anchor.rdata);
  return key && ds && ds->matches(zone, *key);
}

bool is_named(const TrustAnchors& anchors, const DnsName& zone, const Buffer& rdata) {
  return std::ranges::any_of(anchors, [&](const TrustAnchor& anchor) { return names(anchor, zone, rdata); });
}

bool is_trusted(const FollowedKey& key) {
  return key.state == KeyState::Valid || key.state == KeyState::Missing;
}
bool is_gone(const FollowedKey& key) {
  return key.state == KeyState::Revoked || key.state == KeyState::Removed;
}

/// Has this revoked key signed the RRset?
bool signed_by(const Rrset& rrset, const Dnskey& key, EpochSeconds now) {
  const auto algorithm = supported_algorithm(key.algorithm, Sha1Signatures::Verify);
  if (!algorithm) return false;
  const auto parsed = PublicKey::from_dnskey(*algorithm, key.public_key);
  return parsed && std::ranges::any_of(rrset.signatures, [&](const Signature& signature) {
           const Rrsig& rrsig = signature.rrsig;
           return rrsig.signer == rrset.owner && rrsig.key_tag == key.tag &&
                  rrsig.algorithm == key.algorithm && !fault_of(rrset, rrsig, now) &&
                  rrsig.signature.size() <= max_signature_octets &&
                  parsed->verifies(signed_data(rrset, rrsig), rrsig.signature);
         });
}

std::vector<Buffer> revoked_in(const Rrset& rrset, EpochSeconds now) {
  std::vector<Buffer> revoked;
  std::size_t looked_at = 0;  // each of them costs a signature check or more
  for (const Bytes octets : rrset.rdatas) {
    const auto key = Dnskey::from_rdata(octets);
    if (!key || !has_revoke_bit(key->rdata) || ++looked_at > Limits().keys_per_tag) continue;
    if (signed_by(rrset, *key, now)) revoked.push_back(without_revoke_bit(key->rdata));
  }
  return revoked;
}

class Step final {
 public:
  Step(const SeenKeys& seen, EpochSeconds now) : m_seen(seen), m_now(now) {}

  /// False where the key is to be forgotten.
  bool operator()(FollowedKey& key) const {
    if (key.since > m_now) key.since = m_now;
    const bool present = contains(m_seen.rdatas, key.rdata);
    if (contains(m_seen.revoked, key.rdata) && !is_gone(key)) return enter(key, KeyState::Revoked);
    const bool judged = m_seen.validated;
    switch (key.state) {
      case KeyState::AddPending:
        if (judged && !present) return false;
        if (judged && m_now - key.since >= key.hold) return enter(key, KeyState::Valid);
        return true;
      case KeyState::Valid:
        return !judged || present || enter(key, KeyState::Missing);
      case KeyState::Missing:
        return !judged || !present || enter(key, KeyState::Valid);
      case KeyState::Revoked:
        return m_now - key.since < remove_hold_down || enter(key, KeyState::Removed);
      case KeyState::Removed:
        return true;
    }
    return true;
  }

 private:
  /// Gives true.
  bool enter(FollowedKey& key, KeyState state) const {
    key.state = state;
    key.since = m_now;
    key.hold = 0;
    return true;
  }

  const SeenKeys& m_seen;
  EpochSeconds m_now;
};

/// May this key ever be an anchor?
bool is_candidate(const Buffer& rdata) {
  const auto key = Dnskey::from_rdata(rdata);
  return key && key->may_sign_zone() && has_sep_bit(rdata);
}

void follow_new_keys(AnchorState& state, const TrustAnchors& configured, const SeenKeys& seen,
                     EpochSeconds now) {
  for (const Buffer& rdata : seen.rdatas) {
    const auto followed = std::ranges::find(state.keys, rdata, &FollowedKey::rdata);
    const bool named = is_named(configured, state.zone, rdata);
    if (followed != state.keys.end()) {
      if (named && followed->state == KeyState::AddPending) *followed = {rdata, KeyState::Valid, now, 0};
      continue;
    }
    if (state.keys.size() >= max_followed_keys || !is_candidate(rdata)) continue;
    if (named)
      state.keys.push_back({rdata, KeyState::Valid, now, 0});
    else
      state.keys.push_back({rdata, KeyState::AddPending, now, std::max(add_hold_down, seen.original_ttl)});
  }
}

}  // namespace

std::string_view to_string(KeyState state) {
  switch (state) {
    case KeyState::AddPending:
      return "add-pending";
    case KeyState::Valid:
      return "valid";
    case KeyState::Missing:
      return "missing";
    case KeyState::Revoked:
      return "revoked";
    case KeyState::Removed:
      return "removed";
  }
  return "unknown";
}

std::optional<SeenKeys> seen_keys(std::span<const ResourceRecord> records, const DnsName& zone,
                                  const TrustAnchors& anchors, EpochSeconds now) {
  const Bag bag(records);
  const auto rrsets = bag.find(zone, RrType::Dnskey);
  const Limits limits;
  if (rrsets.empty() || bag.size() > limits.records || rrsets.front().rdatas.size() > limits.zone_keys)
    return std::nullopt;
  const Rrset& rrset = rrsets.front();
  SeenKeys seen;
  seen.revoked = revoked_in(rrset, now);
  for (const Bytes rdata : rrset.rdatas) seen.rdatas.push_back(to_buffer(rdata));
  const auto verdict = judge({zone, RrType::Dnskey}, records, anchors, now).verdict;
  seen.validated = std::holds_alternative<SecureRrset>(verdict);
  if (!seen.validated && seen.revoked.empty()) return std::nullopt;
  for (const Signature& signature : rrset.signatures) {
    if (signature.rrsig.signer != zone || fault_of(rrset, signature.rrsig, now)) continue;
    const EpochSeconds end = end_of(signature.rrsig, now);
    seen.signed_until = seen.signed_until == 0 ? end : std::min(seen.signed_until, end);
    seen.original_ttl = std::max<EpochSeconds>(seen.original_ttl, signature.rrsig.original_ttl);
  }
  return seen;
}

AnchorState next_state(AnchorState state, const TrustAnchors& configured, const SeenKeys& seen,
                       EpochSeconds now) {
  const Step step(seen, now);
  std::erase_if(state.keys, [&](FollowedKey& key) { return !step(key); });
  for (const Buffer& rdata : seen.revoked) {
    const bool followed = std::ranges::find(state.keys, rdata, &FollowedKey::rdata) != state.keys.end();
    if (!followed && is_named(configured, state.zone, rdata) && state.keys.size() < max_followed_keys)
      state.keys.push_back({rdata, KeyState::Revoked, now, 0});
  }
  if (seen.validated) follow_new_keys(state, configured, seen, now);
  state.seen = now;
  state.next_refresh = now + refresh_interval(seen.original_ttl, seen.signed_until - now);
  return state;
}

TrustAnchors anchors_of(const AnchorState& state, const TrustAnchors& configured) {
  TrustAnchors anchors;
  for (const TrustAnchor& anchor : configured) {
    const bool gone = std::ranges::any_of(state.keys, [&](const FollowedKey& key) {
      return is_gone(key) && names(anchor, state.zone, key.rdata);
    });
    if (!gone) anchors.push_back(anchor);
  }
  for (const FollowedKey& key : state.keys)
    if (is_trusted(key)) anchors.push_back({state.zone, RrType::Dnskey, key.rdata});
  return anchors;
}

EpochSeconds refresh_interval(EpochSeconds original_ttl, EpochSeconds signature_left) {
  return std::max(hour_seconds, std::min({15 * day_seconds, original_ttl / 2, signature_left / 2}));
}

EpochSeconds retry_interval(EpochSeconds original_ttl, EpochSeconds signature_left) {
  return std::max(hour_seconds, std::min({day_seconds, original_ttl / 10, signature_left / 10}));
}

}  // namespace danelaw::dnssec
