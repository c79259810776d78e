#include <doctest/doctest.h>

#include "support.hpp"

using namespace hook_test;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::Mode;
using danelaw::verify::Profile;

namespace {

int always_accept(X509_STORE_CTX* ctx, void*) {
  X509_STORE_CTX_set_error(ctx, X509_V_OK);
  return 1;
}

void ignore_info(const SSL*, int, int) {}

/// Nothing can be read or written, whatever the peer has sent.
bool is_dead(Pair& pair) {
  char octet = 'x';
  SSL_write(pair.server(), &octet, 1);
  const bool reads = SSL_read(pair.client(), &octet, 1) > 0 || SSL_peek(pair.client(), &octet, 1) > 0;
  const bool writes = SSL_write(pair.client(), &octet, 1) > 0;
  const bool arrives = SSL_read(pair.server(), &octet, 1) > 0;
  return !reads && !writes && !arrives;
}

unsigned psk_of_client(SSL*, const char*, char* identity, unsigned, unsigned char* psk, unsigned octets) {
  const std::string name = "client";
  name.copy(identity, name.size() + 1);
  identity[name.size()] = '\0';
  std::fill_n(psk, 16, std::uint8_t{7});
  return octets < 16 ? 0 : 16;
}
unsigned psk_of_server(SSL*, const char*, unsigned char* psk, unsigned octets) {
  std::fill_n(psk, 16, std::uint8_t{7});
  return octets < 16 ? 0 : 16;
}

SharedPlan absent(const Policy& policy = {}) { return plan_with(TlsaOutcome(SecureAbsent{}), policy); }

}  // namespace

TEST_SUITE("decision 0012: a handshake that kept us from verifying does not stand") {
  TEST_CASE("decision 0012: a verify callback that was set after ours ends the connection") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().self_signed, version.number);
      Client client(version.number);
      client.attach(at_once(plan_for(peers().self_signed)));  // it would even match
      SSL_CTX_set_cert_verify_callback(client.ctx(), always_accept, nullptr);
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      pair.handshake();
      CHECK(is_dead(pair));
      CHECK(in_words(ssl.get()) == "undecided (hook-bypassed)");
      CHECK(SSL_get_verify_result(ssl.get()) == X509_V_ERR_APPLICATION_VERIFICATION);
      CHECK_FALSE(danelaw::hook::verdict(ssl.get())->accept);
      CHECK(client.verdicts == 1);
      errors();

      // What was kept from us is not tagged, so it cannot be resumed either.
      if (!client.sessions.empty()) {
        SSL_CTX_set_cert_verify_callback(client.ctx(), nullptr, nullptr);
        const Ssl again = named(client);
        SSL_set_session(again.get(), client.sessions.back().get());
        Pair second(again.get(), server.get());
        second.handshake();
        CHECK(SSL_session_reused(again.get()) == 0);
        errors();
      }
    }
  }

  TEST_CASE("decision 0012: a connection that was ended is not revived by a renegotiation") {
    const Ctx server = server_context(peers().self_signed, TLS1_2_VERSION);
    Client client(TLS1_2_VERSION);
    client.attach(at_once(plan_for(peers().self_signed)));
    SSL_CTX_set_cert_verify_callback(client.ctx(), always_accept, nullptr);
    const Ssl ssl = named(client);
    Pair pair(ssl.get(), server.get());
    pair.handshake();
    SSL_renegotiate(ssl.get());
    CHECK(pair.step_client() == SSL_ERROR_SSL);
    CHECK(is_dead(pair));
    errors();
  }

  TEST_CASE(
      "decision 0012: an info callback that replaced ours fails the handshake before anything is sent") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Client client(version.number);
      client.attach(at_once(plan_for(peers().leaf)));
      const Ssl ssl = named(client);
      SSL_set_info_callback(ssl.get(), ignore_info);
      Pair pair(ssl.get(), server.get());
      CHECK(pair.step_client() == SSL_ERROR_SSL);
      CHECK(BIO_pending(SSL_get_rbio(pair.server())) <= 7);  // at most the alert
      CHECK(in_words(ssl.get()) == "undecided (hook-bypassed)");
      CHECK(client.verdicts == 1);
      errors();
    }
  }

  TEST_CASE("decision 0012: what prepared one handshake does not stand for the next") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Client client(version.number);
      client.attach(at_once(plan_for(peers().leaf)));
      const Ssl ssl = named(client);
      {
        Pair cut_off(ssl.get(), server.get());
        CHECK(cut_off.step_client() == SSL_ERROR_WANT_READ);
      }
      SSL_clear(ssl.get());
      SSL_set_info_callback(ssl.get(), ignore_info);
      Pair pair(ssl.get(), server.get());
      CHECK(pair.step_client() == SSL_ERROR_SSL);
      CHECK(in_words(ssl.get()) == "undecided (hook-bypassed)");
      errors();
    }
  }

  TEST_CASE("decision 0012: a HelloRetryRequest is part of the handshake that was prepared") {
    const Ctx server = server_context(peers().leaf, TLS1_3_VERSION);
    SSL_CTX_set1_groups_list(server.get(), "P-384");
    Client client(TLS1_3_VERSION);
    SSL_CTX_set1_groups_list(client.ctx(), "X25519:P-384");
    const auto source = at_once(plan_for(peers().leaf));
    client.attach(source);
    const Ssl ssl = named(client);
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
    CHECK(source->asked().size() == 1);

    const Ssl again = named(client);
    SSL_set_session(again.get(), client.sessions.back().get());
    CHECK(connects(again.get(), server.get()));
    CHECK(in_words(again.get()) == "authenticated (resumed)");
  }

  TEST_CASE("decision 0012: where DANE does not apply a replaced verify callback does no harm") {
    for (const Version& version : versions) {
      for (const SharedPlan& plan : {absent(), absent({.mode = Mode::Off})}) {
        INFO(version.what << ", mode " << to_string(plan->policy.mode));
        const Ctx server = server_context(peers().leaf, version.number);
        Client client(version.number);
        client.settings.policy = plan->policy;
        client.attach(at_once(plan));
        SSL_CTX_set_cert_verify_callback(client.ctx(), always_accept, nullptr);
        const Ssl ssl = named(client);
        CHECK(connects(ssl.get(), server.get()));
        CHECK(in_words(ssl.get()).starts_with("not-applicable"));
        CHECK(errors().empty());
      }
    }
  }

  TEST_CASE("decision 0012: an SSL that is moved to an SSL_CTX without us is noticed") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Client client(version.number);
      client.attach(at_once(plan_for(peers().self_signed)));
      const Client other(version.number);
      const Ssl ssl = named(client);
      SSL_set_SSL_CTX(ssl.get(), other.ctx());
      Pair pair(ssl.get(), server.get());
      pair.handshake();
      CHECK(is_dead(pair));
      CHECK(in_words(ssl.get()) == "undecided (hook-bypassed)");
      errors();
    }
  }

  TEST_CASE("decision 0012: under mandatory mode an unnamed SSL whose info callback is not ours is refused") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.policy.mode = Mode::Mandatory;
    client.attach(nullptr);
    const Ssl ssl = client.ssl();
    SSL_set_info_callback(ssl.get(), ignore_info);
    Pair pair(ssl.get(), server.get());
    CHECK(pair.step_client() == SSL_ERROR_SSL);
    errors();

    Client lenient;
    lenient.attach(nullptr);
    const Ssl harmless = lenient.ssl();
    SSL_set_info_callback(harmless.get(), ignore_info);
    CHECK(connects(harmless.get(), server.get()));
  }

  TEST_CASE("decision 0012: under mode off an info callback that replaced ours does no harm") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.policy.mode = Mode::Off;
    client.attach(nullptr);
    const Ssl ssl = named(client);
    SSL_set_info_callback(ssl.get(), ignore_info);
    CHECK(connects(ssl.get(), server.get()));
    REQUIRE(danelaw::hook::verdict(ssl.get()) != nullptr);
    CHECK(evidence_name(*danelaw::hook::verdict(ssl.get())->plan) == "mode-off");
  }

  TEST_CASE("decision 0006: an unnamed SSL whose info callback is not ours offers no session of a service") {
    const Ctx server = server_context(peers().self_signed);
    Client client;
    client.attach(at_once(plan_for(peers().self_signed)));
    REQUIRE(connects(named(client).get(), server.get()));
    const Ssl ssl = client.ssl();
    SSL_set_info_callback(ssl.get(), ignore_info);
    SSL_set_session(ssl.get(), client.sessions.back().get());
    Pair pair(ssl.get(), server.get());
    CHECK(pair.step_client() == SSL_ERROR_SSL);
    errors();
  }

  TEST_CASE(
      "decision 0012: an SSL that is older than the attachment is verified only where our info callback "
      "ran") {
    for (const bool replaced : {false, true}) {
      INFO(replaced);
      const Ctx server = server_context(peers().leaf);
      Client client;
      const Ssl ssl = client.ssl();
      client.attach(at_once(plan_for(peers().leaf)));
      REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
      if (replaced) SSL_set_info_callback(ssl.get(), ignore_info);
      CHECK(connects(ssl.get(), server.get()) == !replaced);
      CHECK(in_words(ssl.get()) == (replaced ? "undecided (hook-bypassed)" : "authenticated (matched)"));
      errors();
    }
  }
}

TEST_SUITE("RFC 7672 section 8: peers without a certificate") {
  TEST_CASE("R7672-8a: anonymous suites are not offered where a record must be matched") {
    const Ctx server = server_context(peers().leaf, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(server.get(), "ALL:@SECLEVEL=0");
    SSL_CTX_set_dh_auto(server.get(), 1);
    SSL_CTX_set_options(server.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_cipher_list(server.get(), "aNULL:ALL:@SECLEVEL=0");
    struct Row {
      const char* what;
      SharedPlan plan;
      bool anonymous;
      const char* verdict;
    };
    const Policy smtp{.profile = Profile::Smtp};
    const Row rows[] = {
        {"records", plan_for(peers().leaf, smtp), false, "authenticated (matched)"},
        {"absent", absent(smtp), true, "not-applicable (secure-absent)"},
        {"unusable", plan_with(TlsaOutcome(danelaw::tlsa::SecureUnusable{}), smtp), true,
         "not-applicable (no-usable-record)"},
    };
    for (const Row& row : rows) {
      INFO(row.what);
      Client client(TLS1_2_VERSION);
      SSL_CTX_set_cipher_list(client.ctx(), "aNULL:ALL:@SECLEVEL=0");
      client.settings.policy = smtp;
      client.attach(at_once(row.plan));
      const Ssl ssl = named(client);
      const int offered = sk_SSL_CIPHER_num(SSL_get_ciphers(ssl.get()));
      CHECK(connects(ssl.get(), server.get()));
      CHECK((SSL_get0_peer_certificate(ssl.get()) == nullptr) == row.anonymous);
      CHECK(in_words(ssl.get()) == row.verdict);
      CHECK(sk_SSL_CIPHER_num(SSL_get_ciphers(ssl.get())) == offered);  // given back
      CHECK(errors().empty());
    }
  }

  TEST_CASE("R7672-8a: where OpenSSL's own rules offer none the application's list is not touched") {
    const Ctx server = server_context(peers().leaf, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(server.get(), "aNULL:ALL:@SECLEVEL=0");
    SSL_CTX_set_dh_auto(server.get(), 1);
    SSL_CTX_set_options(server.get(), SSL_OP_CIPHER_SERVER_PREFERENCE);
    const auto anything = [](const SSL*, const SSL_CTX*, int, int, int, void*, void*) { return 1; };
    for (const bool own_rules : {false, true}) {
      INFO(own_rules);
      Client client(TLS1_2_VERSION);
      SSL_CTX_set_cipher_list(client.ctx(), "aNULL:ALL:@SECLEVEL=1");
      if (own_rules) SSL_CTX_set_security_callback(client.ctx(), anything);
      static const STACK_OF(SSL_CIPHER)* seen = nullptr;
      client.settings.on_verdict = [](SSL* ssl, const auto&) { seen = SSL_get_ciphers(ssl); };
      client.attach(at_once(plan_for(peers().leaf)));
      const Ssl ssl = named(client);
      const STACK_OF(SSL_CIPHER)* before = SSL_get_ciphers(ssl.get());
      CHECK(connects(ssl.get(), server.get()));
      CHECK(SSL_get0_peer_certificate(ssl.get()) != nullptr);
      CHECK(in_words(ssl.get()) == "authenticated (matched)");
      CHECK((seen == before) == !own_rules);
    }
  }

  TEST_CASE("R7672-8a: anonymous suites come back for the next handshake, where it needs no certificate") {
    const Ctx server = server_context(peers().leaf, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(server.get(), "aNULL:@SECLEVEL=0");
    SSL_CTX_set_dh_auto(server.get(), 1);
    SharedPlan plan = plan_with(TlsaOutcome());
    Client client(TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(client.ctx(), "aNULL:ALL:@SECLEVEL=0");
    client.attach(std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); }));
    const Ssl ssl = named(client);
    CHECK_FALSE(connects(ssl.get(), server.get()));  // no suite in common
    errors();
    plan = absent();
    SSL_clear(ssl.get());
    CHECK(connects(ssl.get(), server.get()));
    CHECK(SSL_get0_peer_certificate(ssl.get()) == nullptr);
  }

  TEST_CASE("R7672-8a: an anonymous peer is no match: the connection is ended") {
    const Ctx server = server_context(peers().leaf, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(server.get(), "aNULL:@SECLEVEL=0");
    SSL_CTX_set_dh_auto(server.get(), 1);
    struct Row {
      SharedPlan plan;
      const char* verdict;
    };
    const Row rows[] = {{plan_for(peers().leaf), "rejected (no-certificate)"},
                        {absent({.mode = Mode::Mandatory}), "rejected (mandatory-without-dane)"},
                        {plan_with(TlsaOutcome()), "undecided (lookup-failed)"}};
    for (const Row& row : rows) {
      INFO(row.verdict);
      Client client(TLS1_2_VERSION);
      SSL_CTX_set_cipher_list(client.ctx(), "aNULL:@SECLEVEL=0");  // nothing would be left without them
      client.settings.policy = row.plan->policy;
      client.attach(at_once(row.plan));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      pair.handshake();
      CHECK(is_dead(pair));
      CHECK(in_words(ssl.get()) == row.verdict);
      CHECK(SSL_get_verify_result(ssl.get()) != X509_V_OK);
      errors();
    }
  }

  TEST_CASE("R7672-8a: a pre-shared key is no match either") {
    const Ctx server = server_context(peers().leaf, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(server.get(), "PSK");
    SSL_CTX_set_psk_server_callback(server.get(), psk_of_server);
    for (const bool must_match : {true, false}) {
      INFO(must_match);
      Client client(TLS1_2_VERSION);
      SSL_CTX_set_cipher_list(client.ctx(), "PSK");
      SSL_CTX_set_psk_client_callback(client.ctx(), psk_of_client);
      client.attach(at_once(must_match ? plan_for(peers().leaf) : absent()));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      REQUIRE(pair.handshake());
      if (must_match) {
        CHECK(is_dead(pair));
        CHECK(in_words(ssl.get()) == "rejected (no-certificate)");
      } else {
        CHECK(pair.exchange());
        CHECK(in_words(ssl.get()) == "not-applicable (secure-absent)");
      }
      errors();
    }
  }

  TEST_CASE("decision 0006: a session that comes in as an external key is held against its tag, too") {
    static SSL_SESSION* external = nullptr;
    const Ctx server = server_context(peers().leaf, TLS1_3_VERSION);
    Client client(TLS1_3_VERSION);
    SharedPlan plan = plan_for(peers().leaf);
    client.attach(std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); }));
    REQUIRE(connects(named(client).get(), server.get()));
    const Session session = std::move(client.sessions.back());
    external = session.get();
    SSL_CTX_set_psk_find_session_callback(server.get(),
                                          [](SSL*, const unsigned char*, std::size_t, SSL_SESSION** found) {
                                            SSL_SESSION_up_ref(external);
                                            *found = external;
                                            return 1;
                                          });
    SSL_CTX_set_psk_use_session_callback(client.ctx(), [](SSL*, const EVP_MD*, const unsigned char** id,
                                                          std::size_t* octets, SSL_SESSION** used) {
      static const unsigned char name[] = "identity";
      SSL_SESSION_up_ref(external);
      *used = external;
      *id = name;
      *octets = sizeof name;
      return 1;
    });

    const Ssl same = named(client);
    Pair resumed(same.get(), server.get());
    REQUIRE(resumed.handshake());
    REQUIRE(SSL_session_reused(same.get()) == 1);
    CHECK(in_words(same.get()) == "authenticated (resumed)");

    for (const SharedPlan& changed : {plan_for(peers().renewed), absent()}) {
      plan = changed;
      const Ssl rotated = named(client);
      Pair pair(rotated.get(), server.get());
      pair.handshake();
      REQUIRE(SSL_session_reused(rotated.get()) == 1);
      CHECK(is_dead(pair));
      CHECK(in_words(rotated.get()) == "undecided (hook-bypassed)");
      errors();
    }

    // Without a tag it was never ours: harmless where DANE does not apply, and no match where it does.
    SSL_SESSION_set1_ticket_appdata(session.get(), "", 0);
    CHECK(connects(named(client).get(), server.get()));
    plan = plan_for(peers().leaf);
    const Ssl untagged = named(client);
    Pair pair(untagged.get(), server.get());
    pair.handshake();
    CHECK(is_dead(pair));
    errors();
  }
}
