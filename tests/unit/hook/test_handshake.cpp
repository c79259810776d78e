#include <doctest/doctest.h>

#include <cerrno>

#include "hook/quiet_errors.hpp"
#include "support.hpp"

using namespace hook_test;
using danelaw::tlsa::Insecure;
using danelaw::tlsa::LookupError;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::DaneEeNames;
using danelaw::verify::Mode;
using danelaw::verify::NotAsked;
using danelaw::verify::Profile;

namespace {

struct Row {
  const char* what;
  const pki::Identity& server;
  SharedPlan plan;
  bool connects;
  const char* verdict;
  long verify_result;
};

std::vector<Row> rows() {
  const Peers& p = peers();
  const Policy mandatory{.mode = Mode::Mandatory};
  const Policy smtp{.profile = Profile::Smtp};
  const Policy rfc{.dane_ee_names = DaneEeNames::Skip};
  const auto error = TlsaOutcome(LookupError{danelaw::tlsa::LookupFault::Bogus, "bogus"});
  const auto unusable = TlsaOutcome(danelaw::tlsa::SecureUnusable{});
  return {
      {"3 1 1 matches a certificate that no CA vouches for", p.self_signed, plan_for(p.self_signed), true,
       "authenticated (matched)", X509_V_OK},
      {"2 1 1 matches the CA", p.leaf, plan_with(records_for(p.root, 2)), true, "authenticated (matched)",
       X509_V_OK},
      {"nothing matches, though a CA vouches for it", p.leaf, plan_for(p.self_signed), false,
       "rejected (no-match)", X509_V_ERR_DANE_NO_MATCH},
      {"3 1 1 matches, other name", p.other_name, plan_for(p.other_name), false,
       "rejected (dane-ee-name-mismatch)", X509_V_ERR_HOSTNAME_MISMATCH},
      {"3 1 1 matches, other name, names skipped", p.other_name, plan_for(p.other_name, rfc), true,
       "authenticated (matched)", X509_V_OK},
      {"absent, and the CA vouches", p.leaf, plan_with(TlsaOutcome(SecureAbsent{})), true,
       "not-applicable (secure-absent)", X509_V_OK},
      {"absent, and no CA vouches", p.self_signed, plan_with(TlsaOutcome(SecureAbsent{})), false,
       "not-applicable (secure-absent)", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
      {"absent, and the CA vouches for another name", p.other_name, plan_with(TlsaOutcome(SecureAbsent{})),
       false, "not-applicable (secure-absent)", X509_V_ERR_HOSTNAME_MISMATCH},
      {"insecure, and the CA vouches", p.leaf, plan_with(TlsaOutcome(Insecure{"unsigned"})), true,
       "not-applicable (insecure)", X509_V_OK},
      {"unusable, and the CA vouches", p.leaf, plan_with(unusable), true, "not-applicable (no-usable-record)",
       X509_V_OK},
      {"smtp, unusable, and no CA vouches", p.self_signed, plan_with(unusable, smtp), true,
       "not-applicable (no-usable-record)", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
      {"lookup failed, though the CA vouches", p.leaf, plan_with(error), false, "undecided (lookup-failed)",
       X509_V_ERR_APPLICATION_VERIFICATION},
      {"mandatory and absent", p.leaf, plan_with(TlsaOutcome(SecureAbsent{}), mandatory), false,
       "rejected (mandatory-without-dane)", X509_V_ERR_DANE_NO_MATCH},
      {"private name, and the CA vouches", p.leaf, plan_with(NotAsked{NotAsked::Why::PrivateName}), true,
       "not-applicable (not-asked)", X509_V_OK},
  };
}

}  // namespace

TEST_SUITE("RFC 6698 section 4.1: what the outcome makes of a handshake") {
  TEST_CASE(
      "R6698-4.1d: the outcome decides the handshake, and the host sees it as after an ordinary "
      "verification") {
    for (const Version& version : versions) {
      for (const Row& row : rows()) {
        INFO(version.what << ": " << row.what);
        const Ctx server = server_context(row.server, version.number);
        Client client(version.number);
        client.settings.policy = row.plan->policy;
        client.attach(at_once(row.plan));
        const Ssl ssl = named(client);

        CHECK(connects(ssl.get(), server.get()) == row.connects);
        CHECK(in_words(ssl.get()) == row.verdict);
        CHECK(SSL_get_verify_result(ssl.get()) == row.verify_result);
        CHECK(client.verdicts == 1);
        const std::vector<std::string> failed{"certificate verify failed"};
        CHECK(errors() == (row.connects ? std::vector<std::string>() : failed));
      }
    }
  }

  TEST_CASE("R6698-4.1d: a failed handshake looks the same as one that failed without us") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().self_signed, version.number);
      const Client plain(version.number);
      const Ssl without = plain.ssl();
      Pair plain_pair(without.get(), server.get());
      REQUIRE_FALSE(plain_pair.handshake());
      const int plain_error = SSL_get_error(without.get(), -1);
      const auto plain_errors = errors();

      Client client(version.number);
      client.attach(at_once(plan_for(peers().leaf)));
      const Ssl with = named(client);
      Pair pair(with.get(), server.get());
      REQUIRE_FALSE(pair.handshake());
      CHECK(SSL_get_error(with.get(), -1) == plain_error);
      CHECK(errors() == plain_errors);
    }
  }

  TEST_CASE("decision 0012: the built path and the peer's certificate are there for the host afterwards") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    CHECK(connects(ssl.get(), server.get()));
    CHECK(sk_X509_num(SSL_get0_verified_chain(ssl.get())) >= 1);
    CHECK(X509_cmp(SSL_get0_peer_certificate(ssl.get()), peers().leaf.certificate.get()) == 0);
    const danelaw::verify::Verdict* verdict = danelaw::hook::verdict(ssl.get());
    REQUIRE(verdict != nullptr);
    CHECK(verdict->plan->service == www);
    CHECK(verdict->accept);
    CHECK(sk_X509_num(verdict->presented.get()) == 2);
  }

  TEST_CASE(
      "decision 0012: an SSL without a service is verified as without us, and fails in mandatory mode") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      const Ctx strange = server_context(peers().self_signed, version.number);
      Client opportunistic(version.number);
      opportunistic.attach(at_once(plan_for(peers().self_signed)));
      const Ssl trusted = opportunistic.ssl();
      CHECK(connects(trusted.get(), server.get()));
      CHECK(in_words(trusted.get()) == "not-applicable (not-asked)");
      CHECK_FALSE(danelaw::hook::has_service(trusted.get()));
      const Ssl untrusted = opportunistic.ssl();
      CHECK_FALSE(connects(untrusted.get(), strange.get()));
      CHECK(SSL_get_verify_result(untrusted.get()) == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);

      Client mandatory(version.number);
      mandatory.settings.policy.mode = Mode::Mandatory;
      mandatory.attach(nullptr);
      const Ssl refused = mandatory.ssl();
      CHECK_FALSE(connects(refused.get(), server.get()));
      CHECK(in_words(refused.get()) == "rejected (mandatory-without-dane)");
      errors();
    }
  }

  TEST_CASE("decision 0012: mode off asks nobody and verifies as the application does") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.policy.mode = Mode::Off;
    const auto source = at_once(plan_for(peers().self_signed));
    client.attach(source);
    const Ssl ssl = named(client);
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "not-applicable (not-asked)");
    CHECK(source->asked().empty());
  }

  TEST_CASE("decision 0012: an application that does its own DANE on the SSL is left alone") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().self_signed, version.number);
      Client client(version.number);
      REQUIRE(SSL_CTX_dane_enable(client.ctx()) == 1);
      client.attach(at_once(plan_for(peers().leaf)));
      const auto record = pki::record_for(3, 1, 1, peers().self_signed.certificate.get());
      const Ssl ssl = named(client);
      REQUIRE(SSL_dane_enable(ssl.get(), "www.example") == 1);
      const auto data = record.association_data();
      REQUIRE(SSL_dane_tlsa_add(ssl.get(), 3, 1, 1, data.data(), data.size()) == 1);

      CHECK(connects(ssl.get(), server.get()));
      CHECK(in_words(ssl.get()) == "not-applicable (not-asked)");
      CHECK(SSL_get0_dane_authority(ssl.get(), nullptr, nullptr) == 0);
      CHECK(errors().empty());
    }
  }

  TEST_CASE("decision 0012: an SSL in the server's role is none of our business") {
    for (const Version& version : versions) {
      INFO(version.what);
      Client settings;
      settings.settings.policy.mode = Mode::Mandatory;
      const Ctx server = server_context(peers().leaf, version.number);
      SSL_CTX_set_verify(server.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
      X509_STORE_add_cert(SSL_CTX_get_cert_store(server.get()), peers().root.certificate.get());
      REQUIRE(danelaw::hook::attach(server.get(), settings.settings).ok());

      for (const pki::Identity* shown : {&peers().renewed, &peers().self_signed}) {
        const Client plain(version.number);
        const Ssl ssl = plain.ssl();
        SSL_use_certificate(ssl.get(), shown->certificate.get());
        SSL_use_PrivateKey(ssl.get(), shown->key.get());
        Pair pair(ssl.get(), server.get());
        pair.handshake();
        CHECK(pair.exchange() == (shown == &peers().renewed));
        CHECK(danelaw::hook::verdict(pair.server()) == nullptr);
        errors();
      }
    }
  }

  TEST_CASE("decision 0012: a server that asks for no certificate is not made to ask") {
    for (const Version& version : versions) {
      INFO(version.what);
      Client settings;
      settings.settings.verify_none = danelaw::hook::VerifyNone::Enforce;
      const Ctx server = server_context(peers().leaf, version.number);
      REQUIRE(danelaw::hook::attach(server.get(), settings.settings).ok());
      const Client plain(version.number);
      const Ssl ssl = plain.ssl();
      SSL_use_certificate(ssl.get(), peers().renewed.certificate.get());
      SSL_use_PrivateKey(ssl.get(), peers().renewed.key.get());
      Pair pair(ssl.get(), server.get());
      CHECK(pair.handshake());
      CHECK(SSL_get0_peer_certificate(pair.server()) == nullptr);
    }
  }

  TEST_CASE("decision 0012: what OpenSSL and the system say while we work is not left to the host") {
    ERR_raise(ERR_LIB_USER, ERR_R_PASSED_INVALID_ARGUMENT);
    errno = EAGAIN;
    {
      const danelaw::QuietErrors quiet;
      ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
      errno = ENOENT;
    }
    CHECK(errno == EAGAIN);
    CHECK(errors() == std::vector<std::string>{"passed invalid argument"});
  }

  TEST_CASE(
      "R7673-4a: where the name to verify is ours, PKIX compares the plan's reference identifiers under "
      "srv") {
    const Policy srv{.profile = Profile::Srv};
    const auto unsigned_srv = plan_with(TlsaOutcome(Insecure{"SRV is unsigned"}), srv, www,
                                        [](auto& plan) { plan.reference_identifiers = {"other.example"}; });
    Client client;
    client.settings.policy = srv;
    client.attach(at_once(unsigned_srv));
    const Ctx target = server_context(peers().leaf);
    const Ctx domain = server_context(peers().other_name);
    for (const bool adds_a_host : {false, true}) {
      INFO(adds_a_host);
      const Ssl by_target = named(client);
      if (adds_a_host) SSL_add1_host(by_target.get(), "extra.example");
      CHECK_FALSE(connects(by_target.get(), target.get()));
      CHECK(SSL_get_verify_result(by_target.get()) == X509_V_ERR_HOSTNAME_MISMATCH);
    }
    const Ssl by_domain = named(client);
    CHECK(connects(by_domain.get(), domain.get()));
    errors();
  }

  TEST_CASE("decision 0012: an exception in the verdict callback fails the handshake and goes no further") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Client client(version.number);
      client.settings.on_verdict = [](SSL*, const danelaw::verify::Verdict&) { throw 42; };
      client.attach(at_once(plan_for(peers().leaf)));
      const Ssl ssl = named(client);
      CHECK_FALSE(connects(ssl.get(), server.get()));
      CHECK(in_words(ssl.get()) == "undecided (engine)");
      errors();
    }
  }

  TEST_CASE("decision 0012: such an exception at the end of a resumed handshake ends the connection") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Client client(version.number);
      client.settings.on_verdict = [](SSL* ssl, const danelaw::verify::Verdict&) {
        if (SSL_session_reused(ssl) == 1) throw 42;
      };
      client.attach(at_once(plan_for(peers().leaf)));
      REQUIRE(connects(named(client).get(), server.get()));
      const Ssl ssl = named(client);
      SSL_set_session(ssl.get(), client.sessions.back().get());
      CHECK_FALSE(connects(ssl.get(), server.get()));
      CHECK(SSL_session_reused(ssl.get()) == 1);
      CHECK(in_words(ssl.get()) == "undecided (engine)");
      CHECK(SSL_get_verify_result(ssl.get()) == X509_V_ERR_APPLICATION_VERIFICATION);
      errors();
    }
  }
}
