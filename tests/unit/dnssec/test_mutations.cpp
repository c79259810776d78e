// What an order, a duplicate, a stranger or a flipped bit may do to a judgement: nothing, or make it fail.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

const std::vector<Question>& questions() {
  static const std::vector<Question> all{
      question("_443._tcp.www.n1.example"),           question("_443._tcp.www.child.n3.example"),
      question("many.n3.example", RrType::A),         question("no.n1.example", RrType::A),
      question("no.n3.example", RrType::A),           question("www.n3.example"),
      question("x.wild.n1.example", RrType::A),       question("x.wild.n3.example", RrType::A),
      question("x.wild.n3.example", RrType::Mx),      question("there.moved.n3.example", RrType::A),
      question("x.walias.n1.example", RrType::A),     question("no.oo.example", RrType::A),
      question("www.insecure.n1.example", RrType::A), question("www.insecure.n3.example", RrType::A),
      question("www.insecure.oo.example", RrType::A), question("www.strange.n1.example", RrType::A),
      question("child.oo.example", RrType::Ds),       question("empty.n1.example", RrType::A)};
  return all;
}

/// All that a verdict says but for its times.
std::string said(const Verdict& verdict) {
  std::string text = summary(verdict);
  if (const auto* const secure = std::get_if<SecureRrset>(&verdict)) {
    for (const Buffer& rdata : secure->rdatas) text.append(" ").append(rdata.begin(), rdata.end());
  }
  return text;
}

bool same(const Verdict& a, const Verdict& b) {
  if (said(a) != said(b)) return false;
  const auto* const x = std::get_if<SecureRrset>(&a);
  const auto* const y = std::get_if<SecureRrset>(&b);
  if (x != nullptr) return x->ttl == y->ttl && x->expires == y->expires && x->aliases == y->aliases;
  const auto* const m = std::get_if<Missing>(&a);
  const auto* const n = std::get_if<Missing>(&b);
  return m == nullptr || (m->needed == n->needed && m->cuts == n->cuts);
}

bool is_failure(const Verdict& verdict) {
  return std::holds_alternative<Bogus>(verdict) || std::holds_alternative<Missing>(verdict);
}

}  // namespace

TEST_SUITE("A bag has no order") {
  TEST_CASE("Permuted, duplicated and among strangers, the records give the same judgement") {
    const World& world = common_world();
    std::mt19937 random(1);
    for (const Question& asked : questions()) {
      const Records records = world.collect(asked);
      const Verdict want = world.judge(asked, records).verdict;
      INFO(asked.name.to_text());
      REQUIRE_FALSE(is_failure(want));
      for (int round = 0; round < 8; ++round) {
        Records other = records;
        append(other,
               {records.begin(), records.begin() + static_cast<std::ptrdiff_t>(random() % records.size())});
        append(other, world.zone("unsigned.example").everything());
        other.push_back(record(name("junk.example"), RrType::Txt, {1, 'x'}));
        other.push_back(record(name("junk.example"), RrType::Rrsig, {0}));
        std::shuffle(other.begin(), other.end(), random);
        CHECK(same(world.judge(asked, other).verdict, want));
      }
    }
  }

  TEST_CASE("An incomplete bag is judged the same in every order, too") {
    const World& world = common_world();
    std::mt19937 random(2);
    for (const Question& asked : questions()) {
      const Records whole = world.collect(asked);
      for (int round = 0; round < 12; ++round) {
        Records some;
        std::ranges::copy_if(whole, std::back_inserter(some),
                             [&](const ResourceRecord&) { return random() % 4 != 0; });
        const Verdict want = world.judge(asked, some).verdict;
        std::shuffle(some.begin(), some.end(), random);
        CHECK(same(world.judge(asked, some).verdict, want));
      }
    }
  }

  TEST_CASE("R5155-8b: leaving records out never makes another result, only a failure") {
    const World& world = common_world();
    for (const Question& asked : questions()) {
      const Records whole = world.collect(asked);
      const std::string want = said(world.judge(asked, whole).verdict);
      for (std::size_t out = 0; out < whole.size(); ++out) {
        Records rest = whole;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(out));
        const Verdict got = world.judge(asked, rest).verdict;
        INFO(asked.name.to_text() << " without " << whole[out].owner.to_text() << " "
                                  << static_cast<unsigned>(whole[out].type));
        CHECK((is_failure(got) || said(got) == want));
      }
    }
  }
}

TEST_SUITE("A flipped bit") {
  TEST_CASE("R4035-5.3b: in the data, owner or type of any record: a failure, or nothing changes") {
    const World& world = common_world();
    const Question every_bit = question("no.n3.example", RrType::A);
    // Signatures that verified once are remembered, which makes this test quick and must not make it blind.
    for (const Question& asked : questions()) {
      const Records whole = world.collect(asked);
      Known remembered = world.judge(asked, whole).learned;
      remembered.zones.clear();
      remembered.cuts.clear();
      const JudgeOptions options{.limits = {}, .sha1 = Sha1Signatures::Verify, .known = &remembered};
      const std::string want = said(world.judge(asked, whole).verdict);
      for (std::size_t at = 0; at < whole.size(); ++at) {
        // Every bit where that is quick enough, elsewhere one of each octet.
        const std::size_t step = asked == every_bit ? 1 : 9;
        for (std::size_t bit = 0; bit < whole[at].rdata.size() * 8; bit += step) {
          Records forged = whole;
          forged[at].rdata[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
          const Verdict got = world.judge(asked, forged, options).verdict;
          if (is_failure(got) || said(got) == want) continue;
          INFO(asked.name.to_text() << ": " << whole[at].owner.to_text() << " "
                                    << static_cast<unsigned>(whole[at].type) << " bit " << bit << " gives "
                                    << summary(got));
          FAIL_CHECK("another judgement");
        }
        for (unsigned bit = 0; bit < 16; ++bit) {
          Records forged = whole;
          forged[at].type = static_cast<RrType>(static_cast<unsigned>(forged[at].type) ^ 1U << bit);
          const Verdict got = world.judge(asked, forged, options).verdict;
          CHECK((is_failure(got) || said(got) == want));
        }
      }
    }
  }

  TEST_CASE(
      "R4035-5.3b: no bit of what is signed can be flipped without failure; the TTL is not signed, only "
      "capped") {
    const World& world = common_world();
    const Question asked = questions().front();
    const Records whole = world.collect(asked);
    const Records used = world.zone("n1.example").find(asked.name, asked.type);
    REQUIRE(used.size() == 2);
    for (const ResourceRecord& part : used) {
      const auto at = static_cast<std::size_t>(std::ranges::find(whole, part) - whole.begin());
      REQUIRE(at < whole.size());
      for (std::size_t bit = 0; bit < part.rdata.size() * 8; ++bit) {
        // The signer's name may come in upper case: names have none.
        const bool case_bit = part.type == RrType::Rrsig && bit % 8 == 5 &&
                              std::isalpha(part.rdata[bit / 8]) != 0 && bit / 8 > 18 &&
                              bit / 8 < 18 + name("n1.example").wire().size();
        Records forged = whole;
        forged[at].rdata[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        INFO(static_cast<unsigned>(part.type) << " bit " << bit);
        CHECK(is_failure(world.judge(asked, forged).verdict) == !case_bit);
      }
    }
    Records longer = whole;
    for (ResourceRecord& one : longer) one.ttl = 0x7FFFFFFF;
    const Verdict got = world.judge(asked, longer).verdict;
    CHECK(std::get<SecureRrset>(got).ttl == default_ttl);
  }
}

TEST_SUITE("Replay: whatever genuine records are put together") {
  TEST_CASE("R5155-8b: no choice of them denies, makes insecure or changes what is there") {
    const World& world = common_world();
    std::mt19937 random(3);
    Records pool;
    for (const std::string_view apex :
         {".", "example", "n1.example", "n3.example", "oo.example", "child.n1.example", "child.n3.example",
          "child.oo.example", "unsigned.example"})
      append(pool, world.zone(apex).everything());
    for (const Question& asked : questions()) {
      const Records needed = world.collect(asked);
      const std::string want = said(world.judge(asked, needed).verdict);
      std::size_t agreed = 0;
      for (int round = 0; round < 40; ++round) {
        // Most of what is needed, so that proofs come about, and up to all of the rest.
        Records bag;
        const auto share = random() % 5;
        std::ranges::copy_if(needed, std::back_inserter(bag),
                             [&](const auto&) { return random() % 16 != 0; });
        std::ranges::copy_if(pool, std::back_inserter(bag),
                             [&](const auto&) { return random() % 4 < share; });
        JudgeOptions options;
        options.limits.denial_records = 1000;
        const Verdict got = world.judge(asked, bag, options).verdict;
        agreed += said(got) == want ? 1 : 0;
        if (is_failure(got) || said(got) == want) continue;
        INFO(asked.name.to_text() << " gives " << summary(got) << " and not " << want);
        FAIL_CHECK("another judgement");
      }
      CHECK(agreed > 0);
    }
  }
}
