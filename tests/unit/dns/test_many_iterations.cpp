// RFC 9276 section 3.2 in lookups: what takes too many iterations makes a name insecure only where all that could prove more was asked
// for, and answered.
#include <doctest/doctest.h>

#include <utility>

#include "dns/proof_entry.hpp"
#include "dns/served_chain.hpp"
#include "dnssec/authentication_chain.hpp"
#include "stub_client.hpp"
#include "zone.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using lab::append;
using lab::Chain;
using lab::Zone;

namespace {

constexpr std::uint16_t servfail = 0x8182;
const Question in_child = question("www.z", RrType::A);
const Question by_alias = question("www.d", RrType::A);  // d DNAME z
const Question ds_of_child = question("z", RrType::Ds);

/// A signed root whose denials take too many iterations, with a signed zone z.
lab::World made_world() {
  lab::World world;
  Zone child("z", Chain::Nsec);
  child.add("www.z", RrType::A, {10, 0, 0, 1});
  Zone root(".", Chain::Nsec3);
  root.iterations(101).delegate("z", {world.add(std::move(child)).ds()});
  root.add("d", RrType::Dname, lab::name_rdata("z"));
  world.add(std::move(root));
  return world;
}

const lab::World& world() {
  static const lab::World made = made_world();
  return made;
}

lab::Records denials_of_the_root() {
  lab::Records records = world().zone(".").everything();
  std::erase_if(records, [](const auto& one) {
    return one.type != RrType::Nsec3 && (one.type != RrType::Rrsig || one.rdata[1] != 50);
  });
  return records;
}

/// As a resolver answers that has followed the alias; and, where `more` is not empty, with these in every reply.
lab::Records said_to(const Question& asked, const lab::Records& more) {
  lab::Records records = world().reply(asked);
  if (asked == by_alias) append(records, world().reply(in_child));
  append(records, more);
  return records;
}

/// What is said to one question in place of the truth.
enum class Instead { Nothing, Failure, Emptiness, Denial, LostOnce };

std::string asked_of_one_that_says(Instead instead, const Question& to, const Question& asked,
                                   const lab::Records& more = {}) {
  bool lost = false;
  const auto script = [&](const dnssec::Question& one, const Buffer& query) {
    if (one != to || instead == Instead::Nothing) return Datagrams{reply_to(query, {said_to(one, more)})};
    if (instead == Instead::Failure) return Datagrams{reply_to(query, {{}, servfail})};
    if (instead == Instead::Emptiness) return Datagrams{reply_to(query, {})};
    if (instead == Instead::Denial) return Datagrams{reply_to(query, {denials_of_the_root()})};
    if (std::exchange(lost, true)) return Datagrams{reply_to(query, {said_to(one, more)})};
    return Datagrams{};
  };
  ScriptedServer server(script);
  StubSettings settings = Client::settings_for({server.address()}, 100ms, world().anchors());
  settings.patience_for_guesses = 10ms;
  return word(Client(std::move(settings)).ask(asked, 5s));
}

}  // namespace

TEST_SUITE("RFC 9276 section 3.2: iterations, in lookups") {
  TEST_CASE("R9276-3a: a signed zone below one of many iterations is secure, also at the end of an alias") {
    CHECK(asked_of_one_that_says(Instead::Nothing, in_child, in_child) == "secure www.z");
    CHECK(asked_of_one_that_says(Instead::Nothing, in_child, by_alias) == "secure www.z");
    CHECK(asked_of_one_that_says(Instead::Nothing, in_child, in_child, denials_of_the_root()) ==
          "secure www.z");
    CHECK(asked_of_one_that_says(Instead::Nothing, in_child, by_alias, denials_of_the_root()) ==
          "secure www.z");
  }

  TEST_CASE("R9276-3a: DS records whose question was lost are asked for again") {
    for (const Question& asked : {in_child, by_alias})
      CHECK(asked_of_one_that_says(Instead::LostOnce, ds_of_child, asked, denials_of_the_root()) ==
            "secure www.z");
  }

  TEST_CASE("R9276-3a, R6698-4.1f: where the DS records are not to be had that is an error") {
    for (const Question& asked : {in_child, by_alias})
      CHECK(asked_of_one_that_says(Instead::Failure, ds_of_child, asked, denials_of_the_root()) ==
            "server-failure");
  }

  TEST_CASE("R9276-3a, R4035-5.3a: nothing that is unsigned stands for the DS records, or for their denial") {
    const lab::Records unsigned_ds{lab::record(name("z"), RrType::Ds, Buffer(36, 1))};
    lab::Records forged{lab::record(name("z"), RrType::Nsec, lab::nsec_rdata(name("zz.z"), {RrType::A}))};
    forged.push_back(lab::rrsig(forged, lab::SigningKey::seeded(77), name(".")));
    for (const Question& asked : {in_child, by_alias}) {
      CHECK(asked_of_one_that_says(Instead::Emptiness, ds_of_child, asked, denials_of_the_root()) ==
            "indeterminate");
      for (const lab::Records& junk : {unsigned_ds, forged}) {
        lab::Records more = denials_of_the_root();
        append(more, junk);
        CHECK(asked_of_one_that_says(Instead::Failure, ds_of_child, asked, more) == "server-failure");
        CHECK(asked_of_one_that_says(Instead::Emptiness, ds_of_child, asked, more) != "insecure");
      }
    }
  }

  TEST_CASE("R9276-3a: where a denial of many iterations answers for them it is insecure") {
    for (const Question& asked : {in_child, by_alias})
      CHECK(asked_of_one_that_says(Instead::Denial, ds_of_child, asked) == "insecure");
    CHECK(asked_of_one_that_says(Instead::Nothing, in_child, question("no", RrType::A)) == "insecure");
  }

  TEST_CASE("R9276-3a, R9102-2b: what came without DNS does not show that nothing better was left out") {
    const Question asked = question("_443._tcp.www.z", RrType::Tlsa);
    lab::Records records = world().collect(asked);
    append(records, denials_of_the_root());
    std::erase_if(records, [](const auto& one) { return one.owner == name("z") && one.type == RrType::Ds; });
    const auto verdict = world().judge(asked, records).verdict;
    CHECK(lab::summary(verdict) == "insecure nsec3-iterations .");
    CHECK_FALSE(dnssec::stands_alone(verdict));

    const auto chain = dnssec::DnssecChainExtension{0, records}.to_wire();
    REQUIRE(chain.ok());
    const TlsaQuestion service{name("www.z"), 443, tlsa::Transport::Tcp, AliasOrder::Follow};
    const auto served = judge_served_chain(service, *chain, world().anchors(), lab::now);
    CHECK_FALSE(served.ok());

    const ProofEntry entry{asked, lab::now, lab::now + 60, records};
    CHECK_FALSE(answer_in(entry, asked, world().anchors(), lab::now, nullptr));
    const ProofEntry whole{asked, lab::now, lab::now + 60, world().collect(asked)};
    CHECK(answer_in(whole, asked, world().anchors(), lab::now, nullptr));
  }
}
