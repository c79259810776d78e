// What is kept between judgements, and what a judgement says is missing.
#include <doctest/doctest.h>

#include <algorithm>

#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

JudgeOptions with(const Known& known) {
  return {.limits = {}, .sha1 = Sha1Signatures::Verify, .known = &known};
}

}  // namespace

TEST_SUITE("Known zones and signatures") {
  TEST_CASE("The same question again costs no signature check; another one in a known zone costs one") {
    const World& world = common_world();
    const Question asked = question("_443._tcp.www.n3.example");
    const Records records = world.collect(asked);
    Known known = world.judge(asked, records).learned;
    const Judgement again = world.judge(asked, records, with(known));
    CHECK(summary(again.verdict) == "secure _443._tcp.www.n3.example");
    CHECK(again.counts.signature_checks == 0);
    CHECK(again.counts.signatures_passed == 1);
    const Question next = question("www.n3.example", RrType::A);
    const Judgement other = world.judge(next, world.reply(next), with(known));
    CHECK(summary(other.verdict) == "secure www.n3.example");
    CHECK(other.counts.signature_checks == 1);
  }

  TEST_CASE("No signature is checked twice while records come in one by one") {
    const World& world = common_world();
    const Question asked = question("x.walias.n3.example", RrType::A);
    const Records whole = world.collect(asked);
    Known known;
    std::size_t checks = 0;
    for (std::size_t count = 1; count <= whole.size(); ++count) {
      Judgement step = world.judge(asked, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(count)},
                                   with(known));
      checks += step.counts.signature_checks - step.counts.failed_checks;
      known.learn(std::move(step.learned));
      if (count == whole.size()) CHECK(summary(step.verdict) == "secure www.n3.example");
    }
    const std::size_t signatures =
        static_cast<std::size_t>(std::ranges::count(whole, RrType::Rrsig, &ResourceRecord::type));
    CHECK(checks <= signatures);
  }

  TEST_CASE("Known entries count until they end") {
    const World& world = common_world();
    const Question asked = question("www.n1.example", RrType::A);
    const Known known = world.judge(asked, world.collect(asked)).learned;
    const EpochSeconds end = known.zones.at(name("n1.example")).expires;
    CHECK(end == now + default_ttl);
    const Records reply = world.reply(asked);
    CHECK(summary(judge(asked, reply, world.anchors(), end - 1, with(known)).verdict) ==
          "secure www.n1.example");
    CHECK(summary(judge(asked, reply, world.anchors(), end, with(known)).verdict) == "missing");
    Known less = known;
    less.forget(end, 0);
    CHECK(less.zones.empty());
    CHECK(less.verified.empty());
  }

  TEST_CASE("R6840-4.4a: a known insecure cut needs no proof again, and gives way to a DS that verifies") {
    const World& world = common_world();
    const Question asked = question("www.insecure.n3.example", RrType::A);
    Known known = world.judge(asked, world.collect(asked)).learned;
    const Question below = question("other.insecure.n3.example", RrType::A);
    const Judgement got = world.judge(below, {}, with(known));
    CHECK(summary(got.verdict) == "insecure unsigned-delegation insecure.n3.example");
    CHECK(got.counts.signature_checks == 0);
    const auto verdict =
        judge(below, {}, world.anchors(), std::get<Insecure>(got.verdict).expires, with(known)).verdict;
    CHECK(summary(verdict) == "missing");
    CHECK(summary(world.judge(question("www.n3.example", RrType::A), {}, with(known)).verdict) == "missing");
    const Question child = question("www.child.n3.example", RrType::A);
    Insecure wrong = std::get<Insecure>(got.verdict);
    wrong.cut = name("child.n3.example");
    known.cuts[wrong.cut] = wrong;
    CHECK(summary(world.judge(child, {}, with(known)).verdict) ==
          "insecure unsigned-delegation child.n3.example");
    CHECK(summary(world.judge(child, world.collect(child), with(known)).verdict) ==
          "secure www.child.n3.example");
  }

  TEST_CASE("What was remembered of one time does not outlive the signature") {
    const World& world = common_world();
    const Question asked = question("www.n1.example", RrType::A);
    const Records records = world.collect(asked);
    const Known known = world.judge(asked, records).learned;
    CHECK(summary(judge(asked, records, world.anchors(), now + 2 * 86400, with(known)).verdict)
              .starts_with("bogus signature-expired"));
  }
}

TEST_SUITE("Missing") {
  TEST_CASE("An empty bag wants the answer and the anchor's keys, and tells which cuts may matter") {
    const World& world = common_world();
    const Verdict verdict = world.judge(question("www.n1.example", RrType::A), {}).verdict;
    const auto& missing = std::get<Missing>(verdict);
    CHECK(missing.needed ==
          std::vector{Question{name("."), RrType::Dnskey}, question("www.n1.example", RrType::A)});
    CHECK(missing.cuts == std::vector{question("example", RrType::Ds), question("n1.example", RrType::Ds),
                                      question("www.n1.example", RrType::Ds)});
  }

  TEST_CASE("A signed answer wants the keys of its signer, and leaves other cuts alone") {
    const World& world = common_world();
    const Question asked = question("www.n1.example", RrType::A);
    Records records = world.reply(asked);
    append(records, world.reply(question(".", RrType::Dnskey)));
    const Verdict first = world.judge(asked, records).verdict;
    CHECK(std::get<Missing>(first).needed ==
          std::vector{question("n1.example", RrType::Ds), question("n1.example", RrType::Dnskey)});
    CHECK(std::get<Missing>(first).cuts.empty());
    append(records, world.reply(question("n1.example", RrType::Ds)));
    append(records, world.reply(question("n1.example", RrType::Dnskey)));
    const Verdict second = world.judge(asked, records).verdict;
    CHECK(std::get<Missing>(second).needed ==
          std::vector{question("example", RrType::Ds), question("example", RrType::Dnskey)});
  }

  TEST_CASE("An alias wants what it leads to") {
    const World& world = common_world();
    const Question asked = question("away.n1.example", RrType::A);
    Records records;
    for (const std::string_view apex : {".", "example", "n1.example"}) {
      append(records, world.zone(apex).everything());
    }
    const Verdict verdict = world.judge(asked, records).verdict;
    const auto& needed = std::get<Missing>(verdict).needed;
    CHECK(std::ranges::find(needed, question("www.n3.example", RrType::A)) != needed.end());
    CHECK(std::ranges::find(needed, question("n3.example", RrType::Dnskey)) != needed.end());
  }

  TEST_CASE("R6698-4.1a: an unsigned answer in a zone without a proof of insecurity stays missing or bogus") {
    const World& world = common_world();
    Records records;
    for (const std::string_view apex : {".", "example"})
      append(records, world.zone(apex).find(name(apex), RrType::Dnskey));
    append(records, world.reply(question("example", RrType::Ds)));
    append(records, world.reply(question("www.unsigned.example", RrType::A)));
    const Verdict verdict = world.judge(question("www.unsigned.example", RrType::A), records).verdict;
    CHECK(std::get<Missing>(verdict).needed.empty());
    CHECK(std::get<Missing>(verdict).cuts == std::vector{question("unsigned.example", RrType::Ds),
                                                         question("www.unsigned.example", RrType::Ds)});
  }

  TEST_CASE("Types that nobody signs are not judged") {
    for (const unsigned type : {0U, 41U, 46U, 249U, 250U, 251U, 252U, 255U})
      CHECK(summary(common_world().judge({name("."), static_cast<RrType>(type)}, {}).verdict) ==
            "bogus not-judged");
    CHECK(summary(Verdict{}) == "bogus not-judged");
  }
}
