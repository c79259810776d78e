#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "plugin/patterns.hpp"

using danelaw::plugin::entries_of;
using danelaw::plugin::HostPattern;
using danelaw::plugin::Peer;
using danelaw::plugin::port_from_text;

namespace {

bool covers(const char* pattern, const Peer& peer) {
  const auto made = HostPattern::from_text(pattern);
  REQUIRE(made.has_value());
  return made->covers(peer);
}

}  // namespace

TEST_SUITE("plugin: which connections a rule is for") {
  TEST_CASE("a pattern covers the peers that it names and no others") {
    struct Row {
      const char* pattern;
      Peer peer;
      bool want;
    };
    const Row rows[] = {
        {"www.example", {"www.example", 443}, true},
        {"www.example", {"www.example", 0}, true},
        {"WWW.Example.", {"www.example", 443}, true},
        {"www.example", {"WWW.EXAMPLE.", 443}, true},
        {"www.example", {"a.www.example", 443}, false},
        {"www.example", {"wwwxexample", 443}, false},
        {"www.example", {"", 443}, false},
        {"www.example:443", {"www.example", 443}, true},
        {"www.example:443", {"www.example", 8443}, false},
        {"www.example:443", {"www.example", 0}, false},
        {"*.example", {"www.example", 443}, true},
        {"*.example", {"a.b.example", 443}, true},
        {"*.EXAMPLE:25", {"a.example", 25}, true},
        {"*.example:25", {"a.example", 443}, false},
        {"*.example", {"example", 443}, false},
        {"*.example", {".example", 443}, false},
        {"*.example", {"wwwexample", 443}, false},
        {"*.example", {"", 443}, false},
        {"*", {"", 0}, true},
        {"*", {"www.example", 443}, true},
        {"*:443", {"www.example", 443}, true},
        {"*:443", {"www.example", 25}, false},
        {"*:443", {"www.example", 0}, false},
        {"*.", {"www.example", 443}, true},  // below the root is everything
        {"192.0.2.1", {"192.0.2.1", 443}, true},
        {"192.0.2.1:443", {"192.0.2.1", 443}, true},
        {"192.0.2.1:443", {"192.0.2.1", 444}, false},
        {"2001:db8::1", {"2001:db8::1", 443}, true},
        {"2001:DB8::1", {"2001:db8::1", 443}, true},
        {"[2001:db8::1]", {"2001:db8::1", 443}, true},
        {"[2001:db8::1]:443", {"2001:db8::1", 443}, true},
        {"[2001:db8::1]:443", {"2001:db8::1", 25}, false},
        {"::1", {"::1", 1}, true},
    };
    for (const Row& row : rows) {
      INFO(row.pattern << " and " << row.peer.host << " " << row.peer.port);
      CHECK(covers(row.pattern, row.peer) == row.want);
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
