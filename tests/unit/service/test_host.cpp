#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "service/host.hpp"

using namespace danelaw;
using service::parse_service;

TEST_SUITE("Services as applications name them") {
  TEST_CASE("Names and address literals become a service") {
    struct Row {
      std::string host;
      std::string want;
      bool literal;
    };
    const std::vector<Row> rows{
        {"www.example", "www.example", false},
        {"WWW.Example.", "www.example", false},
        {"b\u00FCcher.example", "xn--bcher-kva.example", false},
        {"localhost", "localhost", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"2001:DB8::1", "2001:db8::1", true},
        {"[2001:db8:0:0::1]", "2001:db8::1", true},
        {"fe80::1%eth0", "fe80::1", true},
        {"[fe80::1%25eth0]", "fe80::1", true},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1", true},
    };
    for (const Row& row : rows) {
      INFO(row.host);
      const auto made = parse_service(row.host, 443, tlsa::Transport::Tcp);
      REQUIRE(made);
      CHECK(made->host == row.want);
      CHECK(made->port == 443);
      CHECK(danelaw::is_address_literal(row.host) == row.literal);
      CHECK(danelaw::is_address_literal(made->host) == row.literal);
    }
  }

  TEST_CASE("What is neither is refused with the kind of its fault") {
    for (const std::string host : {"", ".", "a b", "www.example:443", "[www.example]", "[]", "1.2.3",
                                   "1.2.3.4.5", "256.1.1.1", "::g", "https://www.example/", "*.example"}) {
      INFO(host);
      const auto made = parse_service(host, 443, tlsa::Transport::Tcp);
      REQUIRE_FALSE(made);
      CHECK(made.problem().fault == Fault::Name);
    }
    for (const unsigned long port : {0UL, 65536UL, ~0UL}) {
      const auto made = parse_service("www.example", port, tlsa::Transport::Tcp);
      REQUIRE_FALSE(made);
      CHECK(made.problem().fault == Fault::Port);
    }
    CHECK(parse_service("www.example", 1, tlsa::Transport::Udp)->transport == tlsa::Transport::Udp);
    CHECK(parse_service("www.example", 65535, tlsa::Transport::Sctp)->port == 65535);
  }
}
