#include <doctest/doctest.h>
#include <openssl/ct.h>

#include "support.hpp"

using namespace hook_test;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;

namespace {

/// A server that sends its root along, so that a digest of usage 2 can match it.
Ctx server_with_root() {
  Ctx server = server_context(peers().leaf);
  SSL_CTX_add1_chain_cert(server.get(), peers().root.certificate.get());
  return server;
}

}  // namespace

TEST_SUITE("RFC 7671 section 4.2: Certificate Transparency") {
  TEST_CASE("R7671-4a: it is not asked of peers of DANE-TA and DANE-EE, and still of all others") {
    struct Row {
      const char* what;
      SharedPlan plan;
      bool connects;
    };
    const Row rows[] = {
        {"DANE-TA", plan_with(records_for(peers().root, 2)), true},
        {"DANE-EE", plan_with(records_for(peers().leaf, 3)), true},
        {"PKIX-TA", plan_with(records_for(peers().root, 0)), false},
        {"PKIX-EE", plan_with(records_for(peers().leaf, 1)), false},
        {"without DANE", plan_with(TlsaOutcome(SecureAbsent{})), false},
    };
    const Ctx server = server_with_root();
    for (const Version& version : versions) {
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        Client client(version.number);
        REQUIRE(SSL_CTX_enable_ct(client.ctx(), SSL_CT_VALIDATION_STRICT) == 1);
        client.attach(at_once(row.plan));
        const Ssl ssl = named(client);
        CHECK(connects(ssl.get(), server.get()) == row.connects);
        errors();
      }
    }
  }

  TEST_CASE(
      "R7671-4a: an SSL on which it was waived never connects to a peer of whom the application wants it") {
    const Ctx server = server_with_root();
    Client client;
    REQUIRE(SSL_CTX_enable_ct(client.ctx(), SSL_CT_VALIDATION_STRICT) == 1);
    SharedPlan plan = plan_with(records_for(peers().root, 2));
    client.attach(std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); }));
    const Ssl ssl = named(client);
    REQUIRE(connects(ssl.get(), server.get()));
    plan = plan_with(TlsaOutcome(SecureAbsent{}));
    REQUIRE(SSL_clear(ssl.get()) == 1);
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    CHECK_FALSE(connects(ssl.get(), server.get()));
    errors();
  }
}
