#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policyd/dane.hpp"
#include "policyd/policy.hpp"

using namespace danelaw::policyd;

namespace {

/// Hosts by a letter each: authenticate, encrypt, opportunistic; d a failed lookup, m mandatory without DANE, x an address.
RouteFacts route(std::string_view letters, danelaw_standing standing = DANELAW_STANDING_SECURE) {
  RouteFacts facts;
  facts.domain = "domain.example";
  facts.state = DANELAW_ROUTE_USABLE;
  facts.standing = standing;
  for (const char letter : letters) {
    HostNeed host{std::string("mx-") + letter + ".example", DANELAW_DO_NOT_USE, "bogus", "why",
                  standing != DANELAW_STANDING_INSECURE};
    if (letter == 'a') host.requirement = DANELAW_TLS_AUTHENTICATE;
    if (letter == 'e') host.requirement = DANELAW_TLS_ENCRYPT;
    if (letter == 'o') host.requirement = DANELAW_TLS_OPPORTUNISTIC;
    if (letter == 'm') host.code = "mandatory-without-dane";
    if (letter == 'x') host.code = "malformed", host.host = "192.0.2.1";
    if (letter == 'X') host.code = "malformed", host.host = "2001:db8::1";
    facts.hosts.push_back(host);
  }
  return facts;
}

std::string reply(const RouteFacts& facts, bool enforced) {
  const Reply got = reply_of(opinion_of(facts),
                             enforced ? std::optional(std::vector<std::string>{"mx.example"}) : std::nullopt);
  if (got.word != Word::Ok) return std::string(to_string(got.word));
  return got.text.substr(0, got.text.find(' '));
}

struct Row {
  const char* hosts;
  const char* alone;
  const char* beside_enforce;
};

}  // namespace

TEST_SUITE("RFC 7672 and RFC 8461 section 2: from hosts to a level") {
  TEST_CASE("R7672-2.2a, R7672-2.1a: every combination of hosts of signed MX records") {
    for (const Row& row : {Row{"a", "dane-only", "dane-only"},
                           Row{"aa", "dane-only", "dane-only"},
                           Row{"e", "encrypt", "secure"},
                           Row{"ee", "encrypt", "secure"},
                           Row{"o", "NOTFOUND", "secure"},
                           Row{"oo", "NOTFOUND", "secure"},
                           Row{"ae", "dane", "dane-only"},
                           Row{"ao", "dane", "dane-only"},
                           Row{"oa", "dane", "dane-only"},
                           Row{"aeo", "dane", "dane-only"},
                           Row{"eo", "dane", "secure"},
                           Row{"d", "TEMP", "TEMP"},
                           Row{"dd", "TEMP", "TEMP"},
                           Row{"od", "TEMP", "TEMP"},
                           Row{"ed", "TEMP", "TEMP"},
                           Row{"eod", "TEMP", "TEMP"},
                           Row{"ad", "dane-only", "dane-only"},
                           Row{"da", "dane-only", "dane-only"},
                           Row{"aed", "dane-only", "dane-only"},
                           Row{"aod", "dane-only", "dane-only"},
                           Row{"aeod", "dane-only", "dane-only"},
                           Row{"m", "TEMP", "TEMP"},
                           Row{"am", "dane-only", "dane-only"},
                           Row{"x", "TEMP", "TEMP"},
                           Row{"xX", "TEMP", "TEMP"},
                           Row{"ax", "dane-only", "dane-only"},
                           Row{"ox", "NOTFOUND", "secure"},
                           Row{"eX", "encrypt", "secure"},
                           Row{"dx", "TEMP", "TEMP"}}) {
      INFO(row.hosts);
      CHECK(reply(route(row.hosts), false) == row.alone);
      CHECK(reply(route(row.hosts), true) == row.beside_enforce);
      CHECK(reply(route(row.hosts, DANELAW_STANDING_DIRECT), false) == row.alone);
    }
  }

  TEST_CASE("R7672-2.2.1a: hosts that unsigned MX records name never make a domain authentic") {
    for (const Row& row :
         {Row{"o", "NOTFOUND", "secure"}, Row{"a", "dane", "secure"}, Row{"ao", "dane", "secure"},
          Row{"ae", "dane", "secure"}, Row{"e", "encrypt", "secure"}, Row{"eo", "dane", "secure"},
          Row{"d", "TEMP", "TEMP"}, Row{"ad", "TEMP", "TEMP"}, Row{"m", "TEMP", "TEMP"}}) {
      INFO(row.hosts);
      CHECK(reply(route(row.hosts, DANELAW_STANDING_INSECURE), false) == row.alone);
      CHECK(reply(route(row.hosts, DANELAW_STANDING_INSECURE), true) == row.beside_enforce);
    }
  }

  TEST_CASE("R7672-2.1a: without hosts a failure defers, with MTA-STS too, and a denial asks for nothing") {
    RouteFacts facts;
    facts.code = "bogus";
    CHECK(reply(facts, false) == "TEMP");
    CHECK(reply(facts, true) == "TEMP");
    facts.code = "timeout";
    CHECK(reply(facts, true) == "TIMEOUT");
    facts.code = "insecure";  // proven unsigned, and the records could not be had
    CHECK(reply(facts, false) == "NOTFOUND");
    CHECK(reply(facts, true) == "secure");
    facts.state = DANELAW_ROUTE_NO_HOSTS;
    facts.code = "null-mx";
    CHECK(reply(facts, false) == "NOTFOUND");
    // Whoever forges an unsigned denial does not switch off a policy that was kept.
    CHECK(reply(facts, true) == "secure");
    CHECK(reply(RouteFacts{}, true) == "TEMP");
  }

  TEST_CASE("R7672-2.2.1a: mandatory DANE is never less, whatever else there is") {
    RouteFacts facts;
    facts.code = "insecure";
    CHECK(opinion_of(facts, Demand::Mandatory).says == DaneSays::Defer);
    for (const char* const hosts : {"o", "e", "eo", "ae", "ao"}) {
      INFO(hosts);
      CHECK(opinion_of(route(hosts), Demand::Mandatory).says == DaneSays::Defer);
    }
    CHECK(opinion_of(route("am"), Demand::Mandatory).says == DaneSays::Authenticate);
    CHECK(opinion_of(route("a", DANELAW_STANDING_INSECURE), Demand::Mandatory).says == DaneSays::Defer);
    facts.state = DANELAW_ROUTE_NO_HOSTS;
    CHECK(opinion_of(facts, Demand::Mandatory).says == DaneSays::Nothing);
  }

  TEST_CASE("What is left out is a failure") {
    CHECK(DaneOpinion{}.says == DaneSays::Defer);
    CHECK(reply_of(DaneOpinion{}, std::nullopt).word == Word::Temp);
  }

  TEST_CASE("RFC 8461 section 4.1: patterns as Postfix matches them, and SNI") {
    const std::vector<std::string> patterns{"mx.example.com", "*.mail.example.com"};
    CHECK(reply_of({DaneSays::Nothing, "", ""}, patterns).text ==
          "secure match=mx.example.com:.mail.example.com servername=hostname");
  }

  TEST_CASE("MTA-STS is asked for where it can change the answer, and only there") {
    const std::vector<std::string> patterns{"mx.example"};
    for (const DaneSays says : {DaneSays::Defer, DaneSays::Nothing, DaneSays::Authenticate, DaneSays::Mixed,
                                DaneSays::Encrypt, DaneSays::PartlyEncrypt, DaneSays::Unsigned}) {
      INFO(to_string(says));
      const DaneOpinion opinion{says, "", ""};
      CHECK(needs_sts(says) == (reply_of(opinion, patterns) != reply_of(opinion, std::nullopt)));
    }
  }
}
