#include <doctest/doctest.h>

#include <poll.h>

#include "support.hpp"

using namespace hook_test;
using namespace std::chrono_literals;
using danelaw::hook::Waiting;

namespace {

using Clock = std::chrono::steady_clock;

std::shared_ptr<Source> pending(const std::shared_ptr<Promise>& promise,
                                std::chrono::milliseconds patience = 20s) {
  return std::make_shared<Source>([promise](const auto&) { return promise; }, patience);
}

/// Remembers until when it was waited for, and never has anything.
struct Recorder final : danelaw::verify::PendingPlan {
  std::optional<std::string> wait_for_base_domain(danelaw::Deadline until) override {
    return note(until), std::nullopt;
  }
  SharedPlan wait(danelaw::Deadline until) override { return note(until), nullptr; }
  int descriptor() override { return -1; }
  void note(danelaw::Deadline until) {
    if (until != danelaw::Deadline()) waits.push_back(until);  // that one does not wait
  }
  std::vector<danelaw::Deadline> waits;
};

bool is_readable(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  return poll(&waiting, 1, 0) == 1;
}

}  // namespace

TEST_SUITE("the lookup overlaps with the handshake, which waits for it, bounded") {
  TEST_CASE("decision 0011: the lookup starts when the service is named") {
    Client client;
    const auto promise = std::make_shared<Promise>();
    const auto source = pending(promise);
    client.attach(source);
    const Ssl ssl = named(client);
    REQUIRE(source->asked().size() == 1);
    CHECK(source->asked()[0].service == www);
    CHECK_FALSE(danelaw::hook::plan_is_ready(ssl.get()));
    CHECK(danelaw::hook::patience(ssl.get()) == 20s);
    promise->deliver(plan_for(peers().leaf));
    CHECK(danelaw::hook::plan_is_ready(ssl.get()));
    CHECK(danelaw::hook::patience(ssl.get()) == 0ms);
  }

  TEST_CASE("decision 0011: a blocking handshake waits for the plan in its verify callback") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().self_signed, version.number);
      const auto promise = std::make_shared<Promise>();
      promise->settle("www.example");
      Client client(version.number);
      client.attach(pending(promise));
      const Ssl ssl = named(client);
      const Later later(30ms, [&] { promise->deliver(plan_for(peers().self_signed)); });
      CHECK(connects(ssl.get(), server.get()));
      CHECK(in_words(ssl.get()) == "authenticated (matched)");
    }
  }

  TEST_CASE("R6698-4.1f: without a plan the handshake ends when the patience does") {
    for (const Version& version : versions) {
      for (const bool settled : {false, true}) {
        INFO(version.what << (settled ? ", base domain known" : ", nothing known"));
        const Ctx server = server_context(peers().leaf, version.number);
        const auto promise = std::make_shared<Promise>();
        if (settled) promise->settle("www.example");
        Client client(version.number);
        client.attach(pending(promise, 40ms));
        const Ssl ssl = named(client);
        const auto start = Clock::now();
        CHECK_FALSE(connects(ssl.get(), server.get()));
        CHECK(Clock::now() - start >= 40ms);
        CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
        CHECK(client.verdicts == 1);
        errors();
      }
    }
  }

  TEST_CASE(
      "R6698-4.1f: the patience is counted from the start of the handshake, over all its waits together") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      const auto recorder = std::make_shared<Recorder>();
      Client client(version.number);
      client.attach(std::make_shared<Source>([&](const auto&) { return recorder; }, 70ms));
      const Ssl ssl = named(client);
      const auto before = Clock::now();
      CHECK_FALSE(connects(ssl.get(), server.get()));
      const auto after = Clock::now();
      REQUIRE(recorder->waits.size() == 2);  // for the base domain, and for the plan
      CHECK(recorder->waits[0] == recorder->waits[1]);
      CHECK(recorder->waits[0] >= before + 70ms);
      CHECK(recorder->waits[0] <= after + 70ms);
      errors();
    }
  }

  TEST_CASE("decision 0011: an event-driven handshake is suspended and goes on when the descriptor says so") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().self_signed, version.number);
      const auto promise = std::make_shared<Promise>();
      promise->settle("www.example");
      Client client(version.number);
      client.settings.waiting = Waiting::Retry;
      client.attach(pending(promise));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      int error = SSL_ERROR_NONE;
      while ((error = pair.step_client()) == SSL_ERROR_WANT_READ) pair.step_server();
      REQUIRE(error == SSL_ERROR_WANT_RETRY_VERIFY);
      CHECK(pair.step_client() == SSL_ERROR_WANT_RETRY_VERIFY);
      CHECK(in_words(ssl.get()) == "none");
      CHECK(SSL_get_verify_result(ssl.get()) != X509_V_OK);
      CHECK(errors().empty());
      CHECK(danelaw::hook::patience(ssl.get()) > 10s);
      CHECK_FALSE(is_readable(danelaw::hook::descriptor(ssl.get())));

      promise->deliver(plan_for(peers().self_signed));
      CHECK(is_readable(danelaw::hook::descriptor(ssl.get())));
      CHECK(danelaw::hook::plan_is_ready(ssl.get()));
      CHECK(pair.handshake());
      CHECK(pair.exchange());
      CHECK(pair.suspended == 0);
      CHECK(in_words(ssl.get()) == "authenticated (matched)");
      CHECK(SSL_get_verify_result(ssl.get()) == X509_V_OK);
      CHECK(client.verdicts == 1);
      CHECK(errors().empty());
    }
  }

  TEST_CASE("decision 0011: a suspended handshake that is resumed is refused as any other") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      const auto promise = std::make_shared<Promise>();
      promise->settle("www.example");
      Client client(version.number);
      client.settings.waiting = Waiting::Retry;
      client.attach(pending(promise));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      int error = SSL_ERROR_NONE;
      while ((error = pair.step_client()) == SSL_ERROR_WANT_READ) pair.step_server();
      REQUIRE(error == SSL_ERROR_WANT_RETRY_VERIFY);
      promise->deliver(plan_for(peers().self_signed));
      CHECK_FALSE(pair.handshake());
      CHECK(in_words(ssl.get()) == "rejected (no-match)");
      CHECK(errors() == std::vector<std::string>{"certificate verify failed"});
    }
  }

  TEST_CASE("R6698-4.1f: a suspended handshake fails when the patience is over") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      const auto promise = std::make_shared<Promise>();
      promise->settle("www.example");
      Client client(version.number);
      client.settings.waiting = Waiting::Retry;
      client.attach(pending(promise, 30ms));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      CHECK_FALSE(pair.handshake());
      CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
      errors();
    }
  }

  TEST_CASE(
      "decision 0011: the descriptor that was polled before the handshake stays open when another search "
      "begins") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.waiting = Waiting::Retry;
    const auto source =
        std::make_shared<Source>([](const auto&) { return std::make_shared<Promise>(); }, 20ms);
    client.attach(source);
    const Ssl ssl = named(client);
    const int before = danelaw::hook::descriptor(ssl.get());
    Pair pair(ssl.get(), server.get());
    pair.step_client();
    CHECK(source->asked().size() == 2);
    CHECK(danelaw::hook::descriptor(ssl.get()) != before);
    pollfd polled{before, POLLIN, 0};
    CHECK(poll(&polled, 1, 0) == 0);  // not POLLNVAL
  }

  TEST_CASE("R6698-4.1f: a source that throws, or starts nothing, fails the handshake") {
    const Ctx server = server_context(peers().leaf);
    class Thrower final : public danelaw::verify::PendingPlan {
      std::optional<std::string> wait_for_base_domain(danelaw::Deadline) override { return "www.example"; }
      SharedPlan wait(danelaw::Deadline) override { throw 1; }
      int descriptor() override { return -1; }
    };
    const Source::Script scripts[] = {[](const auto&) { return nullptr; },
                                      [](const auto&) { return std::make_shared<Thrower>(); }};
    for (const Source::Script& script : scripts) {
      Client client;
      client.attach(std::make_shared<Source>(script));
      const Ssl ssl = named(client);
      CHECK_FALSE(connects(ssl.get(), server.get()));
      CHECK(in_words(ssl.get()).starts_with("undecided"));
      errors();
    }
  }

  TEST_CASE("R6698-4.1f: a plan that was handed over and has expired is a failed lookup") {
    const Ctx server = server_context(peers().leaf);
    const auto plan = plan_with(records_for(peers().leaf), {}, www, [](auto& p) { p.expires = 1000; });
    for (const EpochSeconds now : {999, 1000}) {
      Client client;
      client.settings.clock = [now] { return now; };
      client.attach(nullptr);
      const Ssl ssl = client.ssl();
      REQUIRE(danelaw::hook::set_plan(ssl.get(), plan).ok());
      CHECK(connects(ssl.get(), server.get()) == (now < 1000));
      errors();
    }
  }
}
