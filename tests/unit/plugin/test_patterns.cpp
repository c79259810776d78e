#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "plugin/patterns.hpp"

using danelaw::plugin::entries_of;
using danelaw::plugin::Fit;
using danelaw::plugin::HostPattern;
using danelaw::plugin::Peer;
using danelaw::plugin::port_from_text;

namespace {

Fit fit(const char* pattern, const Peer& peer) {
  const auto made = HostPattern::from_text(pattern);
  REQUIRE(made.has_value());
  return made->fit(peer);
}

std::string to_text(Fit fit) {
  switch (fit) {
    case Fit::No:
      return "no";
    case Fit::Maybe:
      return "maybe";
    case Fit::Certain:
      return "certain";
  }
  return "";
}

}  // namespace

TEST_SUITE("plugin: which connections a rule is for") {
  TEST_CASE("a pattern fits the peers that it names, maybe those of which that is not known, and no others") {
    struct Row {
      const char* pattern;
      Peer peer;
      const char* want;
    };
    const Row rows[] = {
        {"www.example", {"www.example", 443}, "certain"},
        {"www.example", {"www.example", 0}, "certain"},
        {"WWW.Example.", {"www.example", 443}, "certain"},
        {"www.example", {"WWW.EXAMPLE.", 443}, "certain"},
        {"www.example", {"a.www.example", 443}, "no"},
        {"www.example", {"wwwxexample", 443}, "no"},
        {"www.example", {"", 443}, "maybe"},
        {"www.example:443", {"www.example", 443}, "certain"},
        {"www.example:443", {"www.example", 8443}, "no"},
        {"www.example:443", {"www.example", 0}, "maybe"},
        {"*.example", {"www.example", 443}, "certain"},
        {"*.example", {"a.b.example", 443}, "certain"},
        {"*.EXAMPLE:25", {"a.example", 25}, "certain"},
        {"*.example:25", {"a.example", 443}, "no"},
        {"*.example", {"example", 443}, "no"},
        {"*.example", {".example", 443}, "no"},
        {"*.example", {"wwwexample", 443}, "no"},
        {"*.example", {"", 443}, "maybe"},
        {"*", {"", 0}, "certain"},
        {"*", {"www.example", 443}, "certain"},
        {"*:443", {"www.example", 443}, "certain"},
        {"*:443", {"www.example", 25}, "no"},
        {"*:443", {"www.example", 0}, "maybe"},
        {"*:443", {"", 443}, "certain"},
        {"*:443", {"", 25}, "no"},
        {"www.example:443", {"", 0}, "maybe"},
        {"www.example:443", {"", 443}, "maybe"},
        {"www.example:443", {"", 25}, "no"},
        {"www.example:443", {"other.example", 0}, "no"},
        {"*.example:443", {"www.example", 0}, "maybe"},
        {"*.example:443", {"www.other", 0}, "no"},
        {"*.", {"www.example", 443}, "certain"},  // below the root is everything
        {"192.0.2.1", {"192.0.2.1", 443}, "certain"},
        {"192.0.2.1:443", {"192.0.2.1", 443}, "certain"},
        {"192.0.2.1:443", {"192.0.2.1", 444}, "no"},
        {"2001:db8::1", {"2001:db8::1", 443}, "certain"},
        {"2001:DB8::1", {"2001:db8::1", 443}, "certain"},
        {"[2001:db8::1]", {"2001:db8::1", 443}, "certain"},
        {"[2001:db8::1]:443", {"2001:db8::1", 443}, "certain"},
        {"[2001:db8::1]:443", {"2001:db8::1", 25}, "no"},
        {"::1", {"::1", 1}, "certain"},
    };
    for (const Row& row : rows) {
      INFO(row.pattern << " and " << row.peer.host << " " << row.peer.port);
      CHECK(to_text(fit(row.pattern, row.peer)) == row.want);
    }
  }

  TEST_CASE("text that is no pattern is refused") {
    for (const std::string text :
         {"",     ":",      ":443",   "a:",      "a:0",  "a:65536", "a:x",  "a:-1", "a: 1",
          "a:1x", "*.*",    "**",     "a.*",     "*a",   "a b",     "a/24", "[]",   "[::1",
          "::1]", "[::1]x", "[::1]:", "[::1]:0", "[]:1", "[*]x",    "\x7f", "a\tb", "b\xc3\xbc"}) {
      INFO(text);
      CHECK_FALSE(HostPattern::from_text(text).has_value());
    }
  }

  TEST_CASE("a pattern of the root alone names nobody") {
    CHECK_FALSE(HostPattern::from_text(".").has_value());
  }
}

TEST_SUITE("plugin: lists and ports") {
  TEST_CASE("a list's entries come without white space and without empty ones") {
    using List = std::vector<std::string>;
    CHECK(entries_of("") == List{});
    CHECK(entries_of(" \t,, ,") == List{});
    CHECK(entries_of("a") == List{"a"});
    CHECK(entries_of(" a\t,b c , ,d") == List{"a", "b c", "d"});
    CHECK(entries_of("a,") == List{"a"});
  }

  TEST_CASE("a port is a whole number from 1 to 65535") {
    CHECK(port_from_text("1") == 1);
    CHECK(port_from_text("443") == 443);
    CHECK(port_from_text("65535") == 65535);
    for (const std::string text :
         {"", "0", "65536", "99999999999999999999", "-1", "+1", " 1", "1 ", "1x", "0x1", "https"}) {
      INFO(text);
      CHECK_FALSE(port_from_text(text).has_value());
    }
  }
}
