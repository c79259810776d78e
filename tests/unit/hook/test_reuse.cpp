#include <doctest/doctest.h>

#include "support.hpp"

using namespace hook_test;
using danelaw::Fault;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::Mode;
using danelaw::verify::Plan;

namespace {

const Service second{"alias.example", 8443, danelaw::tlsa::Transport::Tcp};

/// The right record for each service.
std::shared_ptr<Source> by_service() {
  return std::make_shared<Source>([](const Source::Asked& asked) {
    const pki::Identity& identity = asked.service == second ? peers().leaf : peers().self_signed;
    return danelaw::verify::ready(plan_for(identity, asked.policy, asked.service));
  });
}

int events_seen = 0;
void count_event(const SSL*, int where, int) {
  events_seen += where == SSL_CB_HANDSHAKE_START || where == SSL_CB_HANDSHAKE_DONE ? 1 : 0;
}

/// Sets a session when the handshake starts: too late to be looked at, if we had looked before.
SSL_SESSION* session_to_set = nullptr;
void set_session(const SSL* ssl, int where, int) {
  if (where == SSL_CB_HANDSHAKE_START) SSL_set_session(const_cast<SSL*>(ssl), session_to_set);
}

using InfoCallback = void (*)(const SSL*, int, int);
InfoCallback wrapped = nullptr;
int wrapper_calls = 0;
void wrap(const SSL* ssl, int where, int ret) {
  ++wrapper_calls;
  if (wrapped != nullptr) wrapped(ssl, where, ret);
}

Ctx renegotiating_server() {
  Ctx server = server_context(peers().leaf, TLS1_2_VERSION);
  SSL_CTX_set_options(server.get(), SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
  return server;
}

/// Both sides go on until the renegotiation that one of them wants is over. False where the client has failed.
bool finish_renegotiation(Pair& pair) {
  for (int step = 0; step < 20; ++step) {
    char octet = 0;
    const int server_reads = SSL_peek(pair.server(), &octet, 1);
    const int client_reads = SSL_peek(pair.client(), &octet, 1);
    if (client_reads <= 0 && SSL_get_error(pair.client(), client_reads) != SSL_ERROR_WANT_READ) return false;
    if (server_reads > 0) return false;
  }
  return !SSL_in_init(pair.client());
}

}  // namespace

TEST_SUITE("one SSL, several services") {
  TEST_CASE("decision 0006: a cleared SSL takes another service, and nothing of the old one stays") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx first_server = server_context(peers().self_signed, version.number);
      const Ctx second_server = server_context(peers().leaf, version.number);
      Client client(version.number);
      client.attach(by_service());
      const Ssl ssl = named(client);
      REQUIRE(connects(ssl.get(), first_server.get()));
      CHECK(in_words(ssl.get()) == "authenticated (matched)");

      REQUIRE(SSL_clear(ssl.get()) == 1);
      REQUIRE(danelaw::hook::set_service(ssl.get(), second).ok());
      CHECK(in_words(ssl.get()) == "none");
      Pair pair(ssl.get(), second_server.get());
      REQUIRE(pair.handshake());
      CHECK(seen_server_name(pair) == "alias.example");
      CHECK(SSL_session_reused(ssl.get()) == 0);
      CHECK(danelaw::hook::verdict(ssl.get())->plan->service == second);
      CHECK(in_words(ssl.get()) == "authenticated (matched)");

      // The first server is not the second service, though it was good a moment ago.
      pair.close();
      REQUIRE(SSL_clear(ssl.get()) == 1);
      CHECK_FALSE(connects(ssl.get(), first_server.get()));
      CHECK(in_words(ssl.get()) == "rejected (no-match)");
      errors();
    }
  }

  TEST_CASE(
      "decision 0006: a cleared SSL keeps its service, and asks again where the plan has expired or failed") {
    const Ctx server = server_context(peers().leaf);
    EpochSeconds now = 1000;
    SharedPlan plan = plan_with(records_for(peers().leaf), {}, www, [](Plan& p) { p.expires = 2000; });
    Client client;
    client.settings.clock = [&] { return now; };
    const auto source = std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); });
    client.attach(source);
    const Ssl ssl = named(client);
    const auto reconnects = [&] {
      const bool connected = connects(ssl.get(), server.get());
      SSL_clear(ssl.get());
      errors();
      return connected;
    };
    CHECK(reconnects());
    CHECK(reconnects());
    CHECK(source->asked().size() == 1);
    now = 2000;
    plan = plan_with(TlsaOutcome());
    CHECK_FALSE(reconnects());
    CHECK(source->asked().size() == 2);
    plan = plan_for(peers().leaf);
    CHECK(reconnects());
    CHECK(source->asked().size() == 3);
    Pair begun(ssl.get(), server.get());
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
    begun.step_client();
    CHECK(in_words(ssl.get()) == "none");
  }

  TEST_CASE("decision 0006: a plan that expires at once is good for the handshake it was fetched for") {
    const Ctx server = server_context(peers().leaf);
    const auto plan = plan_with(records_for(peers().leaf), {}, www, [](Plan& p) { p.expires = 1000; });
    Client client;
    client.settings.clock = [] { return EpochSeconds(1000); };
    const auto source = at_once(plan);
    client.attach(source);
    const Ssl ssl = named(client);
    CHECK(connects(ssl.get(), server.get()));
    CHECK(source->asked().size() == 1);
  }

  TEST_CASE("decision 0006: SSL_dup() takes the service along, and each copy has its own state") {
    const Ctx server = server_context(peers().self_signed);
    Client client;
    client.attach(by_service());
    const Ssl ssl = named(client);
    SSL_set_connect_state(ssl.get());
    Ssl copy(SSL_dup(ssl.get()));
    REQUIRE(copy != nullptr);
    REQUIRE(copy.get() != ssl.get());
    CHECK(connects(copy.get(), server.get()));
    CHECK(in_words(copy.get()) == "authenticated (matched)");
    CHECK(in_words(ssl.get()) == "none");
    copy.reset();
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }

  TEST_CASE("decision 0006: an SSL that is moved to another attached SSL_CTX keeps what it was named under") {
    const Ctx server = server_context(peers().self_signed);
    Client other;
    other.settings.policy.mode = Mode::Off;
    other.attach(nullptr);
    auto client = std::make_unique<Client>();
    client->settings.on_verdict = [](SSL*, const danelaw::verify::Verdict&) {};
    client->attach(by_service());
    SSL_CTX_sess_set_new_cb(client->ctx(), nullptr);
    const Ssl ssl = named(*client);
    SSL_set_SSL_CTX(ssl.get(), other.ctx());
    client.reset();
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "authenticated (matched)");

    // From the next service on the new SSL_CTX's settings hold.
    SSL_clear(ssl.get());
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "not-applicable (not-asked)");
    errors();
  }

  TEST_CASE("decision 0006: a policy of its own holds for the SSL, also where the lookup runs already") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    const auto source = std::make_shared<Source>([](const Source::Asked& asked) {
      return danelaw::verify::ready(plan_with(TlsaOutcome(SecureAbsent{}), asked.policy, asked.service));
    });
    client.attach(source);
    const Policy mandatory{.mode = Mode::Mandatory};
    const Ssl before = client.ssl();
    REQUIRE(danelaw::hook::configure(before.get(), {.policy = mandatory}).ok());
    REQUIRE(danelaw::hook::set_service(before.get(), www).ok());
    CHECK_FALSE(connects(before.get(), server.get()));
    const Ssl after = named(client);
    REQUIRE(danelaw::hook::configure(after.get(), {.policy = mandatory}).ok());
    CHECK(source->asked().back().policy == mandatory);
    CHECK_FALSE(connects(after.get(), server.get()));
    const Ssl other = named(client);
    CHECK(connects(other.get(), server.get()));
    errors();
  }
}

TEST_SUITE("the application's info callback") {
  TEST_CASE("decision 0012: it is called as ever, whether it was set on the SSL_CTX or on the SSL") {
    const Ctx server = server_context(peers().leaf);
    enum class Where { ContextBefore, ContextAfter, Ssl };
    for (const Where where : {Where::ContextBefore, Where::ContextAfter, Where::Ssl}) {
      INFO(static_cast<int>(where));
      Client client;
      if (where == Where::ContextBefore) SSL_CTX_set_info_callback(client.ctx(), count_event);
      client.attach(at_once(plan_for(peers().leaf)));
      if (where == Where::ContextAfter) SSL_CTX_set_info_callback(client.ctx(), count_event);
      const Ssl ssl = client.ssl();
      if (where == Where::Ssl) SSL_set_info_callback(ssl.get(), count_event);
      REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
      events_seen = 0;
      CHECK(connects(ssl.get(), server.get()));
      CHECK(events_seen == 2);
      CHECK(in_words(ssl.get()) == "authenticated (matched)");
    }
  }

  TEST_CASE("decision 0006: a session that it sets when the handshake starts is looked at as any other") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    SharedPlan plan = plan_for(peers().leaf);
    client.attach(std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); }));
    REQUIRE(connects(named(client).get(), server.get()));
    const Session session = std::move(client.sessions.back());
    session_to_set = session.get();
    plan = plan_for(peers().renewed);
    const Ssl ssl = client.ssl();
    SSL_set_info_callback(ssl.get(), set_session);
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(SSL_session_reused(ssl.get()) == 0);
    errors();
  }

  TEST_CASE("decision 0012: one that calls ours in its turn does not go round in circles") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    wrapped = SSL_get_info_callback(ssl.get());
    SSL_set_info_callback(ssl.get(), wrap);
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
    SSL_clear(ssl.get());
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    wrapper_calls = 0;
    CHECK(connects(ssl.get(), server.get()));
    CHECK(wrapper_calls > 0);
    CHECK(in_words(ssl.get()) == "authenticated (resumed)");
  }
}

TEST_SUITE("RFC 5246 section 7.4.1: renegotiation") {
  TEST_CASE("R6698-4.1d: a peer that shows another certificate in a renegotiation is judged again") {
    const Ctx server = renegotiating_server();
    Client client(TLS1_2_VERSION);
    client.attach(at_once(plan_for(peers().leaf)));
    for (const bool same : {true, false}) {
      INFO(same);
      const Ssl ssl = named(client);
      const int verdicts = client.verdicts;
      Pair pair(ssl.get(), server.get());
      REQUIRE(pair.handshake());
      REQUIRE(pair.exchange());
      if (!same) {
        SSL_use_certificate(pair.server(), peers().renewed.certificate.get());
        SSL_use_PrivateKey(pair.server(), peers().renewed.key.get());
      }
      REQUIRE(SSL_renegotiate(ssl.get()) == 1);
      CHECK(finish_renegotiation(pair) == same);
      CHECK(pair.exchange() == same);
      CHECK(client.verdicts == verdicts + 2);
      CHECK(in_words(ssl.get()) == (same ? "authenticated (matched)" : "rejected (no-match)"));
      errors();
    }
  }

  TEST_CASE("decision 0006: a renegotiation that resumes stands while the tag is good, and not after") {
    for (const EpochSeconds later : {1999, 2000}) {
      INFO(later);
      const Ctx server = renegotiating_server();
      EpochSeconds now = 1000;
      Client client(TLS1_2_VERSION);
      client.settings.clock = [&] { return now; };
      EpochSeconds expires = 2000;
      client.attach(std::make_shared<Source>([&](const auto&) {
        return danelaw::verify::ready(
            plan_with(records_for(peers().leaf), {}, www, [&](Plan& plan) { plan.expires = expires; }));
      }));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      REQUIRE(pair.handshake());
      REQUIRE(pair.exchange());
      now = later;
      expires = 9000;
      REQUIRE(SSL_renegotiate_abbreviated(ssl.get()) == 1);
      finish_renegotiation(pair);
      REQUIRE(SSL_session_reused(ssl.get()) == 1);
      CHECK(pair.exchange() == (later < 2000));
      CHECK(in_words(ssl.get()) == (later < 2000 ? "authenticated (resumed)" : "undecided (hook-bypassed)"));
      errors();
    }
  }

  TEST_CASE("decision 0012: a HelloRequest is followed, or ignored without harm") {
    for (const bool follow : {true, false}) {
      INFO(follow);
      const Ctx server = renegotiating_server();
      Client client(TLS1_2_VERSION);
      client.attach(at_once(plan_for(peers().leaf)));
      const Ssl ssl = named(client);
      if (!follow) SSL_set_options(ssl.get(), SSL_OP_NO_RENEGOTIATION);
      Pair pair(ssl.get(), server.get());
      REQUIRE(pair.handshake());
      REQUIRE(pair.exchange());
      REQUIRE(SSL_renegotiate(pair.server()) == 1);
      pair.step_server();
      char octet = 'x';
      if (follow) CHECK(finish_renegotiation(pair));
      CHECK(SSL_peek(ssl.get(), &octet, 1) <= 0);
      CHECK(client.verdicts == (follow ? 2 : 1));
      CHECK(in_words(ssl.get()) == (follow ? "authenticated (resumed)" : "authenticated (matched)"));
      CHECK(SSL_get_shutdown(ssl.get()) == 0);
      CHECK(SSL_write(ssl.get(), &octet, 1) == 1);
      errors();
    }
  }
}
