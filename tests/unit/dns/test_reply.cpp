#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dns/reply.hpp"
#include "message_maker.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

const Question asked = question("_443._tcp.www.example", RrType::Tlsa);
constexpr std::string_view first = "_443._tcp.www.example";
constexpr std::string_view second = "tlsa.example";
constexpr std::string_view third = "tlsa.other.test";

Answer judge(const Message& message, ValidationStatus status = ValidationStatus::Secure) {
  return judge_reply(asked, status, wire(message), the_time);
}

/// "secure OWNER 1 2", "absent OWNER", "no name OWNER", "insecure", "failed bogus".
std::string words(const Answer& answer) {
  if (const auto* failed = std::get_if<FailedAnswer>(&answer))
    return "failed " + std::string(to_string(failed->fault));
  if (std::holds_alternative<InsecureAnswer>(answer)) return "insecure";
  if (const auto* denial = std::get_if<SecureDenial>(&answer))
    return (denial->name_exists ? "absent " : "no name ") + denial->owner.to_text();
  const auto& rrset = std::get<SecureRrset>(answer);
  std::string text = "secure " + rrset.owner.to_text();
  for (const Buffer& rdata : rrset.rdatas) text += " " + std::to_string(rdata.at(2));
  return text;
}

struct Row {
  std::string what;
  std::vector<Rr> answer;
  std::string want;
};

constexpr std::uint16_t nxdomain_flags = 0x81A3;

}  // namespace

TEST_SUITE("RFC 1034 section 3.6.2, RFC 6672: the alias chain of a reply") {
  TEST_CASE(
      "R7671-7b: records are taken from the end of the aliases that begin at the question, and nowhere "
      "else") {
    std::vector<Rr> loop{cname(first, second), cname(second, first)};
    std::vector<Rr> long_chain;
    static std::vector<std::string> names;
    for (std::size_t hop = 0; hop <= max_alias_hops + 1; ++hop)
      names.push_back("n" + std::to_string(hop) + ".example");
    names.front() = first;
    for (std::size_t hop = 0; hop <= max_alias_hops; ++hop)
      long_chain.push_back(cname(names[hop], names[hop + 1]));
    std::vector<Rr> long_enough(long_chain.begin(), long_chain.end() - 1);
    long_enough.push_back(tlsa_rr(names[max_alias_hops], 9));

    const std::vector<Row> rows{
        {"plain", {tlsa_rr(first, 1), tlsa_rr(first, 2)}, "secure _443._tcp.www.example 1 2"},
        {"upper case", {tlsa_rr("_443._TCP.WWW.Example", 1)}, "secure _443._tcp.www.example 1"},
        {"one alias", {cname(first, second), tlsa_rr(second, 3)}, "secure tlsa.example 3"},
        {"out of order",
         {tlsa_rr(third, 4), cname(second, third), cname(first, second)},
         "secure tlsa.other.test 4"},
        {"records of another owner",
         {tlsa_rr(first, 1), tlsa_rr(second, 66)},
         "secure _443._tcp.www.example 1"},
        {"only records of another owner", {tlsa_rr(second, 66)}, "failed malformed"},
        {"another class", {Rr{first, RrType::Tlsa, Buffer{3, 1, 66}, 3600, 3}}, "failed malformed"},
        {"another type", {Rr{first, RrType::A, Buffer{1, 2, 3, 4}}}, "failed malformed"},
        {"records beside an alias win",
         {tlsa_rr(first, 1), cname(first, second)},
         "secure _443._tcp.www.example 1"},
        {"DNAME above with its synthesis",
         {dname("www.example", "host.example"), cname(first, "_443._tcp.host.example"),
          tlsa_rr("_443._tcp.host.example", 5)},
         "secure _443._tcp.host.example 5"},
        {"DNAME above without its synthesis",
         {dname("www.example", "host.example"), tlsa_rr("_443._tcp.host.example", 5)},
         "secure _443._tcp.host.example 5"},
        {"DNAME above, and a CNAME that is not its synthesis",
         {dname("www.example", "host.example"), cname(first, second), tlsa_rr(second, 66),
          tlsa_rr("_443._tcp.host.example", 5)},
         "secure _443._tcp.host.example 5"},
        {"DNAME at the name itself leads nowhere",
         {dname(first, "host.example"), tlsa_rr("host.example", 66)},
         "failed malformed"},
        {"a DNAME that makes too long a name",
         {dname("www.example",
                std::string_view("a123456789012345678901234567890123456789012345678901234567890."
                                 "b123456789012345678901234567890123456789012345678901234567890."
                                 "c123456789012345678901234567890123456789012345678901234567890."
                                 "d12345678901234567890123456789012345678901234567890123456"))},
         "failed malformed"},
        {"two aliases at one name",
         {cname(first, second), cname(first, third), tlsa_rr(second, 1)},
         "failed malformed"},
        {"the same alias twice",
         {cname(first, second), cname(first, second), tlsa_rr(second, 1)},
         "secure tlsa.example 1"},
        {"an alias whose data is no name", {Rr{first, RrType::Cname, Buffer{5, 'a'}}}, "failed malformed"},
        {"a loop", loop, "failed limit"},
        {"too long a chain", long_chain, "failed limit"},
        {"just not too long a chain", long_enough, "secure n16.example 9"},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      CHECK(words(judge({asked, row.answer, {}})) == row.want);
    }
  }

  TEST_CASE("R7671-7b: a denial stands at the end of the aliases") {
    const std::vector<Rr> proof{soa("example", 900, 300), nsec("example")};
    CHECK(words(judge({asked, {}, proof})) == "absent _443._tcp.www.example");
    CHECK(words(judge({asked, {}, proof, nxdomain_flags})) == "no name _443._tcp.www.example");
    CHECK(words(judge({asked, {cname(first, second)}, proof, nxdomain_flags})) == "no name tlsa.example");
  }

  TEST_CASE("R6698-4.1f: a reply with neither records nor a proof is a failure, secure or not") {
    CHECK(words(judge({asked, {}, {}})) == "failed malformed");
    CHECK(words(judge({asked, {}, {soa("example", 900, 300)}, nxdomain_flags})) == "failed malformed");
    CHECK(words(judge({asked, {cname(first, second)}, {}})) == "failed malformed");
  }

  TEST_CASE("R-rcode: records beside NXDOMAIN contradict each other") {
    CHECK(words(judge({asked, {tlsa_rr(first)}, {}, nxdomain_flags})) == "failed contradiction");
    CHECK(words(judge({asked, {cname(first, second), tlsa_rr(second)}, {}, nxdomain_flags})) ==
          "failed contradiction");
    // RFC 6604 section 3: it may be the alias's target that does not exist.
    const Question alias{asked.name, RrType::Cname};
    const Buffer reply = wire({alias, {cname(first, second)}, {}, nxdomain_flags});
    CHECK(words(judge_reply(alias, ValidationStatus::Secure, reply, the_time))
              .starts_with("secure _443._tcp.www.example"));
    // Then the status is the target's, too, and says nothing of the alias.
    CHECK(words(judge_reply(alias, ValidationStatus::Insecure, reply, the_time)) == "failed indeterminate");
    const Buffer usual = wire({alias, {cname(first, second)}, {}});
    CHECK(words(judge_reply(alias, ValidationStatus::Insecure, usual, the_time)) == "insecure");
  }
}

TEST_SUITE("RFC 4035 section 4.3: status, rcode and message together") {
  TEST_CASE("R-rcode: any rcode but NOERROR and NXDOMAIN is a failure whatever the status") {
    for (const ValidationStatus status : {ValidationStatus::Secure, ValidationStatus::Insecure})
      for (unsigned rcode = 0; rcode < 16; ++rcode) {
        INFO("rcode ", rcode);
        const auto flags = static_cast<std::uint16_t>(0x8180U | rcode);
        const bool good = rcode == 0 || rcode == 3;
        const std::string got =
            words(judge({asked, {}, {soa("example", 900, 300), nsec("example")}, flags}, status));
        CHECK((got.rfind("failed", 0) != 0) == good);
        if (rcode == 2) CHECK(got == "failed server-failure");
        if (rcode == 5) CHECK(got == "failed other-rcode");
      }
  }

  TEST_CASE("R6698-4.1a: bogus and indeterminate are failures, whatever the message holds") {
    CHECK(words(judge({asked, {tlsa_rr(first)}, {}}, ValidationStatus::Bogus)) == "failed bogus");
    CHECK(words(judge({asked, {}, {}, 0x8182}, ValidationStatus::Bogus)) == "failed bogus");
    CHECK(words(judge_reply(asked, ValidationStatus::Bogus, Buffer{}, the_time)) == "failed bogus");
    CHECK(words(judge({asked, {tlsa_rr(first)}, {}}, ValidationStatus::Indeterminate)) ==
          "failed indeterminate");
  }

  TEST_CASE("R6698-4.1a: what is insecure hands on no records") {
    const Answer answer = judge({asked, {tlsa_rr(first)}, {}}, ValidationStatus::Insecure);
    REQUIRE(std::holds_alternative<InsecureAnswer>(answer));
    CHECK_FALSE(std::get<InsecureAnswer>(answer).may_be_aliased);
  }

  TEST_CASE("R7671-7d: behind an alias it is not known whether the name itself is unsigned") {
    const auto aliased = [](const std::vector<Rr>& records) {
      return std::get<InsecureAnswer>(judge({asked, records, {}}, ValidationStatus::Insecure)).may_be_aliased;
    };
    CHECK(aliased({cname(first, second), tlsa_rr(second)}));
    CHECK(aliased({dname("example", "other.test"), tlsa_rr("_443._tcp.www.other.test")}));
    CHECK(aliased({cname(first, second), cname(first, third)}));
    CHECK_FALSE(aliased({}));
  }

  TEST_CASE("Messages that are not the reply to the question are refused") {
    struct Refused {
      std::string what;
      Buffer message;
    };
    Message good{asked, {tlsa_rr(first)}, {}};
    Message query = good;
    query.flags = 0x0120;
    Message cut = good;
    cut.flags = 0x83A0;
    Buffer early_end = wire(good);
    early_end.pop_back();
    const std::vector<Refused> rows{
        {"a query", wire(query)},
        {"another name", wire({question("_443._tcp.other.example", RrType::Tlsa), {tlsa_rr(first)}, {}})},
        {"another type", wire({question(first, RrType::A), {tlsa_rr(first)}, {}})},
        {"truncated", wire(cut)},
        {"ends early", early_end},
        {"nothing", {}},
    };
    for (const Refused& row : rows)
      for (const ValidationStatus status : {ValidationStatus::Secure, ValidationStatus::Insecure}) {
        INFO(row.what);
        CHECK(words(judge_reply(asked, status, row.message, the_time)) == "failed malformed");
      }
    CHECK(responds_to(asked, wire(good)));
    CHECK_FALSE(responds_to(asked, wire(query)));
    CHECK_FALSE(responds_to(question(first, RrType::A), wire(good)));
    CHECK_FALSE(responds_to(asked, early_end));
  }
}

TEST_SUITE("RFC 2181 section 5.2, RFC 2308, RFC 4035 section 5.3.3: how long an answer lasts") {
  TEST_CASE("Records last as long as the shortest TTL and signature on the way") {
    struct Lasting {
      std::string what;
      std::vector<Rr> answer;
      EpochSeconds want;
    };
    const std::vector<Lasting> rows{
        {"TTL", {tlsa_rr(first, 1, 600)}, 600},
        {"the shortest of the set", {tlsa_rr(first, 1, 600), tlsa_rr(first, 2, 60)}, 60},
        {"an alias", {cname(first, second, 30), tlsa_rr(second, 1, 600)}, 30},
        {"a DNAME", {dname("www.example", "h.example", 20), tlsa_rr("_443._tcp.h.example", 1, 600)}, 20},
        {"a record that is not on the way", {tlsa_rr(first, 1, 600), tlsa_rr(second, 1, 1)}, 600},
        {"a signature", {tlsa_rr(first, 1, 600), rrsig(first, RrType::Tlsa, the_time + 50)}, 50},
        {"the longer of two signatures",
         {tlsa_rr(first, 1, 600), rrsig(first, RrType::Tlsa, the_time - 50),
          rrsig(first, RrType::Tlsa, the_time + 70)},
         70},
        {"a signature over an alias",
         {cname(first, second), rrsig(first, RrType::Cname, the_time + 40), tlsa_rr(second, 1, 600)},
         40},
        {"a signature over something else",
         {tlsa_rr(first, 1, 600), rrsig(first, RrType::A, the_time + 5)},
         600},
        {"TTL 0", {tlsa_rr(first, 1, 0)}, 0},
        {"a week", {tlsa_rr(first, 1, 7 * 86400)}, max_positive_lifetime.count()},
        {"a signature that has ended", {tlsa_rr(first, 1, 600), rrsig(first, RrType::Tlsa, the_time - 1)}, 0},
        {"a signature into the next era of 32 bits",
         {tlsa_rr(first, 1, 600), rrsig(first, RrType::Tlsa, the_time + 2'000'000'000)},
         600},
    };
    for (const Lasting& row : rows) {
      INFO(row.what);
      const Answer answer = judge({asked, row.answer, {}});
      REQUIRE(std::holds_alternative<SecureRrset>(answer));
      CHECK(std::get<SecureRrset>(answer).expires == the_time + row.want);
      CHECK(std::get<SecureRrset>(answer).ttl == row.want);
    }
  }

  TEST_CASE("Denials last no longer than the SOA's minimum, its TTL, the proof and our limit") {
    const auto lasts = [](const std::vector<Rr>& answer, const std::vector<Rr>& authority) {
      return expiry_of(judge({asked, answer, authority})) - the_time;
    };
    CHECK(lasts({}, {soa("example", 900, 300), nsec("example")}) == 300);
    CHECK(lasts({}, {soa("example", 200, 300), nsec("example")}) == 200);
    CHECK(lasts({}, {soa("example", 900, 300), nsec("example", 100)}) == 100);
    CHECK(lasts({}, {soa("example", 900, 300), nsec("example"),
                     rrsig("example", RrType::Nsec, the_time + 9)}) == 9);
    CHECK(lasts({cname(first, second, 8)}, {soa("example", 900, 300), nsec("example")}) == 8);
    CHECK(lasts({}, {soa("example", 99999, 99999), nsec("example", 99999)}) == max_denial_lifetime.count());
  }

  TEST_CASE("Insecure answers last no longer than what they hold, and a short while at most") {
    const auto lasts = [](const std::vector<Rr>& answer, const std::vector<Rr>& authority) {
      return expiry_of(judge({asked, answer, authority}, ValidationStatus::Insecure)) - the_time;
    };
    CHECK(lasts({tlsa_rr(first, 1, 60)}, {}) == 60);
    CHECK(lasts({tlsa_rr(first, 1, 86400)}, {}) == max_insecure_lifetime.count());
    CHECK(lasts({}, {soa("example", 900, 30)}) == 30);
    CHECK(lasts({tlsa_rr(first, 1, 0)}, {}) == 0);
    CHECK(lasts({}, {}) == max_insecure_lifetime.count());
  }
}
