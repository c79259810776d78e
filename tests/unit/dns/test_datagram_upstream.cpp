// What a resolver over UDP may send, octet by octet: the test holds the resolver's sockets itself and has no thread.
#include <doctest/doctest.h>
#include <poll.h>

#include <optional>
#include <set>

#include "dns/datagram_upstream.hpp"
#include "own_socket.hpp"
#include "support.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using namespace std::chrono_literals;

namespace {

const Question asked = question("_443._tcp.www.example", RrType::Tlsa);
constexpr std::size_t header_octets = 12;

/// A resolver at one port, for UDP and for TCP.
class Resolver final {
 public:
  explicit Resolver(bool has_tcp = true) : m_udp(SOCK_DGRAM) {
    if (has_tcp) m_tcp.emplace(SOCK_STREAM, m_udp.port());
  }

  [[nodiscard]] ResolverAddress address() const { return {"127.0.0.1", "", m_udp.port()}; }

  /// The next query over UDP, and whom it is from; empty where none comes.
  Buffer query(sockaddr_in& from) const {
    Buffer octets(4096);
    socklen_t size = sizeof from;
    if (!comes(m_udp.number())) return {};
    const ssize_t length =
        recvfrom(m_udp.number(), octets.data(), octets.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    octets.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return octets;
  }
  void reply(const Buffer& octets, const sockaddr_in& to) const {
    sendto(m_udp.number(), octets.data(), octets.size(), 0, reinterpret_cast<const sockaddr*>(&to),
           sizeof to);
  }
  /// The connection that is made next.
  [[nodiscard]] int accepted() const {
    return comes(m_tcp->number()) ? accept(m_tcp->number(), nullptr, nullptr) : -1;
  }

  static bool comes(int socket) {
    constexpr int patience = 5000;  // milliseconds
    pollfd ready{socket, POLLIN, 0};
    return poll(&ready, 1, patience) == 1;
  }

 private:
  OwnSocket m_udp;
  std::optional<OwnSocket> m_tcp;
};

/// One upstream, and the last that it said.
struct Asker {
  explicit Asker(const ResolverAddress& address)
      : upstream(std::make_unique<DatagramUpstream>(*loop, address)) {}

  Upstream::Ticket ask(const Question& question = asked) {
    got.reset();
    return upstream->send(question, [this](const Received& received) { got = received; });
  }
  /// What comes in the end; nothing where nothing does.
  std::optional<Received> wait(std::chrono::milliseconds patience = 5s) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!got && std::chrono::steady_clock::now() < end) loop->run_once(10ms);
    return got;
  }

  std::string problem;
  const std::unique_ptr<EventLoop> loop = EventLoop::create(problem);
  std::optional<Received> got;
  std::unique_ptr<DatagramUpstream> upstream;
};

/// With QR set, and `more` behind it.
Buffer answer_to(Buffer query, const Buffer& more = {}) {
  query[2] |= 0x80;
  query.insert(query.end(), more.begin(), more.end());
  return query;
}

Buffer with_tc(Buffer reply) {
  reply[2] |= 0x02;
  return reply;
}

/// As it goes over TCP.
Buffer framed(const Buffer& message) {
  Buffer out{static_cast<std::uint8_t>(message.size() >> 8),
             static_cast<std::uint8_t>(message.size() & 0xFFU)};
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

/// The query that comes over a connection.
Buffer read_query(int connection) {
  Buffer octets(512);
  std::size_t have = 0;
  while (Resolver::comes(connection)) {
    const ssize_t more = recv(connection, octets.data() + have, octets.size() - have, 0);
    if (more <= 0) return {};
    have += static_cast<std::size_t>(more);
    const std::size_t wanted = have < 2 ? 2 : static_cast<std::size_t>(octets[0] << 8 | octets[1]) + 2;
    if (have >= 2 && have >= wanted)
      return {octets.begin() + 2, octets.begin() + static_cast<std::ptrdiff_t>(wanted)};
  }
  return {};
}

}  // namespace

TEST_SUITE("RFC 1035 section 4.2, RFC 5452: a resolver asked over UDP and TCP") {
  TEST_CASE(
      "The query asks for signatures, leaves the judgement to us, and comes from nowhere that one could "
      "guess") {
    const Resolver resolver;
    Asker asker(resolver.address());
    std::set<std::uint16_t> ids;
    std::set<std::uint16_t> ports;
    constexpr std::size_t questions = 32;
    std::vector<Upstream::Ticket> tickets;
    for (std::size_t i = 0; i < questions; ++i) tickets.push_back(asker.ask());
    for (std::size_t i = 0; i < questions; ++i) {
      sockaddr_in from{};
      const Buffer query = resolver.query(from);
      REQUIRE(query.size() > header_octets);
      CHECK(query[2] == 0x01);                        // RD
      CHECK(query[3] == 0x10);                        // CD
      CHECK(Buffer(query.end() - 11, query.end()) ==  // OPT: 1232 octets, DO
            Buffer{0, 0, 41, 1232 >> 8, 1232 & 0xFF, 0, 0, 0x80, 0, 0, 0});
      ids.insert(static_cast<std::uint16_t>(query[0] << 8 | query[1]));
      ports.insert(from.sin_port);
    }
    CHECK(ports.size() == questions);  // all are open at once
    CHECK(ids.size() > questions - 4);
    for (const auto ticket : tickets) asker.upstream->cancel(ticket);
    CHECK(asker.loop->is_idle());
  }

  TEST_CASE("Octets that are no reply to the query are passed over; the reply behind them counts") {
    const Resolver resolver;
    sockaddr_in from{};
    Asker asker(resolver.address());
    asker.ask();
    const Buffer query = resolver.query(from);
    REQUIRE_FALSE(query.empty());
    Buffer other = answer_to(query);
    other[0] ^= 1;
    for (int i = 0; i < 100; ++i) resolver.reply(other, from);
    resolver.reply({}, from);
    resolver.reply({query[0]}, from);
    resolver.reply(answer_to(query, Buffer(8000)), from);  // longer than anybody asked for
    CHECK_FALSE(asker.wait(100ms));
    resolver.reply(answer_to(query, {1, 2, 3}), from);
    const auto got = asker.wait();
    REQUIRE(got);
    CHECK(got->message == answer_to(query, {1, 2, 3}));
    CHECK(asker.loop->is_idle());
  }

  TEST_CASE("Octets of the right id are handed on as they are, however few or odd") {
    const Resolver resolver;
    Asker asker(resolver.address());
    for (const std::size_t octets : {std::size_t{2}, std::size_t{3}, std::size_t{11}, std::size_t{4096}}) {
      INFO(octets);
      sockaddr_in from{};
      asker.ask();
      Buffer reply = resolver.query(from);
      REQUIRE_FALSE(reply.empty());
      reply.resize(octets, 0xC0);
      if (octets > 2) reply[2] = 0x80;
      resolver.reply(reply, from);
      const auto got = asker.wait();
      REQUIRE(got);
      CHECK(got->message == reply);
    }
  }

  TEST_CASE("A reply of somebody else's is not even seen") {
    const Resolver resolver;
    const Resolver stranger;
    sockaddr_in from{};
    Asker asker(resolver.address());
    asker.ask();
    const Buffer query = resolver.query(from);
    REQUIRE_FALSE(query.empty());
    stranger.reply(answer_to(query), from);
    CHECK_FALSE(asker.wait(100ms));
  }

  TEST_CASE("A port at which nobody listens is told at once") {
    std::uint16_t port = 0;
    {
      const OwnSocket gone(SOCK_DGRAM);
      port = gone.port();
    }
    Asker asker({"127.0.0.1", "", port});
    asker.ask();
    const auto got = asker.wait();
    REQUIRE(got);
    CHECK(got->message.empty());
    CHECK(got->obstacle.text == "cannot be reached: Connection refused");
    CHECK(asker.loop->is_idle());
  }

  TEST_CASE(
      "RFC 7766 section 5: what was cut is asked again over TCP, on one connection, answered in any order "
      "and any pieces") {
    const Resolver resolver;
    Asker asker(resolver.address());
    std::map<std::string, Buffer> got;
    for (const char* name : {"one.example", "two.example"}) {
      sockaddr_in from{};
      asker.upstream->send(question(name, RrType::Tlsa),
                           [&got, name](const Received& received) { got[name] = received.message; });
      const Buffer query = resolver.query(from);
      REQUIRE_FALSE(query.empty());
      resolver.reply(with_tc(answer_to(query)), from);
    }
    for (int i = 0; i < 20; ++i) asker.loop->run_once(5ms);
    const int connection = resolver.accepted();
    REQUIRE(connection >= 0);
    const Buffer both = [&] {
      Buffer octets(512);
      const ssize_t length =
          Resolver::comes(connection) ? recv(connection, octets.data(), octets.size(), 0) : 0;
      octets.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
      return octets;
    }();
    REQUIRE(both.size() > 2);
    const std::size_t first = static_cast<std::size_t>(both[0] << 8 | both[1]);
    REQUIRE(both.size() > first + 4);
    const Buffer one(both.begin() + 2, both.begin() + 2 + static_cast<std::ptrdiff_t>(first));
    const Buffer two(both.begin() + 4 + static_cast<std::ptrdiff_t>(first), both.end());
    const Buffer big = answer_to(two, Buffer(20000, 7));
    Buffer stream = framed(big);
    const Buffer small = framed(answer_to(one));
    stream.insert(stream.end(), small.begin(), small.end());
    for (std::size_t at = 0; at < stream.size(); at += 777) {
      ::send(connection, stream.data() + at, std::min<std::size_t>(777, stream.size() - at), MSG_NOSIGNAL);
      asker.loop->run_once(1ms);
    }
    for (int i = 0; i < 500 && got.size() < 2; ++i) asker.loop->run_once(10ms);
    CHECK(got["one.example"] == answer_to(one));
    CHECK(got["two.example"] == big);
    close(connection);
  }

  TEST_CASE("Where TCP fails, the reply that was cut is handed over, and why there is no more") {
    struct Row {
      const char* what;
      bool has_tcp;
      std::size_t sent;  // octets of the reply over TCP, before the connection ends
      const char* problem;
    };
    for (const Row& row : {Row{"no TCP", false, 0, "cannot be connected to: Connection refused"},
                           Row{"closed at once", true, 0, "closed the connection"},
                           Row{"closed within the length", true, 1, "closed the connection"},
                           Row{"closed within the message", true, 30, "closed the connection"}}) {
      INFO(row.what);
      const Resolver resolver(row.has_tcp);
      Asker asker(resolver.address());
      sockaddr_in from{};
      asker.ask();
      const Buffer query = resolver.query(from);
      REQUIRE_FALSE(query.empty());
      resolver.reply(with_tc(answer_to(query)), from);
      for (int i = 0; i < 20 && !asker.got; ++i) asker.loop->run_once(5ms);
      if (row.has_tcp) {
        const int connection = resolver.accepted();
        REQUIRE(connection >= 0);
        for (int i = 0; i < 5; ++i) asker.loop->run_once(5ms);
        const Buffer reply = framed(answer_to(read_query(connection)));
        ::send(connection, reply.data(), std::min(row.sent, reply.size()), MSG_NOSIGNAL);
        close(connection);
      }
      const auto got = asker.wait();
      REQUIRE(got);
      CHECK(got->message == with_tc(answer_to(query)));
      CHECK(got->obstacle.text == row.problem);
    }
  }

  TEST_CASE("Questions that are cancelled or given up, and upstreams that go, leave nothing behind") {
    enum class When { AtOnce, OnTheWire, OverTcp };
    for (const When when : {When::AtOnce, When::OnTheWire, When::OverTcp}) {
      for (const int way : {0, 1, 2}) {
        INFO(static_cast<int>(when) << " " << way);
        const Resolver resolver;
        Asker asker(resolver.address());
        sockaddr_in from{};
        const auto ticket = asker.ask();
        if (when != When::AtOnce) asker.loop->run_once(1ms);
        if (when == When::OverTcp) {
          resolver.reply(with_tc(answer_to(resolver.query(from))), from);
          for (int i = 0; i < 5; ++i) asker.loop->run_once(5ms);
        }
        if (way == 0) asker.upstream->cancel(ticket);
        if (way == 1) asker.upstream->give_up(ticket);
        asker.upstream->cancel(way == 0 ? ticket : Upstream::Ticket{999});
        if (way == 2 || when == When::OverTcp) asker.upstream.reset();
        for (int i = 0; i < 5; ++i) asker.loop->run_once(1ms);
        CHECK_FALSE(asker.got);
        CHECK(asker.loop->is_idle());
      }
    }
  }

  TEST_CASE("Whoever is told may ask again, and destroy the upstream") {
    const Resolver resolver;
    Asker asker(resolver.address());
    int told = 0;
    asker.upstream->send(asked, [&](const Received&) {
      ++told;
      asker.upstream->send(asked, [&](const Received&) { ++told; });
      asker.upstream.reset();
    });
    sockaddr_in from{};
    const Buffer query = resolver.query(from);
    REQUIRE_FALSE(query.empty());
    resolver.reply(answer_to(query), from);
    for (int i = 0; i < 200 && told == 0; ++i) asker.loop->run_once(10ms);
    for (int i = 0; i < 5; ++i) asker.loop->run_once(1ms);
    CHECK(told == 1);
    CHECK(asker.loop->is_idle());
  }
}
