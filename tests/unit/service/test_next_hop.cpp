#include <doctest/doctest.h>

#include "service/next_hop.hpp"

using namespace danelaw;
using Kind = service::NextHop::Kind;

TEST_SUITE("Where mail is sent next") {
  TEST_CASE("Each form means what Postfix's transport table means by it") {
    struct Row {
      const char* text;
      Kind kind;
      const char* host;
      unsigned port;
    };
    for (const Row& row : {Row{"Example.COM.", Kind::Domain, "example.com", 25},
                           Row{"example.com:587", Kind::Domain, "example.com", 587},
                           Row{"b\u00fccher.example", Kind::Domain, "xn--bcher-kva.example", 25},
                           Row{"[relay.example]", Kind::Host, "relay.example", 25},
                           Row{"[relay.example]:10025", Kind::Host, "relay.example", 10025},
                           Row{"[192.0.2.1]", Kind::Address, "192.0.2.1", 25},
                           Row{"192.0.2.1:26", Kind::Address, "192.0.2.1", 26},
                           Row{"2001:DB8::1", Kind::Address, "2001:db8::1", 25},
                           Row{"[ipv6:2001:db8::1]:26", Kind::Address, "2001:db8::1", 26}}) {
      INFO(row.text);
      const auto hop = service::parse_next_hop(row.text, 25);
      REQUIRE(hop.ok());
      CHECK(hop->kind == row.kind);
      CHECK(hop->service.host == row.host);
      CHECK(hop->service.port == row.port);
    }
  }

  TEST_CASE("Everything else is refused, with the right fault") {
    for (const char* text : {"", "[", "[]", "[relay.example", "[relay.example]x", "a b.example",
                             "192.0.2.300", "[[192.0.2.1]]", "user@example.com"}) {
      INFO(text);
      const auto hop = service::parse_next_hop(text, 25);
      REQUIRE_FALSE(hop.ok());
      CHECK(hop.problem().fault == Fault::Name);
    }
    for (const char* text :
         {"example.com:", "example.com:0", "example.com:65536", "[relay.example]:x", "a.example:-1"}) {
      INFO(text);
      const auto hop = service::parse_next_hop(text, 25);
      REQUIRE_FALSE(hop.ok());
      CHECK(hop.problem().fault == Fault::Port);
    }
  }
}
