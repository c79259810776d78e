// danelaw_ssl_set_route_host over real handshakes: what each requirement means for a peer.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "capi/route.hpp"
#include "danelaw/smtp.h"
#include "hook/support.hpp"
#include "service/route.hpp"

using namespace danelaw;
using hook_test::Ctx;
using hook_test::Pair;
using hook_test::peers;
using hook_test::Ssl;
using verify::Profile;

namespace {

/// A route of one host with this plan, as a search would end with it.
danelaw_route route_to(const verify::SharedPlan& plan) {
  auto route = std::make_shared<service::Route>();
  route->hosts.push_back(service::route_host({plan->service.host, plan->service.port, 10, 0, true}, plan));
  service::conclude(*route, 1, 0);
  danelaw_route made;
  made.route = std::move(route);
  return made;
}

verify::SharedPlan plan(Profile profile, verify::Evidence evidence,
                        std::vector<std::string> names = {"www.example"}) {
  verify::Policy policy;
  policy.profile = profile;
  return hook_test::plan_with(std::move(evidence), policy, hook_test::www,
                              [&](verify::Plan& made) { made.reference_identifiers = std::move(names); });
}

verify::Evidence unusable() {
  const std::vector<Buffer> rdatas{{1, 1, 1}};
  return tlsa::TlsaOutcome(
      tlsa::SecureUnusable{tlsa::RecordSet::from_rdatas(rdatas, tlsa::Usages::DaneOnly)});
}
verify::Evidence absent() { return tlsa::TlsaOutcome(tlsa::SecureAbsent{}); }

struct Outcome {
  bool shaken = false;
  int version = 0;
  std::string server_name;
};

/// What comes of a handshake with `server`.
Outcome connect(const verify::SharedPlan& plan, const pki::Identity& server, int newest_version = 0) {
  const Ctx ctx(SSL_CTX_new(TLS_client_method()));
  X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx.get()), peers().root.certificate.get());
  REQUIRE(danelaw_ssl_ctx_attach(ctx.get(), nullptr, nullptr, nullptr) == DANELAW_OK);
  const Ssl ssl(SSL_new(ctx.get()));
  const danelaw_route route = route_to(plan);
  REQUIRE(danelaw_ssl_set_route_host(ssl.get(), &route, 0, nullptr) == DANELAW_OK);
  if (newest_version != 0) SSL_set_max_proto_version(ssl.get(), newest_version);
  const Ctx server_ctx = hook_test::server_context(server);
  Pair pair(ssl.get(), server_ctx.get());
  const bool shaken = pair.handshake();
  return {shaken, static_cast<int>(SSL_get_min_proto_version(ssl.get())), hook_test::seen_server_name(pair)};
}

}  // namespace

TEST_SUITE("What a host of a route requires of a handshake") {
  TEST_CASE("R7672-2.2a: usable records must be matched, by whoever else is trusted") {
    const auto wanted = plan(Profile::Smtp, hook_test::records_for(peers().leaf));
    CHECK(connect(wanted, peers().leaf).shaken);
    CHECK_FALSE(connect(wanted, peers().renewed).shaken);
    CHECK_FALSE(connect(wanted, peers().self_signed).shaken);
  }

  TEST_CASE(
      "R7672-2.2a: where all records are unusable, and where there are none, anybody's certificate will do") {
    for (const verify::Evidence& evidence : {unusable(), absent()})
      for (const pki::Identity* server : {&peers().leaf, &peers().self_signed, &peers().other_name})
        CHECK(connect(plan(Profile::Smtp, evidence), *server).shaken);
  }

  TEST_CASE("R7672-8a: TLS 1.2 at least where TLS is required, and SNI is the base domain") {
    const Outcome required = connect(plan(Profile::Smtp, hook_test::records_for(peers().leaf)), peers().leaf);
    CHECK(required.version == TLS1_2_VERSION);
    CHECK(required.server_name == "www.example");
    CHECK(connect(plan(Profile::Smtp, unusable()), peers().leaf).version == TLS1_2_VERSION);
    CHECK_FALSE(connect(plan(Profile::Smtp, unusable()), peers().leaf, TLS1_1_VERSION).shaken);
  }

  TEST_CASE("R7672-3.2.2a: usage 2 wants one of the reference identifiers, the next-hop domain's too") {
    const auto evidence = hook_test::records_for(peers().leaf, 3);
    CHECK(connect(plan(Profile::Smtp, evidence, {"mx.example"}), peers().leaf).shaken);  // R7672-3.2.1a
    const auto anchored = [](std::vector<std::string> names) {
      const std::vector<tlsa::Record> records{pki::record_for(2, 1, 0, peers().root.certificate.get())};
      return plan(Profile::Smtp,
                  tlsa::outcome_of(tlsa::RecordSet::from_records(records, tlsa::Usages::DaneOnly)),
                  std::move(names));
    };
    CHECK_FALSE(connect(anchored({"mx.example"}), peers().leaf).shaken);
    CHECK(connect(anchored({"mx.example", "alias.example"}), peers().leaf).shaken);
  }

  TEST_CASE("R7673-4a: where the application's own verification decides, it expects one of the names") {
    for (const verify::Evidence& evidence : {unusable(), absent()}) {
      CHECK(connect(plan(Profile::Srv, evidence, {"imap.example", "alias.example"}), peers().leaf).shaken);
      CHECK_FALSE(
          connect(plan(Profile::Srv, evidence, {"imap.example", "domain.example"}), peers().leaf).shaken);
      CHECK_FALSE(connect(plan(Profile::Srv, evidence), peers().self_signed).shaken);
    }
  }

  TEST_CASE("R7672-2.1a: a host that must not be used gets no handshake") {
    const auto failed =
        plan(Profile::Smtp, tlsa::TlsaOutcome(tlsa::LookupError{tlsa::LookupFault::Bogus, "bogus"}));
    const Ctx ctx(SSL_CTX_new(TLS_client_method()));
    REQUIRE(danelaw_ssl_ctx_attach(ctx.get(), nullptr, nullptr, nullptr) == DANELAW_OK);
    const Ssl ssl(SSL_new(ctx.get()));
    const danelaw_route route = route_to(failed);
    danelaw_problem problem{};
    CHECK(danelaw_route_get_state(&route) == DANELAW_ROUTE_DEFER);
    CHECK(danelaw_ssl_set_route_host(ssl.get(), &route, 0, &problem) == DANELAW_ERR_STATE);
    CHECK(std::string(problem.text).find("bogus") != std::string::npos);
  }
}
