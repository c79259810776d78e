#include <doctest/doctest.h>

#include "support.hpp"

using namespace hook_test;
using danelaw::hook::VerifyNone;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::Mode;

namespace {

struct Row {
  const char* what;
  VerifyNone setting;
  const pki::Identity& server;
  SharedPlan plan;
  bool connects;
  const char* verdict;
  long verify_result;
};

std::vector<Row> rows() {
  const Peers& p = peers();
  const auto absent = plan_with(TlsaOutcome(SecureAbsent{}));
  const auto mandatory = plan_with(TlsaOutcome(SecureAbsent{}), {.mode = Mode::Mandatory});
  return {
      {"respected: a mismatch is seen, and goes on", VerifyNone::Respect, p.leaf, plan_for(p.renewed), true,
       "rejected (no-match)", X509_V_ERR_DANE_NO_MATCH},
      {"enforced: a mismatch fails", VerifyNone::Enforce, p.leaf, plan_for(p.renewed), false,
       "rejected (no-match)", X509_V_ERR_DANE_NO_MATCH},
      {"enforced: a match connects", VerifyNone::Enforce, p.self_signed, plan_for(p.self_signed), true,
       "authenticated (matched)", X509_V_OK},
      {"enforced: a failed lookup fails", VerifyNone::Enforce, p.leaf, plan_with(TlsaOutcome()), false,
       "undecided (lookup-failed)", X509_V_ERR_APPLICATION_VERIFICATION},
      {"enforced: mandatory fails", VerifyNone::Enforce, p.leaf, mandatory, false,
       "rejected (mandatory-without-dane)", X509_V_ERR_DANE_NO_MATCH},
      {"enforced: without DANE the application's own rule stands", VerifyNone::Enforce, p.self_signed, absent,
       true, "not-applicable (secure-absent)", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
  };
}

}  // namespace

TEST_SUITE("applications that verify nobody (SSL_VERIFY_NONE)") {
  TEST_CASE("decision 0012: a verdict counts under SSL_VERIFY_NONE where the setting says so") {
    for (const Version& version : versions) {
      for (const Row& row : rows()) {
        INFO(version.what << ": " << row.what);
        const Ctx server = server_context(row.server, version.number);
        Client client(version.number);
        client.settings.policy = row.plan->policy;
        client.settings.verify_none = row.setting;
        client.attach(at_once(row.plan));
        SSL_CTX_set_verify(client.ctx(), SSL_VERIFY_NONE, nullptr);
        const Ssl ssl = named(client);
        CHECK(connects(ssl.get(), server.get()) == row.connects);
        CHECK(in_words(ssl.get()) == row.verdict);
        CHECK(SSL_get_verify_result(ssl.get()) == row.verify_result);
        if (row.connects) {
          CHECK(SSL_get_verify_mode(ssl.get()) == SSL_VERIFY_NONE);
          CHECK(errors().empty());
        }
        errors();
      }
    }
  }

  TEST_CASE("decision 0012: SSL_VERIFY_NONE comes back when a failed SSL is used again") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.verify_none = VerifyNone::Enforce;
    SharedPlan plan = plan_for(peers().renewed);
    client.attach(std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); }));
    SSL_CTX_set_verify(client.ctx(), SSL_VERIFY_NONE, nullptr);
    const Ssl ssl = named(client);
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK((SSL_get_verify_mode(ssl.get()) & SSL_VERIFY_PEER) != 0);
    errors();
    REQUIRE(SSL_clear(ssl.get()) == 1);
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    CHECK(SSL_get_verify_mode(ssl.get()) == SSL_VERIFY_NONE);
    CHECK_FALSE(connects(ssl.get(), server.get()));
    errors();
  }

  TEST_CASE("decision 0012: SSL_VERIFY_PEER that the application sets after an enforced failure is its own") {
    const Ctx server = server_context(peers().self_signed);
    Client client;
    client.settings.verify_none = VerifyNone::Enforce;
    SharedPlan plan = plan_for(peers().renewed);
    client.attach(std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); }));
    SSL_CTX_set_verify(client.ctx(), SSL_VERIFY_NONE, nullptr);
    const Ssl ssl = named(client);
    CHECK_FALSE(connects(ssl.get(), server.get()));
    errors();
    plan = plan_with(TlsaOutcome(SecureAbsent{}));
    REQUIRE(SSL_clear(ssl.get()) == 1);
    SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, nullptr);
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    CHECK_FALSE(connects(ssl.get(), server.get()));
    errors();
  }
}
