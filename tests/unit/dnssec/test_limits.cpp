// What an attacker multiplies, counted: never by the clock.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

/// A root that is signed by whoever writes the test, with www A.
struct Forge {
  SigningKey ksk = SigningKey::seeded(1, entry_point);
  std::vector<SigningKey> zsks = {SigningKey::seeded(2)};
  Records records = {};

  void put(const Records& rrset, const SigningKey& key, const Signing& signing = {}) {
    append(records, rrset);
    records.push_back(rrsig(rrset, key, name("."), signing));
  }
  void put_keys() {
    Records keys{record(name("."), RrType::Dnskey, ksk.dnskey())};
    for (const SigningKey& key : zsks) keys.push_back(record(name("."), RrType::Dnskey, key.dnskey()));
    put(keys, ksk);
  }
  [[nodiscard]] Judgement judged(const Question& asked, const Limits& limits = {}) const {
    return judge(asked, records, {{name("."), RrType::Ds, ksk.ds(name("."))}}, now, {.limits = limits});
  }
};

const Question www = {name("www"), RrType::A};
const Records www_a = {record(name("www"), RrType::A, {1, 2, 3, 4})};

/// Keys of one tag and algorithm: an octet of the key is turned until the sum is right.
std::vector<SigningKey> of_one_tag(std::size_t count) {
  std::map<std::uint16_t, std::vector<SigningKey>> seen;
  while (true) {
    SigningKey key = SigningKey::make(Algorithm::Ed25519);
    auto& same = seen[key.tag()];
    same.push_back(key);
    if (same.size() == count) return same;
  }
}

ResourceRecord spoilt(ResourceRecord rrsig, std::size_t variant) {
  rrsig.rdata.back() = static_cast<std::uint8_t>(rrsig.rdata.back() ^ (1 + variant % 255));
  rrsig.rdata[rrsig.rdata.size() - 2] = static_cast<std::uint8_t>(variant / 255);
  return rrsig;
}

}  // namespace

TEST_SUITE("Limits") {
  TEST_CASE("R-limits: an ordinary answer is far from every limit") {
    const World& world = common_world();
    const Question asked = question("_443._tcp.www.child.n3.example");
    const Judgement secure = world.judge(asked, world.collect(asked));
    CHECK(secure.counts.signature_checks ==
          8);  // DNSKEY and DS of four zones, root without DS, and the answer
    CHECK(secure.counts.failed_checks == 0);
    CHECK(secure.counts.nsec3_hashes == 0);
    const Question none = question("no.n3.example", RrType::A);
    const Judgement denial = world.judge(none, world.collect(none));
    CHECK(denial.counts.signature_checks == 5 + 3);
    CHECK(denial.counts.nsec3_hashes <= 4);
  }

  TEST_CASE("R-limits: many signatures that do not verify") {
    Forge forge;
    forge.put_keys();
    append(forge.records, www_a);
    for (std::size_t made = 0; made < 2000; ++made)
      forge.records.push_back(spoilt(rrsig(www_a, forge.zsks[0], name(".")), made));
    const Judgement got = forge.judged(www);
    CHECK(summary(got.verdict) == "bogus too-many-failed-checks");
    CHECK(got.counts.failed_checks <= Limits{}.failed_checks + 1);
    CHECK(got.counts.signature_checks <= Limits{}.failed_checks + 2);
  }

  TEST_CASE("R-limits: many keys of one tag") {
    Forge forge;
    forge.zsks = of_one_tag(2);
    forge.put_keys();
    append(forge.records, www_a);
    forge.records.push_back(rrsig(www_a, SigningKey::seeded(9), name(".")));
    for (std::size_t at = 0; at < 2; ++at) {
      forge.records.back().rdata[16] = static_cast<std::uint8_t>(forge.zsks[0].tag() >> 8);
      forge.records.back().rdata[17] = static_cast<std::uint8_t>(forge.zsks[0].tag());
    }
    CHECK(summary(forge.judged(www).verdict) == "bogus signature-invalid");
    CHECK(summary(forge.judged(www, {.keys_per_tag = 1}).verdict) == "bogus too-many-keys-per-tag");
  }

  TEST_CASE("R-limits: many keys, many DS records") {
    Forge forge;
    for (std::uint8_t made = 0; made < 70; ++made)
      forge.zsks.push_back(SigningKey::seeded(static_cast<std::uint8_t>(100 + made)));
    forge.put_keys();
    CHECK(summary(forge.judged(www).verdict) == "bogus too-many-keys");
    Forge parent;
    parent.put_keys();
    Records ds;
    for (std::uint8_t made = 0; made < 40; ++made)
      ds.push_back(record(name("www"), RrType::Ds, Buffer(36, made)));
    parent.put(ds, parent.zsks[0]);
    CHECK(summary(parent.judged(www).verdict) == "bogus too-many-ds-records");
  }

  TEST_CASE("R-limits: many DS records of one tag, many keys of that tag: nothing is hashed for them") {
    // Found by lowering the limit: keys of one tag are dear to make.
    Forge parent;
    parent.put_keys();
    const auto twins = of_one_tag(2);
    const Records ds{record(name("www"), RrType::Ds, twins[0].ds(name("www")))};
    parent.put(ds, parent.zsks[0]);
    Records keys;
    for (const SigningKey& key : twins) keys.push_back(record(name("www"), RrType::Dnskey, key.dnskey()));
    append(parent.records, keys);
    parent.records.push_back(rrsig(keys, twins[0], name("www")));
    append(parent.records, www_a);
    parent.records.push_back(rrsig(www_a, twins[0], name("www")));
    CHECK(summary(parent.judged(www).verdict) == "secure www");
    CHECK(summary(parent.judged(www, {.keys_per_tag = 1}).verdict) == "bogus too-many-keys-per-tag");
  }

  TEST_CASE("R-limits: dear algorithms and long RRsets use up the same budget sooner") {
    Forge forge;
    forge.ksk = SigningKey::make(Algorithm::EcdsaP384Sha384, entry_point);
    forge.put_keys();
    append(forge.records, www_a);
    CHECK(forge.judged(www).counts.signature_work == verification_cost(Algorithm::EcdsaP384Sha384));
    Records texts;
    for (std::uint8_t made = 0; made < 200; ++made)
      texts.push_back(record(name("t"), RrType::Txt, Buffer(251, made)));
    forge.put(texts, forge.zsks[0]);
    const Judgement got = forge.judged({name("t"), RrType::Txt});
    CHECK(summary(got.verdict) == "secure t");
    CHECK(got.counts.signature_work ==
          verification_cost(Algorithm::EcdsaP384Sha384) + verification_cost(Algorithm::Ed25519) + 3);
    CHECK(summary(forge.judged({name("t"), RrType::Txt}, {.signature_work = 12}).verdict) ==
          "bogus too-much-signature-work");
  }

  TEST_CASE("R-limits: alias chains and loops end") {
    for (const int length : {16, 17}) {
      Forge forge;
      forge.put_keys();
      const auto link = [](int at) { return name("l" + std::to_string(at)); };
      for (int at = 0; at < length; ++at)
        forge.put({record(link(at), RrType::Cname, to_buffer(link(at + 1).wire()))}, forge.zsks[0]);
      forge.put({record(link(length), RrType::A, {1, 2, 3, 4})}, forge.zsks[0]);
      CHECK(summary(forge.judged({link(0), RrType::A}).verdict) ==
            (length == 16 ? "secure l16" : "bogus too-many-aliases"));
    }
    Forge loop;
    loop.put_keys();
    loop.put({record(name("a"), RrType::Cname, name_rdata("b"))}, loop.zsks[0]);
    loop.put({record(name("b"), RrType::Cname, name_rdata("a"))}, loop.zsks[0]);
    const Judgement got = loop.judged({name("a"), RrType::A});
    CHECK(summary(got.verdict) == "bogus too-many-aliases");
    CHECK(got.counts.signature_checks == 3);
  }

  TEST_CASE("R-limits: records, and NSEC records among them, are counted without duplicates") {
    Forge forge;
    forge.put_keys();
    forge.put(www_a, forge.zsks[0]);
    Forge twice = forge;
    for (int made = 0; made < 5000; ++made) twice.records.push_back(www_a.front());
    CHECK(summary(twice.judged(www).verdict) == "secure www");
    Forge many = forge;
    for (unsigned made = 0; made < 2048; ++made)
      many.records.push_back(
          record(name("x"), RrType::A,
                 {1, 1, static_cast<std::uint8_t>(made >> 8), static_cast<std::uint8_t>(made)}));
    CHECK(summary(many.judged(www).verdict) == "bogus too-many-records");
    Forge denials = forge;
    for (unsigned made = 0; made <= Limits{}.denial_records; ++made)
      denials.records.push_back(
          record(name("n" + std::to_string(made)), RrType::Nsec, nsec_rdata(name("o"), {RrType::A})));
    CHECK(summary(denials.judged(www).verdict) == "bogus too-many-denial-records");
  }

  TEST_CASE("R-limits: names of very many labels are looked into so far and no further") {
    Forge forge;
    forge.put_keys();
    const auto of_labels = [](std::size_t labels) {
      std::string text = "a";
      while (--labels > 0) text += ".a";
      return name(text);
    };
    CHECK(forge.judged({of_labels(127), RrType::A}).counts.names == 127);
    CHECK(summary(forge.judged({of_labels(10), RrType::A}, {.names = 10}).verdict) == "missing");
    CHECK(summary(forge.judged({of_labels(11), RrType::A}, {.names = 10}).verdict) == "bogus too-many-names");
  }

  TEST_CASE("R-limits: a chain of many zones ends") {
    World world;
    std::string apex = "z";
    std::vector<std::string> apexes;
    for (int depth = 0; depth < 8; ++depth, apex = "z." + apex) apexes.push_back(apex);
    Buffer ds;
    for (auto at = apexes.rbegin(); at != apexes.rend(); ++at) {
      Zone zone(*at, Chain::Nsec);
      if (!ds.empty()) zone.delegate("z." + *at, {ds});
      ds = world.add(std::move(zone)).ds();
    }
    Zone root(".", Chain::Nsec);
    root.delegate("z", {ds});
    world.add(std::move(root));
    const Question asked{name(apexes.back()), RrType::Soa};
    const Records records = world.collect(asked);
    CHECK(summary(world.judge(asked, records).verdict) == "secure " + apexes.back());
    CHECK(summary(world.judge(asked, records, {.limits = {.zones = 8}}).verdict) == "bogus too-many-zones");
  }
}

TEST_SUITE("RFC 9276 section 3.2: iterations") {
  TEST_CASE("R9276-3a: up to 100 iterations prove; above it what needs the proof is insecure") {
    for (const std::uint16_t count : {std::uint16_t{100}, std::uint16_t{101}}) {
      World world;
      Zone root(".", Chain::Nsec3);
      root.iterations(count)
          .add("www", RrType::A, {1, 2, 3, 4})
          .add("*.w", RrType::A, {1, 2, 3, 4})
          .delegate("unsigned");
      world.add(std::move(root));
      world.add(Zone("unsigned", Chain::Unsigned));
      const bool fine = count == 100;
      CHECK(summary(world.verdict(www)) == "secure www");
      CHECK(summary(world.verdict(question("no", RrType::A))) ==
            (fine ? "denied name-error no" : "insecure nsec3-iterations ."));
      CHECK(summary(world.verdict(question("x.w", RrType::A))) ==
            (fine ? "secure x.w" : "insecure nsec3-iterations ."));
      CHECK(summary(world.verdict(question("unsigned", RrType::Soa))) ==
            (fine ? "insecure unsigned-delegation unsigned" : "insecure nsec3-iterations ."));
    }
  }

  TEST_CASE(
      "R9276-3a: a signed zone without DS, and what is below it, is insecure where the denial takes many "
      "iterations") {
    World world;
    Zone deeper("y.z", Chain::Nsec);
    Zone island("z", Chain::Nsec);
    island.delegate("y.z", {world.add(std::move(deeper)).ds()});
    world.add(std::move(island));
    Zone root(".", Chain::Nsec3);
    root.iterations(101).delegate("z");
    world.add(std::move(root));
    for (const auto& asked :
         {question("z", RrType::Soa), question("no.z", RrType::A), question("y.z", RrType::Soa)})
      CHECK(summary(world.verdict(asked)) == "insecure nsec3-iterations .");
    // Without the record of many iterations there is no proof at all.
    const Question asked = question("z", RrType::Soa);
    Records records = world.collect(asked);
    std::erase_if(records, [](const ResourceRecord& one) { return one.type == RrType::Nsec3; });
    CHECK(summary(world.judge(asked, records).verdict) == "missing");
  }

  TEST_CASE("R9276-3a: DS records that do not verify are bogus, however many iterations the zone has") {
    World world;
    Zone child("z", Chain::Nsec);
    Zone root(".", Chain::Nsec3);
    root.iterations(500).delegate("z", {world.add(std::move(child)).ds()});
    world.add(std::move(root));
    const Question asked = question("z", RrType::Soa);
    Records records = world.collect(asked);
    append(records, world.zone(".").everything());
    CHECK(summary(world.judge(asked, records).verdict) == "secure z");
    for (ResourceRecord& one : records) {
      if (one.owner == name("z") && one.type == RrType::Rrsig && one.rdata[1] == 43) one.rdata.back() ^= 1;
    }
    CHECK(summary(world.judge(asked, records).verdict) == "bogus signature-invalid");
    std::erase_if(records, [](const ResourceRecord& one) {
      return one.owner == name("z") && one.type == RrType::Dnskey;
    });
    CHECK(summary(world.judge(asked, records).verdict) == "bogus signature-invalid");
  }

  TEST_CASE("R9276-3a: a record of many iterations that nobody signed, or nobody needs, changes nothing") {
    const World& world = common_world();
    const Records forged{record(world.zone("n3.example").hashed(name("no.n3.example")), RrType::Nsec3,
                                nsec3_rdata(0, 65535, {}, Buffer(20, 1), {RrType::A}))};
    for (const Question& asked :
         {question("no.n3.example", RrType::A), question("www.n3.example", RrType::A)}) {
      Records records = world.collect(asked);
      const std::string want = summary(world.judge(asked, records).verdict);
      append(records, forged);
      records.push_back(rrsig(forged, SigningKey::seeded(77), name("n3.example")));
      CHECK(summary(world.judge(asked, records).verdict) == want);
      const auto hashes = world.judge(asked, records).counts.nsec3_hashes;
      CHECK(hashes <= 4);
    }
    // Alone, without a signature that verifies, it makes nothing insecure.
    Records alone = world.collect(question("www.n3.example", RrType::A));
    append(alone, forged);
    alone.push_back(rrsig(forged, SigningKey::seeded(77), name("n3.example")));
    CHECK(summary(world.judge(question("other.n3.example", RrType::A), alone).verdict) == "missing");
    // Signed, and not needed.
    Records signed_ones = world.collect(question("www.n3.example", RrType::A));
    append(signed_ones, forged);
    signed_ones.push_back(rrsig(forged, world.zone("n3.example").zsk(), name("n3.example")));
    CHECK(summary(world.judge(question("www.n3.example", RrType::A), signed_ones).verdict) ==
          "secure www.n3.example");
  }

  TEST_CASE("R-limits: names are hashed so many times and no more") {
    const World& world = common_world();
    const Question asked = question("a.b.c.d.e.f.g.h.n3.example", RrType::A);
    const Records records = world.collect(asked);
    CHECK(summary(world.judge(asked, records).verdict).starts_with("denied"));
    CHECK(summary(world.judge(asked, records, {.limits = {.nsec3_hashes = 2}}).verdict) ==
          "bogus too-many-nsec3-hashes");
    std::string longest = "n3.example";
    while (longest.size() + 2 < 250) longest = "a." + longest;
    Records parameters = records;
    for (std::uint8_t salt = 0; salt < 60; ++salt) {
      const Records one{record(name("00000000000000000000000000000000.n3.example"), RrType::Nsec3,
                               nsec3_rdata(0, 100, Buffer(200, salt), Buffer(20, 0xFF), {RrType::A}))};
      append(parameters, one);
      parameters.push_back(spoilt(rrsig(one, SigningKey::seeded(78), name("n3.example")), salt));
    }
    const Judgement got = world.judge(question(longest, RrType::A), parameters);
    CHECK(summary(got.verdict) == "bogus too-many-nsec3-hashes");
    CHECK(got.counts.nsec3_hashes <= Limits{}.nsec3_hashes);
  }
}
