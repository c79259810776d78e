#include <doctest/doctest.h>

#include <string>

#include "tlsa/owner.hpp"

using namespace danelaw;
using tlsa::Transport;

TEST_SUITE("RFC 6698 section 3: owner names") {
  TEST_CASE("R6698-3a: the owner is _port._transport.base, the port without leading zeros") {
    struct Row {
      std::uint16_t port;
      Transport transport;
      std::string_view base, want;
    };
    for (const Row& row :
         {Row{443, Transport::Tcp, "www.example", "_443._tcp.www.example"},
          Row{1, Transport::Udp, "WWW.example.", "_1._udp.www.example"},
          Row{65535, Transport::Sctp, "a", "_65535._sctp.a"}, Row{25, Transport::Tcp, ".", "_25._tcp"},
          Row{853, Transport::Tcp, "a\\.b.c", "_853._tcp.a\\.b.c"}}) {
      const auto got = tlsa::owner_name(row.port, row.transport, DnsName::from_text(row.base).value());
      REQUIRE(got.ok());
      CHECK(got->to_text() == row.want);
    }
  }

  TEST_CASE("R6698-3a: port 0 and names that grow past 255 octets have no owner name") {
    CHECK(tlsa::owner_name(0, Transport::Tcp, DnsName()).problem().fault == Fault::Port);
    std::string base;
    for (int count = 0; count < 122; ++count) base += "a.";
    // "_443" and "_tcp" take ten octets: 122 * 2 + 1 + 10 = 255.
    CHECK(tlsa::owner_name(443, Transport::Tcp, DnsName::from_text(base).value()).ok());
    const auto got = tlsa::owner_name(8443, Transport::Tcp, DnsName::from_text(base).value());
    REQUIRE_FALSE(got.ok());
    CHECK(got.problem().fault == Fault::Name);
  }

  TEST_CASE("R6698-3a: the transports are tcp, udp and sctp") {
    for (const Transport transport : {Transport::Tcp, Transport::Udp, Transport::Sctp}) {
      CHECK(tlsa::transport_from_text(to_string(transport)) == transport);
    }
    CHECK(to_string(Transport::Tcp) == "tcp");
    CHECK(to_string(Transport::Udp) == "udp");
    CHECK(to_string(Transport::Sctp) == "sctp");
    for (const char* text : {"", "TCP", "_tcp", "dccp", "tcp "}) CHECK_FALSE(tlsa::transport_from_text(text));
  }
}
