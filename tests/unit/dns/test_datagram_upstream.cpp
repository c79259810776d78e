// What a resolver over UDP may send, octet by octet: the test holds the resolver's sockets itself and has no thread.
#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "played_resolver.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using namespace std::chrono_literals;

namespace {

const Question asked = question("_443._tcp.www.example", RrType::Tlsa);
constexpr std::size_t header_octets = 12;

}  // namespace

TEST_SUITE("RFC 1035 section 4.2, RFC 5452: a resolver asked over UDP and TCP") {
  TEST_CASE(
      "The query asks for signatures, leaves the judgement to us, and comes from nowhere that one could "
      "guess") {
    const PlayedResolver resolver;
    Asker asker(resolver.address());
    std::set<std::uint16_t> ids;
    std::set<std::uint16_t> ports;
    constexpr std::size_t questions = 32;
    std::vector<Upstream::Ticket> tickets;
    for (std::size_t i = 0; i < questions; ++i) tickets.push_back(asker.ask(asked));
    for (std::size_t i = 0; i < questions; ++i) {
      Peer from;
      const Buffer query = resolver.query(from);
      REQUIRE(query.size() > header_octets);
      CHECK(query[2] == 0x01);                        // RD
      CHECK(query[3] == 0x10);                        // CD
      CHECK(Buffer(query.end() - 11, query.end()) ==  // OPT: 1232 octets, DO
            Buffer{0, 0, 41, 1232 >> 8, 1232 & 0xFF, 0, 0, 0x80, 0, 0, 0});
      ids.insert(static_cast<std::uint16_t>(query[0] << 8 | query[1]));
      ports.insert(from.port());
    }
    CHECK(ports.size() == questions);  // all are open at once
    CHECK(ids.size() > questions - 4);
    for (const auto ticket : tickets) asker.upstream->cancel(ticket);
    CHECK(asker.loop->is_idle());
  }

  TEST_CASE("Octets that are no reply to the query are passed over; the reply behind them counts") {
    const PlayedResolver resolver;
    Peer from;
    Asker asker(resolver.address());
    asker.ask(asked);
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
    const PlayedResolver resolver;
    Asker asker(resolver.address());
    for (const std::size_t octets : {std::size_t{2}, std::size_t{3}, std::size_t{11}, std::size_t{4096}}) {
      INFO(octets);
      Peer from;
      asker.ask(asked);
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
    const PlayedResolver resolver;
    const PlayedResolver stranger;
    Peer from;
    Asker asker(resolver.address());
    asker.ask(asked);
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
    asker.ask(asked);
    const auto got = asker.wait();
    REQUIRE(got);
    CHECK(got->message.empty());
    CHECK(got->obstacle.text == "cannot be reached: Connection refused");
    CHECK(asker.loop->is_idle());
  }

  TEST_CASE(
      "RFC 7766 section 5: what was cut is asked again over TCP, on one connection, answered in any order "
      "and any pieces") {
    const PlayedResolver resolver;
    Asker asker(resolver.address());
    std::map<std::string, Buffer> got;
    for (const char* name : {"one.example", "two.example"}) {
      Peer from;
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
          PlayedResolver::comes(connection) ? recv(connection, octets.data(), octets.size(), 0) : 0;
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
      const PlayedResolver resolver(row.has_tcp);
      Asker asker(resolver.address());
      Peer from;
      asker.ask(asked);
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

  TEST_CASE(
      "A question that nobody answers does not end the connection that others wait on; a second one does") {
    const PlayedResolver resolver;
    std::string problem;
    const auto loop = EventLoop::create(problem);
    StreamUpstream upstream(*loop, resolver.address(), no_wrapping);
    std::map<std::string, Buffer> got;
    const auto ask = [&](const char* name) {
      return upstream.send(question(name, RrType::Tlsa),
                           [&got, name](const Received& received) { got[name] = received.message; });
    };
    const auto run_until = [&](const std::function<bool()>& there) {
      for (int i = 0; i < 500 && !there(); ++i) loop->run_once(10ms);
      return there();
    };
    const auto silent = ask("silent.example");
    ask("late.example");
    REQUIRE(run_until([&] { return resolver.has_connection(); }));
    const int first = resolver.accepted();
    REQUIRE(run_until([&] { return PlayedResolver::comes(first, 0); }));
    const auto queries = read_queries(first, 2);
    REQUIRE(queries.size() == 2);
    upstream.give_up(silent);
    const Buffer late = framed(answer_to(queries[1]));
    REQUIRE(::send(first, late.data(), late.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(late.size()));
    REQUIRE(run_until([&] { return got.contains("late.example"); }));
    CHECK(got["late.example"] == answer_to(queries[1]));
    CHECK_FALSE(resolver.has_connection());

    const auto second_silent = ask("two.example");
    const auto third_silent = ask("three.example");
    ask("four.example");
    CHECK(run_until([&] { return PlayedResolver::comes(first, 0); }));
    upstream.give_up(second_silent);
    upstream.give_up(third_silent);
    REQUIRE(run_until([&] { return resolver.has_connection(); }));
    const int second = resolver.accepted();
    REQUIRE(run_until([&] { return PlayedResolver::comes(second, 0); }));
    const Buffer again = read_query(second);
    REQUIRE_FALSE(again.empty());
    const Buffer reply = framed(answer_to(again));
    REQUIRE(::send(second, reply.data(), reply.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(reply.size()));
    CHECK(run_until([&] { return got.contains("four.example"); }));
    CHECK(got.size() == 2);
    close(first);
    close(second);
  }

  TEST_CASE("Over IPv6 it is the same: asked over UDP, and over TCP what was cut") {
    const PlayedResolver resolver(true, AF_INET6);
    if (!resolver.is_there()) {
      MESSAGE("this machine has no ::1: nothing to ask");
      return;
    }
    CHECK(resolver.address().to_text() == "::1@" + std::to_string(resolver.address().port));
    Asker asker(resolver.address());
    for (const bool cut : {false, true}) {
      INFO(cut);
      Peer from;
      asker.ask(asked);
      const Buffer query = resolver.query(from);
      REQUIRE_FALSE(query.empty());
      CHECK(from.address.ss_family == AF_INET6);
      resolver.reply(cut ? with_tc(answer_to(query)) : answer_to(query), from);
      Buffer over_tcp;
      if (cut) {
        for (int i = 0; i < 500 && !resolver.has_connection(); ++i) asker.loop->run_once(10ms);
        const int connection = resolver.accepted();
        for (int i = 0; i < 500 && !PlayedResolver::comes(connection, 0); ++i) asker.loop->run_once(10ms);
        over_tcp = answer_to(read_query(connection), Buffer(5000, 6));
        const Buffer octets = framed(over_tcp);
        CHECK(::send(connection, octets.data(), octets.size(), MSG_NOSIGNAL) ==
              static_cast<ssize_t>(octets.size()));
        close(connection);
      }
      const auto got = asker.wait();
      REQUIRE(got);
      CHECK(got->message == (cut ? over_tcp : answer_to(query)));
    }
  }

  TEST_CASE("Questions that are cancelled or given up, and upstreams that go, leave nothing behind") {
    enum class When { AtOnce, OnTheWire, OverTcp };
    for (const When when : {When::AtOnce, When::OnTheWire, When::OverTcp}) {
      for (const int way : {0, 1, 2}) {
        INFO(static_cast<int>(when) << " " << way);
        const PlayedResolver resolver;
        Asker asker(resolver.address());
        Peer from;
        const auto ticket = asker.ask(asked);
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
    const PlayedResolver resolver;
    Asker asker(resolver.address());
    int told = 0;
    asker.upstream->send(asked, [&](const Received&) {
      ++told;
      asker.upstream->send(asked, [&](const Received&) { ++told; });
      asker.upstream.reset();
    });
    Peer from;
    const Buffer query = resolver.query(from);
    REQUIRE_FALSE(query.empty());
    resolver.reply(answer_to(query), from);
    for (int i = 0; i < 200 && told == 0; ++i) asker.loop->run_once(10ms);
    for (int i = 0; i < 5; ++i) asker.loop->run_once(1ms);
    CHECK(told == 1);
    CHECK(asker.loop->is_idle());
  }
}
