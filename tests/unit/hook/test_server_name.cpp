#include <doctest/doctest.h>

#include "support.hpp"

using namespace hook_test;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::Plan;
using danelaw::verify::Profile;

namespace {

SharedPlan plan_under(const std::string& base_domain, const pki::Identity& identity) {
  return plan_with(records_for(identity), {}, www, [&](Plan& plan) {
    plan.base_domain = base_domain;
    plan.reference_identifiers = {base_domain, www.host};
  });
}

/// The first name to verify, or the address.
std::string name_to_verify(SSL* ssl) {
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  if (const char* host = X509_VERIFY_PARAM_get0_host(param, 0)) return host;
  char* address = X509_VERIFY_PARAM_get1_ip_asc(param);
  const std::string text = address == nullptr ? "" : address;
  OPENSSL_free(address);
  return text;
}

const Service by_address{"192.0.2.1", 443, danelaw::tlsa::Transport::Tcp};

}  // namespace

TEST_SUITE("RFC 7671 sections 3 and 7: SNI and the TLSA base domain") {
  TEST_CASE("R7671-3a: SNI carries the TLSA base domain, which the handshake waits for") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      const auto promise = std::make_shared<Promise>();
      Client client(version.number);
      const auto source = std::make_shared<Source>([&](const auto&) { return promise; });
      client.attach(source);
      const Ssl ssl = named(client);
      CHECK(std::string(SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name)) == "www.example");

      const Later later(std::chrono::milliseconds(20),
                        [&] { promise->deliver(plan_under("alias.example", peers().leaf)); });
      Pair pair(ssl.get(), server.get());
      CHECK(pair.handshake());
      CHECK(seen_server_name(pair) == "alias.example");
      CHECK(in_words(ssl.get()) == "authenticated (matched)");
      REQUIRE(source->asked().size() == 1);
      CHECK(source->asked()[0].candidates == Candidates::FollowAliases);
    }
  }

  TEST_CASE("R7671-3a: a trailing dot and upper case are not sent") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_under("ALIAS.example.", peers().leaf)));
    const Ssl ssl = named(client);
    Pair pair(ssl.get(), server.get());
    CHECK(pair.handshake());
    CHECK(seen_server_name(pair) == "alias.example");
  }

  TEST_CASE("R7671-3a: an address is never sent as SNI, and nobody is asked about it") {
    for (const char* address : {"192.0.2.1", "2001:db8::1", "fe80::1%eth0"}) {
      INFO(address);
      const Ctx server = server_context(peers().leaf);
      Client client;
      const auto source = at_once(nullptr);
      client.attach(source);
      const Ssl ssl = named(client, {address, 443, danelaw::tlsa::Transport::Tcp});
      CHECK(SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name) == nullptr);
      Pair pair(ssl.get(), server.get());
      CHECK_FALSE(pair.handshake());
      CHECK(seen_server_name(pair) == "");
      CHECK(SSL_get_verify_result(ssl.get()) == X509_V_ERR_IP_ADDRESS_MISMATCH);
      CHECK(in_words(ssl.get()) == "not-applicable (not-asked)");
      CHECK(source->asked().empty());
      errors();
    }
  }

  TEST_CASE("R7671-7a: a plan whose base domain is not the SNI that was sent is a failed lookup") {
    // The source settles one base domain and then delivers a plan for another.
    for (const std::string told : {"alias.example", "", "192.0.2.1", "no name", "www.example"}) {
      INFO(told);
      const Ctx server = server_context(peers().leaf);
      const auto promise = std::make_shared<Promise>();
      promise->settle(told);
      promise->deliver(plan_under("other.example", peers().leaf));
      Client client;
      client.attach(std::make_shared<Source>([&](const auto&) { return promise; }));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      CHECK_FALSE(pair.handshake());
      CHECK(seen_server_name(pair) == (told == "alias.example" ? "alias.example" : "www.example"));
      CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
      errors();
    }
  }

  TEST_CASE(
      "R6698-4.1f: a source's failed lookup is a failure under the connection's policy, not under its own") {
    const Policy lax{.mode = danelaw::verify::Mode::Off,
                     .lookup_errors = danelaw::verify::LookupErrors::InsecureIgnore};
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_with(danelaw::tlsa::TlsaOutcome(), lax)));
    const Ssl ssl = named(client);
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
    errors();
  }

  TEST_CASE("R6698-4.1f: a plan for another service or policy is a failed lookup") {
    const Service other{"www.example", 8443, danelaw::tlsa::Transport::Tcp};
    const Policy lax{.lookup_errors = danelaw::verify::LookupErrors::InsecureIgnore};
    for (const SharedPlan& plan : {plan_for(peers().leaf, {}, other), plan_for(peers().leaf, lax)}) {
      const Ctx server = server_context(peers().leaf);
      Client client;
      client.attach(at_once(plan));
      const Ssl ssl = named(client);
      CHECK_FALSE(connects(ssl.get(), server.get()));
      CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
      errors();
    }
  }

  TEST_CASE("decision 0011: an event-driven handshake takes the base domain that is known, and no other") {
    const Ctx server = server_context(peers().leaf);
    for (const bool settled : {true, false}) {
      INFO(settled);
      Client client;
      client.settings.waiting = danelaw::hook::Waiting::Retry;
      const auto source = std::make_shared<Source>([&](const Source::Asked& asked) {
        const auto promise = std::make_shared<Promise>();
        const bool follow = asked.candidates == Candidates::FollowAliases;
        if (follow && !settled) return promise;
        promise->deliver(plan_under(follow ? "alias.example" : "www.example", peers().leaf));
        return promise;
      });
      client.attach(source);
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      CHECK(pair.handshake());
      CHECK(seen_server_name(pair) == (settled ? "alias.example" : "www.example"));
      CHECK(in_words(ssl.get()) == "authenticated (matched)");
      const auto asked = source->asked();
      REQUIRE(asked.size() == (settled ? 1 : 2));
      CHECK(asked.back().candidates == (settled ? Candidates::FollowAliases : Candidates::HostOnly));
    }
  }

  TEST_CASE("decision 0011: a source that follows aliases where SNI is out already is not believed") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.waiting = danelaw::hook::Waiting::Retry;
    client.attach(std::make_shared<Source>([&](const Source::Asked& asked) {
      const auto promise = std::make_shared<Promise>();
      if (asked.candidates == Candidates::HostOnly)
        promise->deliver(plan_under("alias.example", peers().leaf));
      return promise;
    }));
    const Ssl ssl = named(client);
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
    errors();
  }

  TEST_CASE("decision 0012: under mode off the application's own SNI stays") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.policy.mode = danelaw::verify::Mode::Off;
    client.attach(nullptr);
    const Ssl ssl = named(client);
    char own[] = "own.example";
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, own);
    Pair pair(ssl.get(), server.get());
    CHECK(pair.handshake());
    CHECK(seen_server_name(pair) == "own.example");
  }

  TEST_CASE("R7671-7c: the plan that an application hands over names SNI") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(nullptr);
    const Ssl ssl = client.ssl();
    REQUIRE(danelaw::hook::set_plan(ssl.get(), plan_under("alias.example", peers().leaf)).ok());
    Pair pair(ssl.get(), server.get());
    CHECK(pair.handshake());
    CHECK(seen_server_name(pair) == "alias.example");
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }

  TEST_CASE("R7671-7c: a name to verify is set where the application set none, and only then") {
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    CHECK(name_to_verify(named(client).get()) == "www.example");
    CHECK(name_to_verify(named(client, by_address).get()) == "192.0.2.1");

    const Ssl by_name = client.ssl();
    SSL_set1_host(by_name.get(), "own.example");
    REQUIRE(danelaw::hook::set_service(by_name.get(), www).ok());
    CHECK(name_to_verify(by_name.get()) == "own.example");

    Client mail;
    mail.settings.policy.profile = Profile::Smtp;
    mail.attach(at_once(plan_for(peers().leaf)));
    CHECK(name_to_verify(named(mail).get()) == "");
  }

  TEST_CASE(
      "R7671-7c: naming another service takes back the names that we set, and none of the application's") {
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    X509_VERIFY_PARAM_add1_host(SSL_get0_param(ssl.get()), "added.example", 0);
    REQUIRE(
        danelaw::hook::set_service(ssl.get(), {"second.example", 443, danelaw::tlsa::Transport::Tcp}).ok());
    CHECK(name_to_verify(ssl.get()) == "added.example");
    CHECK(X509_VERIFY_PARAM_get0_host(SSL_get0_param(ssl.get()), 1) == nullptr);
    CHECK(std::string(SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name)) == "second.example");

    const Ssl moving = named(client);
    REQUIRE(danelaw::hook::set_service(moving.get(), by_address).ok());
    CHECK(name_to_verify(moving.get()) == "192.0.2.1");
    CHECK(SSL_get_servername(moving.get(), TLSEXT_NAMETYPE_host_name) == nullptr);
    REQUIRE(danelaw::hook::set_service(moving.get(), www).ok());
    CHECK(name_to_verify(moving.get()) == "www.example");
  }
}
