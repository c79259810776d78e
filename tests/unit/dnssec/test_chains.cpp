// Anchors, keys and delegations that are wrong on purpose.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

const Question asked = {name("www.z"), RrType::A};

/// A root with one child "z" that holds www.z A.
struct Pair {
  Zone child{"z", Chain::Nsec};
  std::vector<Buffer> ds;
  Pair() { child.add("www.z", RrType::A, {1, 2, 3, 4}); }

  [[nodiscard]] World world() const {
    World made;
    made.add(child);
    Zone root(".", Chain::Nsec);
    root.delegate("z", ds.empty() ? std::vector<Buffer>{child.ds()} : ds);
    made.add(std::move(root));
    return made;
  }
  [[nodiscard]] std::string verdict() const { return summary(world().verdict(asked)); }
};

Buffer damaged(Buffer rdata) {
  rdata.back() ^= 1;
  return rdata;
}

}  // namespace

TEST_SUITE("Algorithms") {
  TEST_CASE("R-alg: zones of every algorithm and digest type validate") {
    for (const Algorithm algorithm :
         {Algorithm::RsaSha1, Algorithm::RsaSha1Nsec3Sha1, Algorithm::RsaSha256, Algorithm::RsaSha512,
          Algorithm::EcdsaP256Sha256, Algorithm::EcdsaP384Sha384, Algorithm::Ed25519, Algorithm::Ed448}) {
      for (const auto digest_type : std::initializer_list<std::uint8_t>{1, 2, 4}) {
        Pair pair;
        pair.child.keys(SigningKey::make(algorithm, entry_point), SigningKey::make(algorithm));
        pair.ds = {pair.child.ds(digest_type)};
        INFO(static_cast<int>(algorithm) << " " << static_cast<int>(digest_type));
        CHECK(pair.verdict() == "secure www.z");
      }
    }
  }

  TEST_CASE("R-alg: with SHA-1 signatures switched off zones that have no others are insecure") {
    Pair pair;
    pair.child.keys(SigningKey::make(Algorithm::RsaSha1, entry_point), SigningKey::make(Algorithm::RsaSha1));
    const World world = pair.world();
    const Records records = world.collect(asked);
    const JudgeOptions off{.limits = {}, .sha1 = Sha1Signatures::Off, .known = nullptr};
    CHECK(summary(world.judge(asked, records).verdict) == "secure www.z");
    CHECK(summary(world.judge(asked, records, off).verdict) == "insecure unsupported-algorithms z");
  }

  TEST_CASE("R6840-5.11a: one valid signature by one supported algorithm is enough") {
    Pair pair;
    const World world = pair.world();
    Records records = world.collect(asked);
    const Records rrset{record(asked.name, RrType::A, {1, 2, 3, 4})};
    // Unknown algorithm; known algorithm and wrong octets; a key that is not there.
    records.push_back(rrsig(rrset, SigningKey::seeded(50).claiming(200), name("z")));
    ResourceRecord broken = rrsig(rrset, pair.child.zsk(), name("z"), {.expiration = now + 90000});
    broken.rdata.back() ^= 1;
    records.push_back(broken);
    records.push_back(rrsig(rrset, SigningKey::seeded(51), name("z")));
    CHECK(summary(world.judge(asked, records).verdict) == "secure www.z");
    std::erase_if(records, [&](const ResourceRecord& one) {
      return one == world.zone("z").find(asked.name, RrType::A).at(1);
    });
    CHECK(summary(world.judge(asked, records).verdict) == "bogus signature-invalid");
  }
}

TEST_SUITE("RFC 4035 section 5.2: DS") {
  TEST_CASE("R4035-5.2a: one DS that leads to a key is enough, a DS that leads nowhere does no harm") {
    Pair pair;
    pair.ds = {pair.child.ds(), SigningKey::seeded(60).ds(name("z")),
               SigningKey::seeded(61).claiming(200).ds(name("z"))};
    CHECK(pair.verdict() == "secure www.z");
  }

  TEST_CASE(
      "R4035-5.2a: DS records of a known and an unknown algorithm, and only the unknown key served: bogus") {
    const SigningKey unknown = SigningKey::seeded(62, entry_point).claiming(200);
    Pair pair;
    pair.child.keys(unknown, unknown);
    pair.ds = {SigningKey::seeded(63).ds(name("z")), unknown.ds(name("z"))};
    CHECK(pair.verdict() == "bogus key-not-linked");
    pair.ds = {unknown.ds(name("z"))};
    CHECK(pair.verdict() == "insecure unsupported-algorithms z");
  }

  TEST_CASE(
      "R4035-5.2a: SHA-1 does not count beside a stronger digest of a supported algorithm, and counts beside "
      "others") {
    Pair pair;
    pair.ds = {pair.child.ds(1), damaged(pair.child.ds(2))};
    CHECK(pair.verdict() == "bogus key-not-linked");
    pair.ds = {pair.child.ds(1), pair.child.ds(200)};
    CHECK(pair.verdict() == "secure www.z");
    pair.ds = {pair.child.ds(1), SigningKey::seeded(64).claiming(200).ds(name("z"))};
    CHECK(pair.verdict() == "secure www.z");
    pair.ds = {pair.child.ds(1)};
    CHECK(pair.verdict() == "secure www.z");
  }

  TEST_CASE(
      "R4035-5.2a: a digest that does not match is bogus, as is one of the wrong length, or no DS at all "
      "inside") {
    Pair pair;
    pair.ds = {damaged(pair.child.ds())};
    CHECK(pair.verdict() == "bogus key-not-linked");
    Buffer cut = pair.child.ds();
    cut.resize(cut.size() - 1);
    pair.ds = {cut};
    CHECK(pair.verdict() == "bogus key-not-linked");
    pair.ds = {{1, 2, 3}};
    CHECK(pair.verdict() == "bogus malformed-record");
  }
}

TEST_SUITE("RFC 4035 section 5.2: the key set") {
  TEST_CASE(
      "R4035-5.2a: keys are those that a key named by DS has signed; another key of the set, or a "
      "stranger's, is not enough") {
    const World world = Pair().world();
    const Zone& child = world.zone("z");
    const SigningKey stranger = SigningKey::seeded(66, entry_point);
    const Records whole = world.collect(asked);
    for (const SigningKey& signer : {child.ksk(), child.zsk(), stranger}) {
      Records records;
      std::ranges::copy_if(whole, std::back_inserter(records), [](const ResourceRecord& one) {
        return one.owner != name("z") || one.type == RrType::Ds ||
               (one.type == RrType::Rrsig && one.rdata[1] == 43);
      });
      Records keys;
      for (const SigningKey& key : {child.ksk(), child.zsk(), stranger})
        keys.push_back(record(name("z"), RrType::Dnskey, key.dnskey()));
      append(records, keys);
      records.push_back(rrsig(keys, signer, name("z")));
      const bool named = signer.tag() == child.ksk().tag();
      CHECK(summary(world.judge(asked, records).verdict) ==
            (named ? "secure www.z" : "bogus no-key-for-signature"));
    }
  }
}

TEST_SUITE("RFC 4034 section 2, RFC 5011: keys") {
  TEST_CASE("R4035-5.3a: a key that is revoked, no zone key or of another protocol signs nothing") {
    for (const std::uint16_t flags : {std::uint16_t{entry_point | revoked}, std::uint16_t{1}}) {
      Pair pair;
      pair.child.keys(SigningKey::seeded(70).with_flags(flags), SigningKey::seeded(71));
      CHECK(pair.verdict() == "bogus key-not-linked");
      pair.child.keys(SigningKey::seeded(70, entry_point), SigningKey::seeded(71).with_flags(flags));
      CHECK(pair.verdict() == "bogus no-key-for-signature");
    }
  }

  TEST_CASE("R4035-5.3a: keys of the same tag are told apart by what they verify") {
    std::map<std::uint16_t, SigningKey> seen;
    std::optional<std::pair<SigningKey, SigningKey>> twins;
    while (!twins) {
      SigningKey key = SigningKey::make(Algorithm::Ed25519);
      const auto [at, fresh] = seen.try_emplace(key.tag(), key);
      if (!fresh) twins.emplace(at->second, key);
    }
    for (const auto& [signer, other] :
         {std::pair{twins->first, twins->second}, std::pair{twins->second, twins->first}}) {
      Pair pair;
      pair.child.keys(SigningKey::seeded(72, entry_point), signer);
      pair.child.add("z", RrType::Dnskey, other.dnskey());
      World world = pair.world();
      Records records = world.collect(asked);
      // The zone's own key set has two keys; this one has the twin, too.
      std::erase_if(records, [](const ResourceRecord& one) {
        return one.owner == name("z") &&
               (one.type == RrType::Dnskey || (one.type == RrType::Rrsig && one.rdata[1] == 48));
      });
      Records keys;
      for (const SigningKey& key : {pair.child.ksk(), signer, other})
        keys.push_back(record(name("z"), RrType::Dnskey, key.dnskey()));
      append(records, keys);
      records.push_back(rrsig(keys, pair.child.ksk(), name("z")));
      CHECK(summary(world.judge(asked, records).verdict) == "secure www.z");
    }
  }

  TEST_CASE("R4035-5.3a: a parent's signature below a secure cut is the wrong signer's") {
    Pair pair;
    const World world = pair.world();
    Records records = world.collect(asked);
    std::erase_if(records, [](const ResourceRecord& one) {
      return one.owner == asked.name && one.type != RrType::Nsec;
    });
    const Records rrset{record(asked.name, RrType::A, {6, 6, 6, 6})};
    append(records, rrset);
    records.push_back(rrsig(rrset, world.zone(".").zsk(), name(".")));
    append(records, world.zone("z").matching(asked.name));
    CHECK(summary(world.judge(asked, records).verdict) == "bogus wrong-signer");
  }
}

TEST_SUITE("RFC 4034 section 3.1: times and labels") {
  TEST_CASE("R4035-5.3a: inception and expiration are included, and serial") {
    struct Row {
      const char* what;
      EpochSeconds inception;
      EpochSeconds expiration;
      EpochSeconds at;
      std::string_view want;
    };
    constexpr EpochSeconds wrap = 0x1'0000'0000;
    for (const Row& row :
         {Row{"within", now - 10, now + 10, now, "secure www.z"},
          Row{"first second", now, now + 10, now, "secure www.z"},
          Row{"last second", now - 10, now, now, "secure www.z"},
          Row{"a second early", now + 1, now + 10, now, "bogus signature-not-yet-valid"},
          Row{"a second late", now - 10, now - 1, now, "bogus signature-expired"},
          Row{"only one second", now, now, now, "secure www.z"},
          Row{"the wrong way round", now + 5, now - 5, now, "bogus signature-malformed"},
          Row{"across 2^31", 0x7FFF'FFF0, 0x8000'0010, 0x8000'0000, "secure www.z"},
          Row{"across 2^32", wrap - 16, wrap + 16, wrap + 1, "secure www.z"},
          Row{"across 2^32, late", wrap - 16, wrap + 16, wrap + 17, "bogus signature-expired"},
          Row{"across 2^32, early", wrap - 16, wrap + 16, wrap - 17, "bogus signature-not-yet-valid"}}) {
      Pair pair;
      pair.child.times({.inception = row.inception, .expiration = row.expiration});
      World made;
      Zone root(".", Chain::Nsec);
      root.times({.inception = row.at - 50, .expiration = row.at + 50})
          .delegate("z", {made.add(pair.child).ds()});
      made.add(std::move(root));
      Records records = made.zone(".").everything();
      append(records, made.zone("z").everything());
      INFO(row.what);
      CHECK(summary(judge(asked, records, made.anchors(), row.at).verdict) == row.want);
    }
  }

  TEST_CASE(
      "R4035-5.3a: TTL is not above the original TTL, nor beyond the signature, and the answer ends with its "
      "first link") {
    Pair pair;
    pair.child.times({.expiration = now + 100, .original_ttl = 50});
    const World world = pair.world();
    const auto verdict = world.verdict(asked);
    const auto& secure = std::get<SecureRrset>(verdict);
    CHECK(secure.ttl == 50);
    CHECK(secure.expires == now + 50);
    pair.child.times({.expiration = now + 20, .original_ttl = 3600});
    CHECK(std::get<SecureRrset>(pair.world().verdict(asked)).ttl == 20);
    CHECK(std::get<SecureRrset>(pair.world().verdict(asked)).expires == now + 20);
  }

  TEST_CASE(
      "R4035-5.3a: a verdict ends with the first signature on the way to it, and the first TTL of its alias "
      "chain") {
    const auto ends = [](const Signing& roots, const Signing& middles) {
      World world;
      Zone leaf("z", Chain::Nsec);
      leaf.add("www.z", RrType::A, {1, 2, 3, 4});
      Zone middle("y", Chain::Nsec);
      middle.times(middles)
          .add("alias.y", RrType::Cname, name_rdata("www.z"))
          .add("gone.y", RrType::Cname, name_rdata("no.z"));
      Zone root(".", Chain::Nsec);
      root.times(roots)
          .delegate("y", {world.add(std::move(middle)).ds()})
          .delegate("z", {world.add(std::move(leaf)).ds()});
      world.add(std::move(root));
      std::vector<EpochSeconds> all;
      for (const char* owner : {"www.z", "alias.y"})
        all.push_back(std::get<SecureRrset>(world.verdict(question(owner, RrType::A))).expires - now);
      for (const char* owner : {"no.z", "gone.y"})
        all.push_back(std::get<SecureDenial>(world.verdict(question(owner, RrType::A))).expires - now);
      return all;
    };
    CHECK(ends({}, {}) == std::vector<EpochSeconds>{3600, 3600, 3600, 3600});
    CHECK(ends({.expiration = now + 10}, {}) == std::vector<EpochSeconds>{10, 10, 10, 10});
    CHECK(ends({}, {.original_ttl = 20}) == std::vector<EpochSeconds>{3600, 20, 3600, 20});
    CHECK(ends({}, {.expiration = now + 30}) == std::vector<EpochSeconds>{3600, 30, 3600, 30});
    // The TTL of keys says how long they may be kept, not the answer.
    CHECK(ends({.original_ttl = 40}, {}) == std::vector<EpochSeconds>{3600, 3600, 3600, 3600});
  }

  TEST_CASE("R4035-5.3a: more labels than the owner has, or fewer than the zone, sign nothing") {
    for (const int labels : {0, 3, 127}) {
      Pair pair;
      const World world = pair.world();
      Records records = world.zone("z").everything();
      append(records, world.zone(".").everything());
      std::erase_if(records, [](const ResourceRecord& one) {
        return one.owner == asked.name && one.type == RrType::Rrsig && one.rdata[1] == 1;
      });
      Records rrset{record(asked.name, RrType::A, {1, 2, 3, 4})};
      records.push_back(rrsig(rrset, pair.child.zsk(), name("z"), {.labels = labels}));
      INFO(labels);
      CHECK(summary(world.judge(asked, records).verdict) == "bogus signature-malformed");
    }
  }
}

TEST_SUITE("Trust anchors") {
  TEST_CASE("R6698-4.1a: without any anchor there is no judgement; below none of them all is insecure") {
    const World world = Pair().world();
    const Records records = world.collect(asked);
    CHECK(summary(judge(asked, records, {}, now).verdict) == "bogus no-trust-anchor");
    const TrustAnchors elsewhere{{name("elsewhere"), RrType::Ds, world.zone("z").ds()}};
    CHECK(summary(judge(asked, records, elsewhere, now).verdict) == "insecure no-anchor-above www.z");
  }

  TEST_CASE("Anchors are DS or DNSKEY records at any name; the nearest alone counts") {
    const World world = Pair().world();
    const Records records = world.collect(asked);
    const TrustAnchor root{name("."), RrType::Ds, world.zone(".").ds()};
    const TrustAnchor ds{name("z"), RrType::Ds, world.zone("z").ds()};
    const TrustAnchor key{name("z"), RrType::Dnskey, world.zone("z").ksk().dnskey()};
    const TrustAnchor wrong{name("z"), RrType::Ds, damaged(world.zone("z").ds())};
    CHECK(summary(judge(asked, records, {ds}, now).verdict) == "secure www.z");
    CHECK(summary(judge(asked, records, {key}, now).verdict) == "secure www.z");
    CHECK(summary(judge(asked, records, {wrong, key}, now).verdict) == "secure www.z");
    CHECK(summary(judge(asked, records, {root, ds}, now).verdict) == "secure www.z");
    CHECK(summary(judge(asked, records, {root, wrong}, now).verdict) == "bogus key-not-linked");
    CHECK(summary(judge({name("z"), RrType::Ds}, records, {root, ds}, now).verdict) == "secure z");
    CHECK(summary(judge({name("z"), RrType::Ds}, records, {ds}, now).verdict) ==
          "insecure no-anchor-above z");
  }

  TEST_CASE("An anchor that cannot be used is no reason to call the zone insecure") {
    const World world = Pair().world();
    const Records records = world.collect(asked);
    const SigningKey unknown = SigningKey::seeded(5).claiming(200);
    CHECK(summary(judge(asked, records, {{name("."), RrType::Ds, unknown.ds(name("."))}}, now).verdict) ==
          "bogus trust-anchor-unusable");
    CHECK(summary(judge(asked, records,
                        {{name("."), RrType::Dnskey,
                          world.zone(".").ksk().with_flags(entry_point | revoked).dnskey()}},
                        now)
                      .verdict) == "bogus trust-anchor-unusable");
  }
}
