// Automated updates of a zone's trust anchors (RFC 5011): a pure state machine. It is fed with the zone's DNSKEY RRset each time that
// was validated, and with the time; it says which keys are anchors now, and when to look again.
//
// A new key is believed after it was in every RRset for 30 days, each signed by a key that was trusted already: whoever has stolen
// one cannot bring in another while the owner still publishes keys without it, or revokes the stolen one. A revocation counts
// at once, and for ever.
//
// Only keys with the SEP bit become anchors (section 3). Where every key is revoked there are no anchors, which is an error to
// whoever asks, and never means that the zone is unsigned.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/time.hpp"
#include "dnssec/message.hpp"
#include "dnssec/trust_anchor.hpp"

namespace danelaw::dnssec {

/// RFC 5011 section 4.2. Its "Start" is a key that is not followed.
enum class KeyState { AddPending, Valid, Missing, Revoked, Removed };
[[nodiscard]] std::string_view to_string(KeyState state);

inline constexpr EpochSeconds day_seconds = EpochSeconds{24} * 3600;
inline constexpr EpochSeconds add_hold_down = 30 * day_seconds;  ///< section 2.4.1, unless the TTL is longer
inline constexpr EpochSeconds remove_hold_down = 30 * day_seconds;  ///< section 2.4.2
/// Keys of a zone that are followed; it has two or three. New ones beyond it are not looked at.
inline constexpr std::size_t max_followed_keys = 32;

struct FollowedKey {
  Buffer rdata;  ///< without the REVOKE bit
  KeyState state = KeyState::AddPending;
  EpochSeconds since = 0;  ///< when it came into this state; the hold-down times count from here
  EpochSeconds hold = 0;   ///< AddPending: for how long
  friend bool operator==(const FollowedKey&, const FollowedKey&) = default;
};

struct AnchorState {
  DnsName zone;
  EpochSeconds seen = 0;          ///< when an RRset was seen last
  EpochSeconds next_refresh = 0;  ///< when the next one is due
  std::vector<FollowedKey> keys = {};
  friend bool operator==(const AnchorState&, const AnchorState&) = default;
};

/// What a DNSKEY RRset says that somebody with a right to it has signed.
struct SeenKeys {
  bool validated = false;           ///< signed by an anchor that it does not revoke
  std::vector<Buffer> rdatas = {};  ///< of all keys
  std::vector<Buffer> revoked =
      {};  ///< keys with the REVOKE bit that have signed it themselves (section 2.1), without that bit
  EpochSeconds original_ttl = 0;
  EpochSeconds signed_until = 0;
};

/// From a bag that has the zone's DNSKEY RRset. Nothing where no anchor and no revoked key has signed it.
[[nodiscard]] std::optional<SeenKeys> seen_keys(std::span<const ResourceRecord> records, const DnsName& zone,
                                                const TrustAnchors& anchors, EpochSeconds now);

/// What the state is after that. Keys that `configured` names are valid from the beginning. A clock that went back lets
/// hold-down times begin anew.
[[nodiscard]] AnchorState next_state(AnchorState state, const TrustAnchors& configured, const SeenKeys& seen,
                                     EpochSeconds now);

/// The configured anchors but for those that are revoked, and the keys that are valid or missing.
[[nodiscard]] TrustAnchors anchors_of(const AnchorState& state, const TrustAnchors& configured);

/// RFC 5011 section 2.3: how long until the next look, after one that succeeded, and after one that did not.
[[nodiscard]] EpochSeconds refresh_interval(EpochSeconds original_ttl, EpochSeconds signature_left);
[[nodiscard]] EpochSeconds retry_interval(EpochSeconds original_ttl, EpochSeconds signature_left);

}  // namespace danelaw::dnssec
