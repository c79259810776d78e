#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dnssec/anchor_rollover.hpp"
#include "dnssec/anchor_state_text.hpp"
#include "dnssec/dnskey.hpp"
#include "zone.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using lab::SigningKey;

namespace {

constexpr EpochSeconds day = day_seconds;
const DnsName root = lab::name(".");

SigningKey sep_key(std::uint8_t seed) { return SigningKey::seeded(seed, lab::entry_point); }
SigningKey revoked(const SigningKey& key) { return key.with_flags(lab::entry_point | lab::revoked); }

/// A validated RRset of these keys, whose own signatures the revoked ones have made.
SeenKeys seen(const std::vector<SigningKey>& keys, const std::vector<SigningKey>& revoking = {}) {
  SeenKeys made{.validated = true, .original_ttl = 2 * day, .signed_until = lab::now + 10000 * day};
  for (const SigningKey& key : keys) made.rdatas.push_back(key.dnskey());
  for (const SigningKey& key : revoking) {
    made.rdatas.push_back(revoked(key).dnskey());
    made.revoked.push_back(key.dnskey());
  }
  return made;
}

/// A resolver that looks every day, over years.
struct Follower {
  TrustAnchors configured;
  AnchorState state{root};
  EpochSeconds now = lab::now;

  void look(const SeenKeys& what) { state = next_state(state, configured, what, now); }
  void look_daily(const SeenKeys& what, int days) {
    for (int i = 0; i < days; ++i) {
      now += day;
      look(what);
    }
  }
  [[nodiscard]] bool trusts(const SigningKey& key) const {
    return std::ranges::any_of(anchors_of(state, configured), [&](const TrustAnchor& anchor) {
      return anchor.rdata == key.dnskey() || anchor.rdata == key.ds(root);
    });
  }
  [[nodiscard]] std::string state_of(const SigningKey& key) const {
    const auto found = std::ranges::find(state.keys, key.dnskey(), &FollowedKey::rdata);
    return found == state.keys.end() ? "start" : std::string(to_string(found->state));
  }
};

const SigningKey old_key = sep_key(1);
const SigningKey new_key = sep_key(2);
const SigningKey evil_key = sep_key(3);
const SigningKey zsk = SigningKey::seeded(9);

Follower follower() { return {{{root, RrType::Ds, old_key.ds(root)}}}; }

}  // namespace

TEST_SUITE("RFC 5011: trust anchors that follow their zone") {
  TEST_CASE("R5011-a: a rollover, from the old key alone to the new one alone") {
    Follower one = follower();
    one.look(seen({old_key, zsk}));
    CHECK(one.state_of(old_key) == "valid");
    CHECK(one.state_of(zsk) == "start");
    one.look_daily(seen({old_key, zsk}), 400);
    one.look_daily(seen({old_key, new_key, zsk}), 30);  // the first of these days it is seen, 29 it has been
    CHECK(one.state_of(new_key) == "add-pending");
    CHECK_FALSE(one.trusts(new_key));
    one.look_daily(seen({old_key, new_key, zsk}), 1);
    CHECK(one.state_of(new_key) == "valid");
    CHECK(one.trusts(new_key));
    CHECK(one.trusts(old_key));
    one.look_daily(seen({old_key, new_key, zsk}), 300);
    one.look_daily(seen({new_key, zsk}, {old_key}), 1);
    CHECK(one.state_of(old_key) == "revoked");
    CHECK_FALSE(one.trusts(old_key));
    one.look_daily(seen({new_key, zsk}), 29);
    CHECK(one.state_of(old_key) == "revoked");
    one.look_daily(seen({new_key, zsk}), 1);
    CHECK(one.state_of(old_key) == "removed");
    one.look_daily(seen({old_key, new_key, zsk}), 400);  // it never comes back, whatever is configured
    CHECK(one.state_of(old_key) == "removed");
    CHECK_FALSE(one.trusts(old_key));
    CHECK(one.trusts(new_key));
  }

  TEST_CASE("R5011-a: a key that was away for a day waits from the beginning") {
    Follower one = follower();
    one.look_daily(seen({old_key, new_key}), 25);
    one.look_daily(seen({old_key}), 1);
    CHECK(one.state_of(new_key) == "start");
    one.look_daily(seen({old_key, new_key}), 30);
    CHECK(one.state_of(new_key) == "add-pending");
    one.look_daily(seen({old_key, new_key}), 1);
    CHECK(one.state_of(new_key) == "valid");
  }

  TEST_CASE(
      "R5011-a: who has stolen a key brings in no other while the owner's RRset is seen, and loses it by "
      "revocation") {
    Follower one = follower();
    one.look(seen({old_key, new_key}));
    one.look_daily(seen({old_key, new_key}), 31);
    for (int week = 0; week < 20; ++week) {
      one.look_daily(seen({old_key, evil_key}), 6);  // signed with the stolen old key
      one.look_daily(seen({old_key, new_key}), 1);
      CHECK_FALSE(one.trusts(evil_key));
      CHECK(one.trusts(new_key));
    }
    one.look_daily(seen({new_key}, {old_key}), 1);
    CHECK_FALSE(one.trusts(old_key));
    CHECK(one.trusts(new_key));
  }

  TEST_CASE("R5011-a: a missing key stays trusted, and comes back") {
    Follower one = follower();
    one.look(seen({old_key, new_key}));
    one.look_daily(seen({old_key, new_key}), 31);
    one.look_daily(seen({new_key}), 100);
    CHECK(one.state_of(old_key) == "missing");
    CHECK(one.trusts(old_key));
    one.look_daily(seen({old_key, new_key}), 1);
    CHECK(one.state_of(old_key) == "valid");
    one.look_daily(seen({new_key}), 1);
    one.look_daily(seen({new_key}, {old_key}), 1);
    CHECK(one.state_of(old_key) == "revoked");
  }

  TEST_CASE("R5011-a: a key that is revoked while it waits is forgotten as an anchor for ever") {
    Follower one = follower();
    one.look_daily(seen({old_key, new_key}), 10);
    one.look_daily(seen({old_key}, {new_key}), 1);
    CHECK(one.state_of(new_key) == "revoked");
    one.look_daily(seen({old_key, new_key}), 100);
    CHECK_FALSE(one.trusts(new_key));
  }

  TEST_CASE("R5011-a: an RRset that only a revoked key has signed revokes, and adds nothing") {
    Follower one = follower();
    one.look(seen({old_key}));
    SeenKeys last = seen({new_key}, {old_key});
    last.validated = false;
    one.look_daily(last, 60);
    CHECK_FALSE(one.trusts(old_key));
    CHECK(one.state_of(new_key) == "start");
    CHECK(anchors_of(one.state, one.configured).empty());  // which is an error, and never insecure
  }

  TEST_CASE("R5011-a: a configured key is valid at once, also where it waited or was never seen") {
    Follower one = follower();
    one.look_daily(seen({old_key, new_key}), 5);
    CHECK_FALSE(one.trusts(new_key));
    one.configured.push_back({root, RrType::Ds, new_key.ds(root)});
    one.configured.push_back({root, RrType::Ds, sep_key(5).ds(root)});
    CHECK(one.trusts(sep_key(5)));
    one.look_daily(seen({old_key, new_key}), 1);
    CHECK(one.state_of(new_key) == "valid");
    CHECK(one.trusts(sep_key(5)));
  }

  TEST_CASE("R5011-a: a clock that goes back lets the waiting begin anew, and shortens nothing") {
    Follower one = follower();
    one.look_daily(seen({old_key, new_key}), 25);
    one.now -= 300 * day;
    one.look(seen({old_key, new_key}));
    one.look_daily(seen({old_key, new_key}), 29);
    CHECK(one.state_of(new_key) == "add-pending");
    one.look_daily(seen({old_key, new_key}), 1);
    CHECK(one.state_of(new_key) == "valid");
  }

  TEST_CASE("R5011-a: a long TTL makes the waiting longer") {
    Follower one = follower();
    SeenKeys slow = seen({old_key, new_key});
    slow.original_ttl = 40 * day;
    one.look(slow);
    one.look_daily(slow, 39);
    CHECK(one.state_of(new_key) == "add-pending");
    one.look_daily(slow, 1);
    CHECK(one.state_of(new_key) == "valid");
  }

  TEST_CASE("R5011-a: a flood of keys stays within its limit") {
    Follower one = follower();
    std::vector<SigningKey> many{old_key};
    for (std::uint8_t seed = 20; seed < 120; ++seed) many.push_back(sep_key(seed));
    one.look(seen(many));
    CHECK(one.state.keys.size() == max_followed_keys);
    CHECK(one.trusts(old_key));
    one.look_daily(seen({old_key}), 1);
    CHECK(one.state.keys.size() == 1);
  }

  TEST_CASE("R5011-a: when to look again (section 2.3)") {
    CHECK(refresh_interval(2 * day, 20 * day) == day);
    CHECK(refresh_interval(100 * day, 10 * day) == 5 * day);
    CHECK(refresh_interval(100 * day, 100 * day) == 15 * day);
    CHECK(refresh_interval(60, 60) == 3600);
    CHECK(retry_interval(2 * day, 20 * day) == 2 * day / 10);
    CHECK(retry_interval(100 * day, 100 * day) == day);
    CHECK(retry_interval(0, -5) == 3600);
  }
}

TEST_SUITE("RFC 5011: what an RRset says") {
  lab::Records rrset(const std::vector<SigningKey>& keys, const std::vector<SigningKey>& signers,
                     const lab::Signing& signing = {}) {
    lab::Records records;
    for (const SigningKey& key : keys) records.push_back(lab::record(root, RrType::Dnskey, key.dnskey()));
    lab::Records signatures;
    for (const SigningKey& key : signers) signatures.push_back(lab::rrsig(records, key, root, signing));
    lab::append(records, signatures);
    return records;
  }
  const TrustAnchors anchors = {{root, RrType::Ds, old_key.ds(root)}};

  TEST_CASE("R5011-a: signed by an anchor it counts, by anybody else it does not") {
    const auto good = seen_keys(rrset({old_key, new_key}, {old_key}), root, anchors, lab::now);
    REQUIRE(good.has_value());
    CHECK(good->validated);
    CHECK(good->rdatas.size() == 2);
    CHECK(good->original_ttl == lab::default_ttl);
    CHECK(good->signed_until == lab::now + 86400);
    CHECK_FALSE(seen_keys(rrset({old_key, new_key}, {new_key}), root, anchors, lab::now).has_value());
    CHECK_FALSE(seen_keys(rrset({old_key, new_key}, {}), root, anchors, lab::now).has_value());
    CHECK_FALSE(seen_keys({}, root, anchors, lab::now).has_value());
    const lab::Signing expired{lab::now - 20, lab::now - 10};
    CHECK_FALSE(seen_keys(rrset({old_key}, {old_key}, expired), root, anchors, lab::now).has_value());
  }

  TEST_CASE("R5011-a: a revocation counts where the key has signed it itself, whose tag is another by then") {
    const SigningKey gone = revoked(old_key);
    CHECK(gone.tag() == static_cast<std::uint16_t>(old_key.tag() + 128));
    const auto last = seen_keys(rrset({gone, new_key}, {gone, new_key}), root, anchors, lab::now);
    REQUIRE(last.has_value());
    CHECK_FALSE(last->validated);
    CHECK(last->revoked == std::vector<Buffer>{old_key.dnskey()});
    const TrustAnchors both = {anchors[0], {root, RrType::Dnskey, new_key.dnskey()}};
    CHECK(seen_keys(rrset({gone, new_key}, {gone, new_key}), root, both, lab::now)->validated);
    // Not where the signature is that over another RRset.
    lab::Records forged = rrset({gone, new_key}, {new_key});
    forged.push_back(rrset({gone}, {gone}).back());
    REQUIRE(seen_keys(forged, root, both, lab::now).has_value());
    CHECK(seen_keys(forged, root, both, lab::now)->revoked.empty());
    // Not where only somebody else says so, or the signature is no more valid.
    const auto claimed = seen_keys(rrset({gone, new_key}, {new_key}), root, both, lab::now);
    REQUIRE(claimed.has_value());
    CHECK(claimed->revoked.empty());
    const lab::Signing expired{lab::now - 20, lab::now - 10};
    CHECK_FALSE(seen_keys(rrset({gone}, {gone}, expired), root, anchors, lab::now).has_value());
  }
}

TEST_SUITE("RFC 5011: the state as text") {
  AnchorState some_state() {
    Follower one = follower();
    one.look_daily(seen({old_key, new_key}), 31);
    one.look_daily(seen({new_key, evil_key}, {old_key}), 1);
    return one.state;
  }

  TEST_CASE("R5011-a: what is written is read") {
    for (const AnchorState& state : {some_state(), AnchorState{lab::name("a.example"), 1, 2}}) {
      const auto again = anchor_state_from_text(to_text(state));
      REQUIRE(again.ok());
      CHECK(*again == state);
    }
  }

  TEST_CASE(
      "R5011-a: cut short anywhere, or with anything in it that does not belong there, it is an error") {
    const std::string text = to_text(some_state());
    for (std::size_t at = 0; at < text.size(); ++at)
      CHECK_FALSE(anchor_state_from_text(text.substr(0, at)).ok());
    const auto replaced = [&](const std::string& what, const std::string& by) {
      std::string changed = text;
      const auto at = changed.find(what);
      REQUIRE(at != std::string::npos);
      return anchor_state_from_text(changed.replace(at, what.size(), by));
    };
    CHECK_FALSE(replaced("state 1", "state 2").ok());
    CHECK_FALSE(replaced("zone .", "zone a..b").ok());
    CHECK_FALSE(replaced("zone .", "zone  .").ok());
    CHECK_FALSE(replaced("seen ", "seen -").ok());
    CHECK_FALSE(replaced("seen ", "seen 0").ok());
    CHECK_FALSE(replaced("revoked", "trusted").ok());
    CHECK_FALSE(replaced("end\n", "end\n\n").ok());
    CHECK_FALSE(replaced("0101", "0181").ok());  // the REVOKE bit is no part of what is kept
    CHECK_FALSE(replaced("0101", "010g").ok());
    const std::string line = text.substr(text.find("key "), text.find("end\n") - text.find("key "));
    CHECK_FALSE(replaced("end\n", line + "end\n").ok());
  }
}
