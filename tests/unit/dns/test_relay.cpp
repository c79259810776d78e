// Whom a question goes to, and for how long: resolvers that are out of reach for a moment or for good, that rest, and that say half.
#include <doctest/doctest.h>
#include <net/if.h>
#include <sys/resource.h>

#include <string>
#include <thread>

#include "dns/socket_address.hpp"
#include "relay_client.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

const Question asked = question("_443._tcp.www.example", RrType::Tlsa);
const Question other = question("_443._tcp.mail.example", RrType::Tlsa);

/// A port at which nobody listens.
std::uint16_t free_port() { return OwnSocket(SOCK_DGRAM).port(); }
ResolverAddress nobody_at(std::uint16_t port) { return {"127.0.0.1", "", port}; }

/// The process has no descriptor left but those that are open.
class NoDescriptors final {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &m_before);
    rlimit none = m_before;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &m_before); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit m_before{};
};

}  // namespace

TEST_SUITE("A resolver that is out of reach") {
  TEST_CASE("For a moment only, like one that starts anew: it is asked again, and its answer counts") {
    const std::uint16_t port = free_port();
    RelayClient client({nobody_at(port)});
    const auto ticket = client.ask(asked);
    const FailedAnswer so_far = client.failure_so_far(ticket);
    CHECK(so_far.fault == LookupFault::Unreachable);
    CHECK(has(so_far.reason, "cannot be reached: Connection refused"));
    const PlayedResolver resolver(false, AF_INET, port);
    REQUIRE(client.run_until([&] { return resolver.has_query(); }));
    REQUIRE(answer_one(resolver));
    CHECK(client.has_reply(asked));
    CHECK(client.loop->is_idle());
  }

  TEST_CASE("Because this process has no descriptor left for a moment") {
    const PlayedResolver resolver;
    RelayClient client({resolver.address()});
    {
      const NoDescriptors none;
      const FailedAnswer so_far = client.failure_so_far(client.ask(asked));
      CHECK(so_far.fault == LookupFault::Unreachable);
      CHECK(has(so_far.reason, "cannot be asked: Too many open files"));
    }
    REQUIRE(client.run_until([&] { return resolver.has_query(); }));
    REQUIRE(answer_one(resolver));
    CHECK(client.has_reply(asked));
  }

  TEST_CASE("For good: that is the answer, after three rests and not before, and however many they are") {
    constexpr auto rest = 40ms;
    for (const std::size_t resolvers : {std::size_t{1}, std::size_t{3}, max_resolvers}) {
      INFO(resolvers);
      std::vector<ResolverAddress> nobody;
      for (std::size_t i = 0; i < resolvers; ++i) nobody.push_back(nobody_at(free_port()));
      RelayClient client(nobody, rest);
      const auto begun = std::chrono::steady_clock::now();
      client.ask(asked);
      const FailedAnswer failure = client.failure(asked);
      CHECK(failure.fault == LookupFault::Unreachable);
      for (const ResolverAddress& one : nobody)
        CHECK(has(failure.reason, one.to_text() + " cannot be reached: Connection refused"));
      CHECK(std::chrono::steady_clock::now() - begun >= 3 * rest);
      CHECK(client.loop->is_idle());
    }
  }

  TEST_CASE(
      "RFC 4007 section 6: by a link-local address without an interface, it is said what to write, once and "
      "for good") {
    for (const bool over_tls : {false, true}) {
      INFO(over_tls);
      const auto asked_at = [&](const std::string& zone) {
        ResolverAddress address{"fe80::1", zone};
        if (over_tls) address.tls = TlsPeer{"dns.example"};
        RelayClient client({address}, 1h);
        client.ask(asked);
        const FailedAnswer failure = client.failure(asked);
        CHECK(failure.fault == LookupFault::Unreachable);
        CHECK(has(failure.reason, "the resolver " + address.to_text() + " is "));
        CHECK(has(failure.reason, "resolv.conf or the setting \"resolvers\""));
        return failure.reason;
      };
      CHECK(has(asked_at(""), "write fe80::1%INTERFACE"));
      CHECK(has(asked_at("none0"), "\"none0\", which this machine does not have"));
      CHECK(has(asked_at("999999999"), "\"999999999\", which this machine does not have"));
    }
    const auto loopback = socket_address({"fe80::1", "lo"});
    REQUIRE(loopback.ok());
    CHECK(reinterpret_cast<const sockaddr_in6*>(loopback->get())->sin6_scope_id == if_nametoindex("lo"));
    CHECK(socket_address({"2001:db8::1"}).ok());
  }

  TEST_CASE("Others are asked at once, and it comes back in its turn where they are no use") {
    const std::uint16_t port = free_port();
    const PlayedResolver mute;
    RelayClient client({nobody_at(port), mute.address()}, 10ms, 50ms);
    const auto ticket = client.ask(asked);
    REQUIRE(client.run_until([&] { return mute.has_query(); }));
    CHECK(client.failure_so_far(ticket).fault == LookupFault::Timeout);  // the other might still answer
    const PlayedResolver resolver(false, AF_INET, port);
    REQUIRE(client.run_until([&] { return resolver.has_query(); }));
    REQUIRE(answer_one(resolver));
    CHECK(client.has_reply(asked));
  }

  TEST_CASE("Whoever rests takes no place on the wire, and is gone when nobody waits for it any more") {
    const PlayedResolver resolver;
    RelayClient client({nobody_at(free_port()), resolver.address()}, 1h, 20s, 1);
    const auto resting = client.ask(asked, OnlyResolver(0));
    CHECK(client.failure_so_far(resting).fault == LookupFault::Unreachable);
    client.ask(other, OnlyResolver(1));
    REQUIRE(client.run_until([&] { return resolver.has_query(); }));
    REQUIRE(answer_one(resolver));
    CHECK(client.has_reply(other));
    CHECK_FALSE(client.loop->is_idle());
    client.cancel(resting);
    CHECK(client.loop->is_idle());
    client.ask(other, OnlyResolver(1));  // the one place is free
    CHECK(client.run_until([&] { return resolver.has_query(); }));
  }

  TEST_CASE(
      "The attempts at one question: rests are counted for each resolver, and only what was asked is an "
      "attempt") {
    const Deadline now{std::chrono::hours(1)};
    Attempts attempts(250ms);
    CHECK(attempts.failure().reason.empty());
    CHECK_FALSE(attempts.end_of_rest({}));
    for (int rests = 0; rests < 3; ++rests) {
      CHECK(attempts.begin(7) == 0);
      attempts.fail(7, {LookupFault::Unreachable, "seven"}, Again::AfterRest, now);
      CHECK_FALSE(attempts.may_ask(7, now + 249ms));
      CHECK(attempts.may_ask(7, now + 250ms));
      CHECK(attempts.end_of_rest({}) == now + 250ms);
      CHECK(attempts.end_of_rest(OnlyResolver(7)) == now + 250ms);
      CHECK_FALSE(attempts.end_of_rest(OnlyResolver(8)));
    }
    CHECK(attempts.count() == 0);
    attempts.begin(7);
    attempts.fail(7, {LookupFault::Unreachable, "seven"}, Again::AfterRest, now);
    CHECK_FALSE(attempts.may_ask(7, now + 1h));
    CHECK_FALSE(attempts.end_of_rest({}));
    CHECK(attempts.begin(8) == 0);
    attempts.fail(8, {LookupFault::Timeout, "eight"}, Again::InTurn, now);
    CHECK(attempts.begin(8) == 1);
    CHECK(attempts.may_ask(8, now));
    attempts.fail(8, {LookupFault::OtherRcode, "eight again"}, Again::Never, now);
    CHECK_FALSE(attempts.may_ask(8, now));
    CHECK(attempts.failure().fault == LookupFault::OtherRcode);
    CHECK(attempts.failure().reason == "seven, eight again");
  }
}

TEST_SUITE("RFC 7766 section 5: a reply that was cut") {
  TEST_CASE("What came over TCP in time counts, however late this thread comes to it") {
    constexpr auto patience = 200ms;
    const PlayedResolver resolver;
    RelayClient client({resolver.address()}, 10ms, patience);
    client.ask(asked);
    Peer from;
    const Buffer query = resolver.query(from);
    REQUIRE_FALSE(query.empty());
    resolver.reply(with_tc(answer_to(query)), from);
    REQUIRE(client.run_until([&] { return resolver.has_connection(); }));
    const int connection = resolver.accepted();
    REQUIRE(connection >= 0);
    REQUIRE(client.run_until([&] { return PlayedResolver::comes(connection, 0); }));
    const Buffer reply = framed(whole_answer_to(read_query(connection)));
    REQUIRE(send(connection, reply.data(), reply.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(reply.size()));
    std::this_thread::sleep_for(patience);  // as where others keep the processor
    client.loop->run_once(0ms);
    CHECK_FALSE(resolver.has_query());  // it is not asked again
    CHECK(client.has_reply(asked));
    close(connection);
  }

  TEST_CASE("Where TCP is silent, that is what is known, at a deadline as well as in the end") {
    const PlayedResolver resolver;
    RelayClient client({resolver.address()}, 10ms, 300ms);
    const auto ticket = client.ask(asked);
    Peer from;
    const Buffer query = resolver.query(from);
    REQUIRE_FALSE(query.empty());
    resolver.reply(with_tc(answer_to(query)), from);
    const std::string wanted =
        "the resolver " + resolver.address().to_text() + " cut its reply, and has not answered over TCP";
    for (const bool was_given_up : {false, true}) {
      INFO(was_given_up);
      if (was_given_up) REQUIRE(client.run_until([&] { return resolver.has_query(); }));
      const FailedAnswer so_far = client.failure_so_far(ticket);
      CHECK(so_far.fault == LookupFault::Timeout);
      CHECK(so_far.reason == wanted);
    }
    client.cancel(ticket);
  }

  TEST_CASE("Where it cannot even be read, and there is no TCP, both are said") {
    const PlayedResolver resolver(false);
    RelayClient client({resolver.address()}, 1h);
    const auto ticket = client.ask(asked);
    Peer from;
    const Buffer query = resolver.query(from);
    REQUIRE_FALSE(query.empty());
    resolver.reply(with_tc(answer_to(query, {0})), from);
    const auto reason = [&] { return client.failure_so_far(ticket).reason; };
    CHECK(client.run_until([&] { return has(reason(), " sent what cannot be read: "); }));
    CHECK(has(reason(), ", and cannot be connected to: Connection refused"));
    client.cancel(ticket);
  }
}
