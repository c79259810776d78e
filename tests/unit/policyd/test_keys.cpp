#include <doctest/doctest.h>

#include <string>

#include "policyd/endpoint.hpp"
#include "policyd/key.hpp"

using namespace danelaw::policyd;

TEST_SUITE("postconf(5): what Postfix asks for") {
  TEST_CASE("R7672-2.2.1b, R7672-2.2.2a: every form of a next hop") {
    struct Row {
      const char* text;
      const char* next_hop;
      bool is_domain;
    };
    for (const Row& row :
         {Row{"example.com", "example.com", true}, Row{"EXAMPLE.com", "example.com", true},
          Row{"example.com:25", "example.com:25", true}, Row{"example.com:smtp", "example.com:25", true},
          Row{"example.com:587", "example.com:587", false},
          Row{"[mx.example.com]", "[mx.example.com]", false},
          Row{"[mx.example.com]:25", "[mx.example.com]:25", false},
          Row{"[mx.example.com]:submission", "[mx.example.com]:587", false},
          Row{"[mx.example.com]:no-such-service", "[mx.example.com]:no-such-service", false},
          Row{"[ipv6:2001:db8::1]:25", "[ipv6:2001:db8::1]:25", false},
          Row{"[2001:db8::1]", "[2001:db8::1]", false}, Row{"b\xc3\xbc.example", "b\xc3\xbc.example", true},
          Row{"", "", false}, Row{".example.com", "", false}, Row{".", "", false},
          Row{"/run/lmtp", "", false}}) {
      INFO(row.text);
      const Key key = key_of(row.text);
      CHECK(key.next_hop == row.next_hop);
      CHECK(key.is_domain == row.is_domain);
    }
  }
}

TEST_SUITE("Where the service listens") {
  TEST_CASE("Unix sockets and the loopback interface, and nothing else") {
    CHECK(endpoint_from_text("unix:/run/x/socket") == Endpoint{"/run/x/socket", "", 0});
    CHECK(endpoint_from_text("inet:127.0.0.1:8461") == Endpoint{"", "127.0.0.1", 8461});
    CHECK(endpoint_from_text("inet:127.8.9.10:1") == Endpoint{"", "127.8.9.10", 1});
    CHECK(endpoint_from_text("inet:localhost:8461") == Endpoint{"", "127.0.0.1", 8461});
    CHECK(endpoint_from_text("inet:[::1]:8461") == Endpoint{"", "::1", 8461});
    for (const std::string text :
         {"", "unix:", "unix:run/x", "/run/x", "inet:8461", "inet:127.0.0.1", "inet:127.0.0.1:0",
          "inet:127.0.0.1:65536", "inet:0.0.0.0:1", "inet:10.0.0.1:1", "inet:[::]:1", "inet:::1:1",
          "inet:[127.0.0.1]:1", "inet:128.0.0.1:1", "inet:example.com:1", "tcp:127.0.0.1:1"}) {
      INFO(text);
      CHECK_FALSE(endpoint_from_text(text));
    }
    CHECK_FALSE(endpoint_from_text("unix:/" + std::string(200, 'x')));
  }

  TEST_CASE("An endpoint is written as it is read") {
    for (const std::string text : {"unix:/run/x/socket", "inet:127.0.0.1:8461", "inet:[::1]:8461"})
      CHECK(to_string(*endpoint_from_text(text)) == text);
  }
}
