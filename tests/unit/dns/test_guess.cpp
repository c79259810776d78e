#include <doctest/doctest.h>

#include <string>

#include "dns/guess.hpp"
#include "dns/known_zones.hpp"
#include "support.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

const dnssec::TrustAnchors root_anchor{{DnsName(), RrType::Ds, {}}};

std::string guessed(std::string_view text, RrType type, const dnssec::Known& known = {},
                    const dnssec::TrustAnchors& anchors = root_anchor) {
  std::string words;
  for (const Question& one : guessed_chain(question(text, type), {anchors, known, the_time}))
    words += one.name.to_text() + (one.type == RrType::Ds ? "/DS " : "/DNSKEY ");
  return words;
}

dnssec::Known knowing(std::string_view zone, EpochSeconds expires) {
  dnssec::Known known;
  known.zones[name(zone)] = {name(zone), {}, expires, expires};
  return known;
}

dnssec::Known cut_at(std::string_view zone, EpochSeconds expires) {
  dnssec::Known known;
  known.cuts[name(zone)] = {dnssec::InsecureReason::UnsignedDelegation, name(zone), {}, {}, expires};
  return known;
}

}  // namespace

TEST_SUITE("What to ask for ahead") {
  TEST_CASE("Labels suggest zones; service labels and a host's own do not") {
    const std::string both = "./DNSKEY example/DS example/DNSKEY good.example/DS good.example/DNSKEY ";
    CHECK(guessed("_443._tcp.www.good.example", RrType::Tlsa) == both);
    CHECK(guessed("www.good.example", RrType::A) == both);
    CHECK(guessed("good.example", RrType::Mx) == both);
    CHECK(guessed("_25._tcp.good.example", RrType::Tlsa) == both);
    CHECK(guessed("sub.good.example", RrType::Ds) == both);
    CHECK(guessed("example", RrType::Ds) == "./DNSKEY ");
    CHECK(guessed(".", RrType::Dnskey) == "./DNSKEY ");
  }

  TEST_CASE("What is known is not asked for, until it ends") {
    CHECK(guessed("www.good.example", RrType::A, knowing("example", in_an_hour)) ==
          "good.example/DS good.example/DNSKEY ");
    CHECK(guessed("www.good.example", RrType::A, knowing("good.example", in_an_hour)).empty());
    CHECK_FALSE(guessed("www.good.example", RrType::A, knowing("good.example", the_time)).empty());
    CHECK(guessed("www.good.example", RrType::A, cut_at("good.example", in_an_hour)) ==
          "./DNSKEY example/DS example/DNSKEY ");
    CHECK(guessed("www.good.example", RrType::A, cut_at("good.example", the_time)) ==
          guessed("www.good.example", RrType::A));
  }

  TEST_CASE("It begins at the nearest anchor, and without one there is nothing to ask for") {
    const dnssec::TrustAnchors anchors{{name("example"), RrType::Ds, {}}, {name("other"), RrType::Ds, {}}};
    CHECK(guessed("www.good.example", RrType::A, {}, anchors) ==
          "example/DNSKEY good.example/DS good.example/DNSKEY ");
    CHECK(guessed("www.good.dane", RrType::A, {}, anchors).empty());
  }

  TEST_CASE("R-limits: a long name makes no more guesses than the limit") {
    std::string deep = "example";
    for (int i = 0; i < 60; ++i) deep = "a." + deep;
    CHECK(guessed_chain(question(deep, RrType::A), {root_anchor, {}, the_time}).size() ==
          2 * max_guessed_zones - 1);
  }
}

TEST_SUITE("What was proven is kept within bounds") {
  TEST_CASE("Past the limit what ends first goes, and what has ended goes in any case") {
    KnownZones zones;
    for (std::size_t i = 0; i <= max_known_zones; ++i)
      zones.learn(knowing("z" + std::to_string(i), in_an_hour + static_cast<EpochSeconds>(i)), the_time);
    CHECK(zones.known().zones.size() <= max_known_zones);
    CHECK(zones.known().zones.size() >= max_known_zones / 2);
    CHECK_FALSE(zones.known().zones.contains(name("z0")));
    CHECK(zones.known().zones.contains(name("z" + std::to_string(max_known_zones))));
    zones.learn({}, in_an_hour + static_cast<EpochSeconds>(max_known_zones));
    CHECK(zones.known().zones.empty());
  }

  TEST_CASE("R-limits: verified signatures are forgotten past the limit") {
    KnownZones zones;
    dnssec::Known many;
    for (std::size_t i = 0; i <= max_known_signatures; ++i)
      many.verified.insert({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)});
    zones.learn(std::move(many), the_time);
    CHECK(zones.known().verified.empty());
  }
}
