#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dns/base_domain.hpp"
#include "support.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using tlsa::LookupFault;

namespace {

const Question a = question("www.example", RrType::A);
const Question aaaa = question("www.example", RrType::Aaaa);
const Question first_alias = question("www.example", RrType::Cname);
const Question tlsa_host = question("_443._tcp.www.example", RrType::Tlsa);
const Question tlsa_final = question("_443._tcp.cdn.example", RrType::Tlsa);

/// In words: "found www.example", "absent", "insecure", "error bogus".
std::string words(const TlsaAnswer& answer) {
  const std::string where = answer.base_domain.to_text() + (answer.expanded ? " expanded" : "");
  if (const auto* error = std::get_if<tlsa::LookupError>(&answer.result))
    return "error " + std::string(to_string(error->fault));
  if (const auto* found = std::get_if<TlsaFound>(&answer.result))
    return "found " + std::to_string(found->rdatas.at(0).at(2)) + " at " + where;
  if (std::holds_alternative<TlsaAbsent>(answer.result)) return "absent";
  return "insecure";
}

struct Row {
  std::string what;
  AliasOrder aliases;
  std::map<Question, Answer> answers;
  std::string want;
};

constexpr AliasOrder follow = AliasOrder::Follow;
constexpr AliasOrder host_only = AliasOrder::HostOnly;

/// Gives the answers in every order in which they can come.
class EveryOrder {
 public:
  explicit EveryOrder(const Row& row) : m_row(row) {
    const BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, row.aliases});
    explore(search, {}, "");
  }
  int orders = 0;
  std::set<Question> asked;

 private:
  void explore(BaseDomainSearch search, std::vector<Question> open, const std::string& path) {
    for (const Question& missing : search.missing()) {
      asked.insert(missing);
      open.push_back(missing);
    }
    if (search.answer()) return ended(search, path);
    REQUIRE_FALSE(open.empty());
    const std::optional<DnsName> settled_before = search.settled_base_domain();
    for (const Question& next : open) {
      const auto answer = m_row.answers.find(next);
      if (answer == m_row.answers.end()) continue;  // never comes
      BaseDomainSearch later = search;
      later.take(next, answer->second);
      if (settled_before) CHECK(later.settled_base_domain() == settled_before);
      std::vector<Question> rest = open;
      std::erase(rest, next);
      explore(later, rest, path + "/" + next.name.to_text() + std::to_string(static_cast<int>(next.type)));
    }
  }

  void ended(const BaseDomainSearch& search, const std::string& path) {
    INFO(path);
    ++orders;
    CHECK(words(*search.answer()) == m_row.want);
    REQUIRE(search.settled_base_domain());
    CHECK(*search.settled_base_domain() == search.answer()->base_domain);
  }

  const Row& m_row;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.what);
    const EveryOrder orders(row);
    CHECK(orders.orders > 0);
    for (const Question& asked : orders.asked) {
      INFO("asked: ", asked.name.to_text(), " type ", static_cast<int>(asked.type));
      CHECK((asked == tlsa_host ||
             row.answers.count(asked) == 1));  // no question beyond those that the row needs
    }
  }
}

const Answer here = secure("www.example");
const Answer alias = secure("cdn.example");
const Answer nothing_here = denied("www.example");
const Answer alias_to_nothing = denied("cdn.example");
const Answer broken = failed(LookupFault::ServerFailure);
const Answer bogus = failed(LookupFault::Bogus);
const Answer found_1 = secure("_443._tcp.www.example", 1);
const Answer found_2 = secure("_443._tcp.cdn.example", 2);
const Answer absent = denied("_443._tcp.www.example");

}  // namespace

TEST_SUITE("RFC 7671 section 7: the TLSA base domain") {
  TEST_CASE("R7671-7a: a name that is no alias is the only candidate, in whatever order answers come") {
    check({
        {"records", follow, {{a, here}, {aaaa, here}, {tlsa_host, found_1}}, "found 1 at www.example"},
        {"no records", follow, {{a, here}, {aaaa, here}, {tlsa_host, absent}}, "absent"},
        {"unsigned below", follow, {{a, here}, {aaaa, here}, {tlsa_host, insecure()}}, "insecure"},
        {"TLSA bogus", follow, {{a, here}, {aaaa, here}, {tlsa_host, bogus}}, "error bogus"},
        {"TLSA SERVFAIL", follow, {{a, here}, {aaaa, here}, {tlsa_host, broken}}, "error server-failure"},
        {"IPv4 only",
         follow,
         {{a, here}, {aaaa, nothing_here}, {tlsa_host, found_1}},
         "found 1 at www.example"},
        {"IPv6 only",
         follow,
         {{a, nothing_here}, {aaaa, here}, {tlsa_host, found_1}},
         "found 1 at www.example"},
        {"no such name", follow, {{a, nothing_here}, {aaaa, nothing_here}, {tlsa_host, absent}}, "absent"},
        {"one family fails",
         follow,
         {{a, broken}, {aaaa, here}, {tlsa_host, found_1}},
         "found 1 at www.example"},
        {"one family is unsigned",
         follow,
         {{a, insecure()}, {aaaa, here}, {tlsa_host, found_1}, {first_alias, here}},
         "found 1 at www.example"},
    });
  }

  TEST_CASE("R7671-7a: a securely aliased name is looked up at its end first, then at its beginning") {
    check({
        {"records at both",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, found_1}, {tlsa_final, found_2}},
         "found 2 at cdn.example expanded"},
        {"denied at the end",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, found_1}, {tlsa_final, denied("_443._tcp.cdn.example")}},
         "found 1 at www.example"},
        {"unsigned at the end",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, found_1}, {tlsa_final, insecure()}},
         "found 1 at www.example"},
        {"failure at the end ends the search",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, found_1}, {tlsa_final, broken}},
         "error server-failure"},
        {"bogus at the end ends the search",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, absent}, {tlsa_final, bogus}},
         "error bogus"},
        {"denied at both",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, absent}, {tlsa_final, absent}},
         "absent"},
        {"denied at the end, unsigned at the beginning",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, insecure()}, {tlsa_final, absent}},
         "insecure"},
        {"unsigned at the end, denied at the beginning",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, absent}, {tlsa_final, insecure()}},
         "insecure"},
        {"denied at the end, failure at the beginning",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, broken}, {tlsa_final, absent}},
         "error server-failure"},
        {"a failure at the beginning is of no interest where the end has records",
         follow,
         {{a, alias}, {aaaa, alias}, {tlsa_host, broken}, {tlsa_final, found_2}},
         "found 2 at cdn.example expanded"},
        {"only one family at the end",
         follow,
         {{a, alias_to_nothing}, {aaaa, alias}, {tlsa_host, found_1}, {tlsa_final, found_2}},
         "found 2 at cdn.example expanded"},
        {"no address at the end",
         follow,
         {{a, alias_to_nothing}, {aaaa, alias_to_nothing}, {tlsa_host, found_1}, {tlsa_final, found_2}},
         "found 2 at cdn.example expanded"},
    });
  }

  TEST_CASE("R7671-7a: names between the first and the last of an alias chain are never asked about") {
    const Row row{
        "", follow, {{a, alias}, {aaaa, alias}, {tlsa_host, absent}, {tlsa_final, absent}}, "absent"};
    const EveryOrder orders(row);
    CHECK(orders.asked == std::set<Question>{a, aaaa, tlsa_host, tlsa_final});
  }

  TEST_CASE("R7671-7a: where SNI cannot wait only the host is a candidate") {
    check({
        {"aliased", host_only, {{a, alias}, {aaaa, alias}, {tlsa_host, found_1}}, "found 1 at www.example"},
        {"aliased, absent", host_only, {{a, alias}, {aaaa, alias}, {tlsa_host, absent}}, "absent"},
        {"not aliased", host_only, {{a, here}, {aaaa, here}, {tlsa_host, found_1}}, "found 1 at www.example"},
        {"into the unsigned, first alias signed",
         host_only,
         {{a, insecure()}, {aaaa, insecure()}, {first_alias, here}, {tlsa_host, found_1}},
         "found 1 at www.example"},
        {"unsigned",
         host_only,
         {{a, unsigned_itself()}, {aaaa, unsigned_itself()}, {tlsa_host, found_1}},
         "insecure"},
    });
    const BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, host_only});
    CHECK(search.settled_base_domain() == name("www.example"));
  }
}

TEST_SUITE("RFC 7672 section 2.2.2: hosts without secure addresses") {
  TEST_CASE("R7671-7d: where the host itself is unsigned, what TLSA says is discarded") {
    for (const Answer& said : {found_1, absent, insecure(), broken, bogus, failed(LookupFault::OtherRcode)})
      check({
          {"seen from the addresses",
           follow,
           {{a, unsigned_itself()}, {aaaa, unsigned_itself()}, {tlsa_host, said}},
           "insecure"},
          {"seen from the first alias",
           follow,
           {{a, insecure()}, {aaaa, insecure()}, {first_alias, insecure()}, {tlsa_host, said}},
           "insecure"},
          {"one family fails",
           follow,
           {{a, insecure()}, {aaaa, broken}, {first_alias, insecure()}, {tlsa_host, said}},
           "insecure"},
      });
  }

  TEST_CASE("R7671-7d: an unsigned host's TLSA question that is never answered holds up nothing") {
    check({{"", follow, {{a, unsigned_itself()}, {aaaa, unsigned_itself()}}, "insecure"}});
  }

  TEST_CASE("R7671-7d: records at the first name count where its own alias is signed, wherever that leads") {
    const auto with = [](const Answer& tlsa) {
      return std::map<Question, Answer>{
          {a, insecure()}, {aaaa, insecure()}, {first_alias, here}, {tlsa_host, tlsa}};
    };
    check({
        {"records", follow, with(found_1), "found 1 at www.example"},
        {"no records", follow, with(absent), "absent"},
        {"unsigned", follow, with(insecure()), "insecure"},
        {"failure", follow, with(bogus), "error bogus"},
    });
  }

  TEST_CASE("R7672-2.1a: a first alias that cannot be had is an error, one that is denied a contradiction") {
    check({
        {"failed",
         follow,
         {{a, insecure()}, {aaaa, insecure()}, {first_alias, broken}, {tlsa_host, found_1}},
         "error server-failure"},
        {"denied",
         follow,
         {{a, insecure()}, {aaaa, insecure()}, {first_alias, nothing_here}, {tlsa_host, found_1}},
         "error contradiction"},
    });
  }

  TEST_CASE("R7672-2.1a: addresses that cannot be had end in an error, whatever TLSA says") {
    for (const Answer& said : {found_1, absent, insecure(), broken})
      check({{"", follow, {{a, bogus}, {aaaa, broken}, {tlsa_host, said}}, "error bogus"}});
  }
}

TEST_SUITE("The search itself") {
  TEST_CASE("The first round asks for both families and TLSA at once, and nothing else") {
    BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, follow});
    auto first = search.missing();
    std::sort(first.begin(), first.end());
    std::vector<Question> want{a, aaaa, tlsa_host};
    std::sort(want.begin(), want.end());
    CHECK(first == want);
    CHECK(search.missing().empty());
  }

  TEST_CASE(
      "R7671-3a: the base domain is settled as soon as one address answer shows that there is no alias") {
    BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, follow});
    CHECK_FALSE(search.settled_base_domain());
    search.take(aaaa, here);
    CHECK(search.settled_base_domain() == name("www.example"));
    CHECK_FALSE(search.answer());
  }

  TEST_CASE("R7671-3a: behind an alias the base domain waits for TLSA there") {
    BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, follow});
    search.take(a, alias);
    CHECK_FALSE(search.settled_base_domain());
    search.take(tlsa_final, absent);
    CHECK(search.settled_base_domain() == name("www.example"));
  }

  TEST_CASE("Answers that were not asked for, or come twice, change nothing") {
    BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, follow});
    search.take(first_alias, nothing_here);
    search.take(tlsa_final, found_2);
    search.take(tlsa_host, found_1);
    search.take(tlsa_host, bogus);
    search.take(a, here);
    REQUIRE(search.answer());
    CHECK(words(*search.answer()) == "found 1 at www.example");
    search.take(aaaa, broken);
    CHECK(words(*search.answer()) == "found 1 at www.example");
  }

  TEST_CASE("An answer lasts as long as what it rests on") {
    struct Lasting {
      std::string what;
      std::map<Question, Answer> answers;
      EpochSeconds want;
    };
    const std::vector<Lasting> rows{
        {"TLSA alone where there is no alias",
         {{a, secure("www.example", 1, the_time + 5)}, {tlsa_host, secure("x", 1, the_time + 90)}},
         the_time + 90},
        {"the alias too where there is one",
         {{a, secure("cdn.example", 1, the_time + 5)}, {tlsa_final, secure("x", 1, the_time + 90)}},
         the_time + 5},
        {"the denial at the end too",
         {{a, alias}, {tlsa_final, denied("x", the_time + 7)}, {tlsa_host, secure("x", 1, the_time + 90)}},
         the_time + 7},
        {"unsigned addresses",
         {{a, unsigned_itself(the_time + 11)}, {aaaa, unsigned_itself(the_time + 11)}},
         the_time + 11},
        {"unsigned addresses, signed alias",
         {{a, insecure()},
          {aaaa, insecure()},
          {first_alias, secure("www.example", 1, the_time + 9)},
          {tlsa_host, found_1}},
         the_time + 9},
        {"a failure: not at all", {{a, here}, {tlsa_host, bogus}}, 0},
    };
    for (const Lasting& row : rows) {
      INFO(row.what);
      BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, follow});
      for (int round = 0; round < 3; ++round)
        for (const auto& [asked, answer] : row.answers) search.take(asked, answer);
      REQUIRE(search.answer());
      CHECK(search.answer()->expires == row.want);
    }
  }

  TEST_CASE("What has not come when the search is given up has failed, and counts only where it matters") {
    const FailedAnswer late{LookupFault::Timeout, "too late"};
    const std::vector<Row> rows{
        {"nothing came", follow, {}, "error timeout"},
        {"TLSA is missing", follow, {{a, here}}, "error timeout"},
        {"one family of an unsigned name is missing",
         follow,
         {{a, unsigned_itself()}, {tlsa_host, broken}},
         "insecure"},
        {"the first alias is missing",
         follow,
         {{a, insecure()}, {aaaa, insecure()}, {tlsa_host, found_1}},
         "error timeout"},
        {"TLSA at the end of the aliases is missing",
         follow,
         {{a, alias}, {tlsa_host, found_1}},
         "error timeout"},
        {"both families are missing", follow, {{tlsa_host, found_1}}, "error timeout"},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      BaseDomainSearch search({name("www.example"), 443, tlsa::Transport::Tcp, row.aliases});
      for (const auto& [asked, answer] : row.answers) search.take(asked, answer);
      search.give_up(late);
      REQUIRE(search.answer());
      CHECK(words(*search.answer()) == row.want);
    }
  }

  TEST_CASE(
      "R7671-7a: where the name is too long for an owner below it, none exists once the name is proven "
      "signed") {
    std::string longest;
    for (int label = 0; label < 4; ++label) longest += std::string(61, static_cast<char>('a' + label)) + ".";
    REQUIRE_FALSE(tlsa::owner_name(443, tlsa::Transport::Tcp, name(longest)));
    const auto end = [&](const Answer& addresses, std::string_view host = "") {
      const DnsName asked = host.empty() ? name(longest) : name(host);
      BaseDomainSearch search({asked, 443, tlsa::Transport::Tcp, follow});
      search.take({asked, RrType::A}, addresses);
      search.take({asked, RrType::Aaaa}, addresses);
      if (!host.empty()) search.take(tlsa_host, found_1);
      REQUIRE(search.answer());
      return *search.answer();
    };
    CHECK(words(end(secure(longest))) == "absent");
    CHECK(end(secure(longest)).expires == in_an_hour);
    CHECK(words(end(unsigned_itself())) == "insecure");
    CHECK(words(end(bogus)) == "error bogus");
    CHECK(words(end(secure(longest), "www.example")) == "found 1 at www.example");
  }
}
