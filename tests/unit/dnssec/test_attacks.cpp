// Genuine records in the wrong place, and forged ones: what must not come of them.
#include <doctest/doctest.h>

#include <algorithm>

#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

/// The chain of keys down to these zones, and DS records on the way.
Records chain(const World& world, std::initializer_list<std::string_view> apexes) {
  Records records;
  for (const std::string_view apex : apexes) {
    append(records, world.zone(apex).find(name(apex), RrType::Dnskey));
    if (apex != ".") append(records, world.reply(question(apex, RrType::Ds)));
  }
  return records;
}

std::string judged(const World& world, const Question& asked, const Records& records) {
  return summary(world.judge(asked, records).verdict);
}

bool is_failure(const std::string& verdict) { return verdict == "missing" || verdict.starts_with("bogus"); }

Records without(Records records, RrType type) {
  std::erase_if(records, [&](const ResourceRecord& one) {
    const bool covers = one.type == RrType::Rrsig && one.rdata[0] == static_cast<unsigned>(type) >> 8 &&
                        one.rdata[1] == (static_cast<unsigned>(type) & 0xFFU);
    return one.type == type || covers;
  });
  return records;
}

Records all_chains(const World& world) {
  return chain(world, {".", "example", "n1.example", "n3.example", "oo.example", "child.n1.example",
                       "child.n3.example", "child.oo.example"});
}

}  // namespace

TEST_SUITE("RFC 5155 section 8, RFC 6840 section 4: denials from the wrong zone") {
  TEST_CASE(
      "R5155-8b: the parent's records deny nothing below a signed child, whichever of them are replayed") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example", "oo.example"}) {
      const Question asked{name("_443._tcp.www.child." + std::string(apex)), RrType::Tlsa};
      Records parents = chain(world, {".", "example", apex});
      append(parents, world.zone(apex).everything());
      // With the child's DS the child's keys are wanted; without it the delegation stands in the way.
      INFO(apex);
      CHECK(judged(world, asked, parents) == "missing");
      CHECK(is_failure(judged(world, asked, without(parents, RrType::Ds))));
      append(parents, chain(world, {"child." + std::string(apex)}));
      CHECK(judged(world, asked, parents) == "missing");
      CHECK(judged(world, {name("child." + std::string(apex)), RrType::A}, parents) == "missing");
    }
  }

  TEST_CASE("R5155-8b: everything that a zone tree has, and no answer for the name, is still no denial") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example", "oo.example"}) {
      const std::string owner = "_443._tcp.www.child." + std::string(apex);
      Records all = all_chains(world);
      append(all, world.zone(apex).everything());
      append(all, world.zone("child." + std::string(apex)).everything());
      CHECK(judged(world, question(owner), all) == "secure " + owner);
      std::erase_if(all, [&](const ResourceRecord& one) {
        return one.owner == name(owner) && one.type != RrType::Nsec;
      });
      CHECK(is_failure(judged(world, question(owner), all)));
    }
  }

  TEST_CASE("R4035-5.4a: the child apex's NSEC never denies its DS") {
    const World& world = common_world();
    Records records = chain(world, {".", "example", "n1.example"});
    append(records, world.zone("child.n1.example").everything());
    records = without(records, RrType::Ds);
    append(records, chain(world, {"example", "n1.example"}));
    std::erase_if(records, [](const ResourceRecord& one) {
      return one.owner == name("child.n1.example") && one.type == RrType::Ds;
    });
    const std::string got = judged(world, question("child.n1.example", RrType::Ds), records);
    CHECK(is_failure(got));
    CHECK(
        is_failure(judged(world, question("www.child.n1.example", RrType::A), without(records, RrType::A))));
  }

  TEST_CASE("R6840-4.1a: a delegation's NSEC or NSEC3 denies DS and nothing else") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example"}) {
      const std::string cut = "child." + std::string(apex);
      Records records = chain(world, {".", "example", apex});
      append(records, world.zone(apex).matching(name(cut)));
      for (const RrType type : {RrType::A, RrType::Tlsa, RrType::Soa, RrType::Ds}) {
        INFO(cut << " " << static_cast<unsigned>(type));
        CHECK(is_failure(judged(world, question(cut, type), records)));
      }
      append(records, world.zone(apex).encloser_proof(name("x." + cut)));
      append(records, world.zone(apex).covering(name("*." + cut)));
      CHECK(is_failure(judged(world, question("x." + cut, RrType::A), records)));
    }
  }

  TEST_CASE("R4035-5.4a: an NSEC or NSEC3 of a DNAME's owner denies no name below") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example"}) {
      const std::string owner = "x.moved." + std::string(apex);
      Records records = chain(world, {".", "example", apex});
      append(records, world.zone(apex).matching(name("moved." + std::string(apex))));
      append(records, world.zone(apex).covering(name(owner)));
      append(records, world.zone(apex).covering(name("*.moved." + std::string(apex))));
      CHECK(is_failure(judged(world, question(owner, RrType::A), records)));
    }
  }

  TEST_CASE("R6840-4.3a: where there is a CNAME no type is denied") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example"}) {
      const DnsName owner = name("alias." + std::string(apex));
      Records records = chain(world, {".", "example", apex});
      append(records, world.zone(apex).matching(owner));
      CHECK(is_failure(judged(world, {owner, RrType::Tlsa}, records)));
    }
  }

  TEST_CASE(
      "R5155-8a: closest encloser and next closer name are proven by one chain, not by two of different "
      "parameters") {
    const auto made = [](std::uint16_t iterations) {
      Zone root(".", Chain::Nsec3);
      root.iterations(iterations).add("www.a", RrType::A, {1, 2, 3, 4});
      for (int more = 0; more < 60; ++more) root.add("n" + std::to_string(more), RrType::A, {1, 2, 3, 4});
      root.sign();
      return root;
    };
    const Zone one = made(1);
    const Zone two = made(2);
    World world;
    world.add(one);
    const Records keys = one.find(name("."), RrType::Dnskey);
    REQUIRE(two.covering(name("x.a")).front().owner != two.hashed(name("a")));
    REQUIRE(two.covering(name("*.a")).front().owner != two.hashed(name("a")));
    for (const Zone* encloser : {&one, &two}) {
      Records records = keys;
      append(records, encloser->matching(name("a")));
      append(records, two.covering(name("x.a")));
      append(records, two.covering(name("*.a")));
      const std::string got = judged(world, question("x.a", RrType::A), records);
      CHECK((encloser == &two ? got == "denied name-error x.a" : is_failure(got)));
    }
  }

  TEST_CASE("R5155-8a: NXDOMAIN needs every part of its proof") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example"}) {
      const Question asked{name("a.no." + std::string(apex)), RrType::A};
      const Records way = chain(world, {".", "example", apex});
      Records proof;
      for (const ResourceRecord& one : world.reply(asked)) {
        if (one.type == RrType::Nsec || one.type == RrType::Nsec3) proof.push_back(one);
      }
      for (const ResourceRecord& left_out : proof) {
        Records records = way;
        append(records, world.reply(asked));
        std::erase_if(records, [&](const ResourceRecord& one) {
          return one.owner == left_out.owner && one.type == left_out.type;
        });
        // DS replies on the way bring NSEC and NSEC3 records of their own zones, never of this one.
        CHECK(is_failure(judged(world, asked, records)));
      }
    }
  }
}

TEST_SUITE("RFC 6840 section 4.4: unsigned answers in signed zones") {
  TEST_CASE(
      "R6840-4.4a: a covering record without Opt-Out is no insecure delegation: what is answered there is "
      "bogus") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example"}) {
      const std::string cut = "no." + std::string(apex);
      Records records = chain(world, {".", "example", apex});
      append(records, world.zone(apex).encloser_proof(name(cut)));
      for (const std::string& owner : {cut, "www." + cut}) {
        Records answered = records;
        answered.push_back(record(name(owner), RrType::A, {6, 6, 6, 6}));
        CHECK(judged(world, question(owner, RrType::A), answered) == "bogus signature-missing");
      }
    }
  }

  TEST_CASE(
      "R6840-4.4a: a name without NS is no cut; below it the zone goes on, and unsigned answers are bogus") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example"}) {
      const std::string owner = "www." + std::string(apex);
      Records records = chain(world, {".", "example", apex});
      append(records, world.reply(question(owner, RrType::Ds)));
      records.push_back(record(name(owner), RrType::A, {6, 6, 6, 6}));
      CHECK(judged(world, question(owner, RrType::A), records) == "bogus signature-missing");
    }
  }

  TEST_CASE("R6840-4.4a: a child's own NSEC or NSEC3 with NS and SOA is no proof of an insecure delegation") {
    const World& world = common_world();
    Records records = chain(world, {".", "example", "n1.example"});
    append(records, world.zone("child.n1.example").matching(name("child.n1.example")));
    records.push_back(record(name("www.child.n1.example"), RrType::A, {6, 6, 6, 6}));
    // Also as if the parent had signed it.
    const Records apex_nsec{
        record(name("child.n1.example"), RrType::Nsec,
               nsec_rdata(name("zz.n1.example"), {RrType::Ns, RrType::Soa, RrType::Rrsig, RrType::Nsec}))};
    append(records, apex_nsec);
    records.push_back(rrsig(apex_nsec, world.zone("n1.example").zsk(), name("n1.example")));
    std::erase_if(records, [](const ResourceRecord& one) {
      return one.type == RrType::Ds && one.owner == name("child.n1.example");
    });
    CHECK(is_failure(judged(world, question("www.child.n1.example", RrType::A), records)));
    CHECK(is_failure(judged(world, question("child.n1.example", RrType::Ds), records)));
  }

  TEST_CASE("R4035-5.4a: an NSEC whose next name leads out of its zone, or back, covers nothing") {
    const World& world = common_world();
    for (const std::string_view next : {"example", "zzz.example", "a.n1.example", "."}) {
      Records records = chain(world, {".", "example", "n1.example"});
      const Records forged{record(name("m.n1.example"), RrType::Nsec, nsec_rdata(name(next), {RrType::A}))};
      append(records, forged);
      records.push_back(rrsig(forged, world.zone("n1.example").zsk(), name("n1.example")));
      append(records, world.zone("n1.example").covering(name("*.n1.example")));
      INFO(next);
      CHECK(is_failure(judged(world, question("n.n1.example", RrType::A), records)));
    }
  }

  TEST_CASE("R5155-8a: an NSEC3 owner is one label below the zone that signed it") {
    const World& world = common_world();
    const Zone& zone = world.zone("n3.example");
    const Question asked = question("www.n3.example");
    Records records = chain(world, {".", "example", "n3.example"});
    const Records genuine = zone.matching(asked.name);
    for (const std::string_view below : {"x.n3.example", "child.n3.example"}) {
      Records moved{genuine.front()};
      moved[0].owner = name(zone.hashed(asked.name).to_text().substr(0, 33) + std::string(below));
      append(records, moved);
      records.push_back(rrsig(moved, zone.zsk(), name("n3.example")));
    }
    CHECK(is_failure(judged(world, asked, records)));
    append(records, genuine);
    CHECK(judged(world, asked, records) == "denied no-data www.n3.example");
  }

  TEST_CASE(
      "R4035-5.3b: where one record is the whole RRset, a second one from another time or another hand does "
      "no harm") {
    const World& world = common_world();
    const Question asked = question("no.n1.example", RrType::A);
    Records records = world.collect(asked);
    const DnsName owner = world.zone("n1.example").covering(asked.name).front().owner;
    const Records newer{
        record(owner, RrType::Nsec, nsec_rdata(name("nn.n1.example"), {RrType::A, RrType::Mx}))};
    append(records, newer);
    CHECK(judged(world, asked, records) == "denied name-error no.n1.example");
    records.push_back(rrsig(newer, world.zone("n1.example").zsk(), name("n1.example")));
    CHECK(judged(world, asked, records) == "denied name-error no.n1.example");
    const Question alias = question("alias.n1.example", RrType::A);
    Records aliased = world.collect(alias);
    aliased.push_back(record(alias.name, RrType::Cname, name_rdata("a.n1.example")));
    CHECK(judged(world, alias, aliased) == "secure www.n1.example");
  }

  TEST_CASE("R4035-5.3a: records of another class are not there") {
    const World& world = common_world();
    const Question asked = question("www.n1.example", RrType::A);
    Records records = world.collect(asked);
    Records chaos = records;
    for (ResourceRecord& one : chaos) one.dns_class = 3;
    CHECK(judged(world, asked, chaos) == "missing");
    for (ResourceRecord& one : chaos) one.rdata.push_back(1);
    append(records, chaos);
    CHECK(judged(world, asked, records) == "secure www.n1.example");
  }
}

TEST_SUITE("RFC 4035 section 5.3.4: wildcards") {
  TEST_CASE("R4035-5.3.4a: a wildcard's RRset replayed for a name that exists, or deeper, is not secure") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example", "oo.example"}) {
      const std::string zone(apex);
      const Records wild = world.zone(apex).find(name("*.wild." + zone), RrType::A);
      for (const std::string& owner : {"there.wild." + zone, "x.there.wild." + zone, "www.child." + zone}) {
        Records records = chain(world, {".", "example", apex});
        append(records, without(world.zone(apex).everything(), RrType::A));
        Records moved = wild;
        for (ResourceRecord& one : moved) one.owner = name(owner);
        append(records, moved);
        INFO(owner);
        const std::string got = judged(world, question(owner, RrType::A), records);
        CHECK_FALSE(got.starts_with("secure"));
        // The second one does not exist, and under Opt-Out that is insecure whatever a wildcard says.
        const bool opt_out = zone == "oo.example" && owner.starts_with("x.");
        CHECK(got.starts_with("insecure") == opt_out);
      }
    }
  }

  TEST_CASE("R4035-5.3.4a: without the proof a wildcard answer is bogus") {
    const World& world = common_world();
    for (const std::string_view apex : {"n1.example", "n3.example"}) {
      const Question asked{name("x.wild." + std::string(apex)), RrType::A};
      Records records = chain(world, {".", "example", apex});
      append(records, without(without(world.reply(asked), RrType::Nsec), RrType::Nsec3));
      CHECK(judged(world, asked, records) == "bogus wildcard-unproven");
    }
  }

  TEST_CASE(
      "R4035-5.3.4a: a wildcard answer over an Opt-Out span is insecure, also where only the span is shown") {
    const World& world = common_world();
    const Zone& zone = world.zone("oo.example");
    // A name whose span is not the one that begins with its encloser.
    std::string label = "x";
    const auto shown_too = [&] {
      return zone.covering(name(label + ".wild.oo.example")) == zone.matching(name("wild.oo.example"));
    };
    while (shown_too()) label += "x";
    const Question asked = question(label + ".wild.oo.example", RrType::A);
    Records records = chain(world, {".", "example", "oo.example"});
    for (ResourceRecord one : zone.find(name("*.wild.oo.example"), RrType::A)) {
      one.owner = asked.name;
      records.push_back(one);
    }
    append(records, zone.covering(asked.name));
    CHECK(judged(world, asked, records) == "insecure opt-out " + label + ".wild.oo.example");
  }

  TEST_CASE("R6840-4.1a: a wildcard that is a delegation denies nothing") {
    for (const Chain kind : {Chain::Nsec, Chain::Nsec3}) {
      World world;
      Zone root(".", kind);
      root.add("*.d", RrType::Ns, name_rdata("ns.elsewhere")).add("y.d", RrType::A, {1, 2, 3, 4});
      world.add(std::move(root));
      CHECK(is_failure(summary(world.verdict(question("x.d", RrType::A)))));
    }
  }

  TEST_CASE("R4035-5.3.4a: an NSEC that a wildcard was expanded to proves nothing") {
    World world;
    Zone root(".", Chain::Nsec);
    root.add("*.example", RrType::A, {1, 2, 3, 4})
        .add("z.example", RrType::Tlsa, Buffer(35, 1))
        .add("example", RrType::A, {1, 2, 3, 4});
    world.add(std::move(root));
    Records records = chain(world, {"."});
    for (ResourceRecord one : world.zone(".").find(name("*.example"), RrType::Nsec)) {
      one.owner = name("b.example");
      records.push_back(one);
    }
    CHECK(is_failure(judged(world, question("b.example"), records)));
  }

  TEST_CASE("R4035-5.3.4a: a DS, a DNAME or keys by a wildcard do not count") {
    World world;
    Zone root(".", Chain::Nsec);
    const SigningKey key = SigningKey::seeded(1, entry_point);
    root.add("x.b.example", RrType::A, {1, 2, 3, 4});
    root.add("*.example", RrType::Ds, key.ds(name("a.example")))
        .add("*.example", RrType::Dname, name_rdata("b.example"));
    world.add(std::move(root));
    Records records = chain(world, {"."});
    for (const RrType type : {RrType::Ds, RrType::Dname}) {
      for (ResourceRecord one : world.zone(".").find(name("*.example"), type)) {
        one.owner = name("a.example");
        records.push_back(one);
      }
    }
    append(records, world.zone(".").everything());
    const Records keys{record(name("a.example"), RrType::Dnskey, key.dnskey())};
    append(records, keys);
    records.push_back(rrsig(keys, key, name("a.example")));
    const Records answer{record(name("a.example"), RrType::A, {9, 9, 9, 9})};
    append(records, answer);
    records.push_back(rrsig(answer, key, name("a.example")));
    CHECK_FALSE(judged(world, question("a.example", RrType::A), records).starts_with("secure"));
    CHECK_FALSE(judged(world, question("x.a.example", RrType::A), records).starts_with("secure"));
    CHECK_FALSE(judged(world, question("a.example", RrType::Ds), records).starts_with("secure"));
  }
}

TEST_SUITE("RFC 6672 section 5.3: DNAME") {
  TEST_CASE("R6672-5.3a: a forged CNAME beside a DNAME changes nothing; none at all is fine") {
    const World& world = common_world();
    const Question asked = question("there.moved.n1.example", RrType::A);
    const Records genuine = world.collect(asked);
    CHECK(judged(world, asked, genuine) == "secure there.wild.n1.example");
    CHECK(judged(world, asked, without(genuine, RrType::Cname)) == "secure there.wild.n1.example");
    Records forged = without(genuine, RrType::Cname);
    forged.push_back(record(asked.name, RrType::Cname, name_rdata("www.n1.example")));
    append(forged, world.reply(question("www.n1.example", RrType::A)));
    CHECK(judged(world, asked, forged) == "secure there.wild.n1.example");
    // Alone it is an unsigned alias in a signed zone.
    CHECK(is_failure(judged(world, asked, without(forged, RrType::Dname))));
  }

  TEST_CASE("R6672-5.3a: a DNAME that makes too long a name is bogus") {
    World world;
    Zone root(".", Chain::Nsec);
    const std::string label(63, 'a');
    root.add("d", RrType::Dname, name_rdata(label + "." + label + "." + label));
    world.add(std::move(root));
    CHECK(summary(world.verdict(question(label + ".d", RrType::A))) == "bogus alias-too-long");
  }

  TEST_CASE("R6672-5.3a: a DNAME of another zone, or at the name itself, redirects nothing") {
    World world;
    Zone root(".", Chain::Nsec);
    Zone below("a.b", Chain::Nsec);
    below.add("www.a.b", RrType::A, {1, 1, 1, 1});
    root.add("b", RrType::Dname, name_rdata("evil")).add("www.a.evil", RrType::A, {6, 6, 6, 6});
    root.delegate("a.b", {world.add(std::move(below)).ds()});
    root.add("own", RrType::Dname, name_rdata("evil"));
    world.add(std::move(root));
    Records records = world.zone(".").everything();
    append(records, world.zone("a.b").everything());
    CHECK(judged(world, question("www.a.b", RrType::A), records) == "secure www.a.b");
    std::erase_if(records, [](const ResourceRecord& one) {
      return one.owner == name("www.a.b") && one.type != RrType::Nsec;
    });
    CHECK(is_failure(judged(world, question("www.a.b", RrType::A), records)));
    CHECK(judged(world, question("own", RrType::A), records) == "denied no-data own");
  }
}
