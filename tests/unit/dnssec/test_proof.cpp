#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "dnssec/authentication_chain.hpp"
#include "dnssec/proof.hpp"
#include "world.hpp"

using namespace danelaw;
using dnssec::Proof;
using dnssec::proof_in;
using dnssec::ResourceRecord;
using lab::Question;
using lab::Records;

namespace {

/// Names of every kind below a zone, and what they lead to.
struct Row {
  const char* name;
  RrType type = RrType::Tlsa;
};
constexpr Row rows[] = {
    {"_443._tcp.www"},
    {"", RrType::A},
    {"many", RrType::A},
    {"www.child"},
    {"_443._tcp.www.child"},
    {"x.wild"},
    {"a.b.wild"},
    {"x.wild", RrType::Mx},
    {"there.wild"},
    {"alias", RrType::A},
    {"alias"},
    {"x.walias", RrType::A},
    {"x.moved"},
    {"moved", RrType::Dname},
    {"out", RrType::A},
    {"away", RrType::A},
    {"empty", RrType::A},
    {"deep.empty"},
    {"nothing"},
    {"a.b.nothing"},
    {"www.insecure"},
    {"www.strange"},
    {"www.odd"},
    {"insecure", RrType::Ds},
    {"child", RrType::Ds},
    {"child", RrType::Dnskey},
    {"x.insecure", RrType::A},
    {"", RrType::Dnskey},
    {"www", RrType{65280}},
};

Question question_at(const Row& row, const std::string& zone) {
  const std::string name(row.name);
  return lab::question(name.empty() ? zone : name + "." + zone, row.type);
}

std::optional<Proof> proof_of(const Question& question, const Records& records) {
  const lab::World& world = lab::common_world();
  return proof_in(records, question, world.anchors(), lab::now);
}

std::string judged(const Question& question, const Records& records) {
  return lab::summary(lab::common_world().judge(question, records).verdict);
}

/// Owner and type of each RRset; signatures count with what they cover.
std::set<std::pair<DnsName, RrType>> rrsets_of(const Records& records) {
  std::set<std::pair<DnsName, RrType>> keys;
  for (const ResourceRecord& record : records) {
    if (record.type != RrType::Rrsig) keys.emplace(record.owner, record.type);
  }
  return keys;
}

Records without(const Records& records, const std::pair<DnsName, RrType>& key) {
  Records rest;
  std::ranges::copy_if(records, std::back_inserter(rest), [&](const ResourceRecord& record) {
    return record.owner != key.first || record.type != key.second;
  });
  return rest;
}

}  // namespace

TEST_SUITE("RFC 9102 section 3: what a verdict rests upon") {
  TEST_CASE("the proof alone gives the verdict, and without any RRset of it does not") {
    for (const char* zone : {"n1.example", "n3.example", "oo.example"}) {
      for (const Row& row : rows) {
        const Question question = question_at(row, zone);
        INFO(question.name.to_text(), " ", static_cast<unsigned>(row.type));
        const Records all = lab::common_world().collect(question);
        const std::string want = judged(question, all);
        REQUIRE(want.substr(0, 5) != "bogus");
        REQUIRE(want != "missing");
        const auto proof = proof_of(question, all);
        REQUIRE(proof);
        CHECK(lab::summary(proof->verdict) == want);
        CHECK(judged(question, proof->records) == want);
        for (const auto& key : rrsets_of(proof->records)) {
          INFO("without ", key.first.to_text(), " ", static_cast<unsigned>(key.second));
          CHECK(judged(question, without(proof->records, key)) != want);
        }
      }
    }
  }

  TEST_CASE("what does not belong to it is left out, and the order does not matter") {
    const Question question = lab::question("_443._tcp.www.n3.example");
    const Records all = lab::common_world().collect(question);
    const auto want = proof_of(question, all);
    REQUIRE(want);
    Records more = all;
    for (const char* other : {"x.wild.n3.example", "nothing.n1.example", "www.insecure.oo.example"})
      lab::append(more, lab::common_world().collect(lab::question(other)));
    std::ranges::reverse(more);
    const auto got = proof_of(question, more);
    REQUIRE(got);
    CHECK(dnssec::write_chain(got->records).value() == dnssec::write_chain(want->records).value());
    CHECK(got->records.size() < more.size());
  }

  TEST_CASE("signatures that do not verify are left out") {
    const Question question = lab::question("_443._tcp.www.n1.example");
    Records all = lab::common_world().collect(question);
    const auto want = proof_of(question, all);
    REQUIRE(want);
    const Records genuine = all;
    for (ResourceRecord record : genuine) {
      if (record.type != RrType::Rrsig) continue;
      record.rdata.back() ^= 1;
      all.push_back(record);
    }
    const auto got = proof_of(question, all);
    REQUIRE(got);
    CHECK(dnssec::write_chain(got->records).value() == dnssec::write_chain(want->records).value());
  }

  TEST_CASE("a DNAME goes without the CNAME that it makes") {
    const auto proof = proof_of(lab::question("x.moved.n1.example"),
                                lab::common_world().collect(lab::question("x.moved.n1.example")));
    REQUIRE(proof);
    const auto keys = rrsets_of(proof->records);
    CHECK(keys.contains({DnsName::from_text("moved.n1.example").value(), RrType::Dname}));
    CHECK_FALSE(keys.contains({DnsName::from_text("x.moved.n1.example").value(), RrType::Cname}));
  }

  TEST_CASE("what is bogus, or lacks records, has no proof") {
    const Question question = lab::question("_443._tcp.www.n1.example");
    Records all = lab::common_world().collect(question);
    CHECK_FALSE(proof_of(question, {}));
    for (ResourceRecord& record : all) {
      if (record.type == RrType::Rrsig) record.rdata.back() ^= 1;
    }
    CHECK_FALSE(proof_of(question, all));
  }

  TEST_CASE("what is known already does not shorten the proof") {
    const Question question = lab::question("_443._tcp.www.n1.example");
    const lab::World& world = lab::common_world();
    const Records all = world.collect(question);
    const dnssec::Known known = world.judge(question, all).learned;
    const auto proof = proof_in(all, question, world.anchors(), lab::now, {.known = &known});
    REQUIRE(proof);
    CHECK(judged(question, proof->records) == "secure _443._tcp.www.n1.example");
  }
}
