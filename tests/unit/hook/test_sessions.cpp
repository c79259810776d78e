#include <doctest/doctest.h>

#include "hook/session_tag.hpp"
#include "support.hpp"

using namespace hook_test;
using danelaw::tlsa::Insecure;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::Mode;
using danelaw::verify::NotAsked;
using danelaw::verify::Plan;

namespace {

/// One client whose plans change, as DNS does.
struct World {
  explicit World(const Version& version, SharedPlan first) : client(version.number), plan(std::move(first)) {
    client.settings.policy = plan->policy;
    client.settings.clock = [this] { return now; };
    client.attach(std::make_shared<Source>([this](const auto&) { return danelaw::verify::ready(plan); }));
  }

  /// A session of a first, full handshake.
  Session session(SSL_CTX* server, const Service& service = www) {
    const Ssl ssl = named(client, service);
    REQUIRE(connects(ssl.get(), server));
    REQUIRE_FALSE(client.sessions.empty());
    Session last = std::move(client.sessions.back());
    client.sessions.clear();
    return last;
  }

  Client client;
  SharedPlan plan;
  EpochSeconds now = 1000;
};

SharedPlan expiring(danelaw::verify::Evidence evidence, EpochSeconds expires = 2000) {
  return plan_with(std::move(evidence), {}, www, [&](Plan& plan) { plan.expires = expires; });
}

enum class Way { InMemory, Serialized };

/// Connects with the session offered. True where it was resumed.
bool resumes(const Ssl& ssl, SSL_SESSION* session, SSL_CTX* server, Way way) {
  const Session copy = way == Way::Serialized ? serialized_and_back(session) : nullptr;
  REQUIRE(SSL_set_session(ssl.get(), copy ? copy.get() : session) == 1);
  REQUIRE(connects(ssl.get(), server));
  return SSL_session_reused(ssl.get()) == 1;
}

/// Every version, tickets and session ids, sessions kept in memory and in a file.
void for_every_kind_of_session(const std::function<void(const Version&, SSL_CTX*, Way)>& test) {
  for (const Version& version : versions)
    for (const bool tickets : {true, false})
      for (const Way way : {Way::InMemory, Way::Serialized}) {
        INFO(version.what << (tickets ? ", tickets" : ", stateful")
                          << (way == Way::Serialized ? ", serialized" : ", in memory"));
        const Ctx server = server_context(peers().leaf, version.number);
        if (!tickets) SSL_CTX_set_options(server.get(), SSL_OP_NO_TICKET);
        test(version, server.get(), way);
      }
}

}  // namespace

TEST_SUITE("decision 0006: session resumption cannot bypass DANE") {
  TEST_CASE("decision 0006: a session is resumed under exactly the plan that it was made under") {
    for_every_kind_of_session([](const Version& version, SSL_CTX* server, Way way) {
      World world(version, expiring(records_for(peers().leaf)));
      const Session session = world.session(server);
      const int verdicts = world.client.verdicts;
      const Ssl ssl = named(world.client);
      CHECK(resumes(ssl, session.get(), server, way));
      CHECK(in_words(ssl.get()) == "authenticated (resumed)");
      CHECK(SSL_get_verify_result(ssl.get()) == X509_V_OK);
      CHECK(danelaw::hook::verdict(ssl.get())->accept);
      CHECK(danelaw::hook::verdict(ssl.get())->plan == world.plan);
      CHECK(world.client.verdicts == verdicts + 1);
      CHECK(errors().empty());
    });
  }

  TEST_CASE("decision 0006: a session that a resumed handshake was given is resumed in its turn") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      World world(version, expiring(records_for(peers().leaf)));
      Session session = world.session(server.get());
      for (int round = 0; round < 3; ++round) {
        const Ssl ssl = named(world.client);
        CHECK(resumes(ssl, session.get(), server.get(), Way::InMemory));
        if (!world.client.sessions.empty()) session = std::move(world.client.sessions.back());
        world.client.sessions.clear();
      }
      world.plan = expiring(records_for(peers().renewed));
      const Ssl ssl = named(world.client);
      SSL_set_session(ssl.get(), session.get());
      CHECK_FALSE(connects(ssl.get(), server.get()));
      errors();
    }
  }

  TEST_CASE("decision 0006: outcomes that did not apply are tagged, too") {
    for_every_kind_of_session([](const Version& version, SSL_CTX* server, Way way) {
      World world(version, expiring(TlsaOutcome(SecureAbsent{})));
      const Session session = world.session(server);
      const Ssl same = named(world.client);
      CHECK(resumes(same, session.get(), server, way));
      CHECK(in_words(same.get()) == "not-applicable (secure-absent)");

      world.plan = expiring(records_for(peers().leaf));
      const Ssl now_signed = named(world.client);
      CHECK_FALSE(resumes(now_signed, session.get(), server, way));
      CHECK(in_words(now_signed.get()) == "authenticated (matched)");
    });
  }

  TEST_CASE("decision 0006: no session outlives the key and the record it was verified with") {
    for_every_kind_of_session([](const Version& version, SSL_CTX* server, Way way) {
      World world(version, expiring(records_for(peers().leaf)));
      const Session session = world.session(server);

      // The record is rotated. The old server still honours its sessions: it must not get away with that.
      world.plan = expiring(records_for(peers().renewed));
      const Ssl stale = named(world.client);
      const Session copy = serialized_and_back(session.get());
      SSL_set_session(stale.get(), way == Way::Serialized ? copy.get() : session.get());
      CHECK_FALSE(connects(stale.get(), server));
      CHECK(SSL_session_reused(stale.get()) == 0);
      CHECK(in_words(stale.get()) == "rejected (no-match)");
      errors();

      // The key is rotated as well, and the new server knows the old tickets.
      const Ctx renewed = server_context(peers().renewed, version.number);
      unsigned char keys[80];
      REQUIRE(SSL_CTX_get_tlsext_ticket_keys(server, keys, sizeof keys) == 1);
      REQUIRE(SSL_CTX_set_tlsext_ticket_keys(renewed.get(), keys, sizeof keys) == 1);
      const Ssl fresh = named(world.client);
      CHECK_FALSE(resumes(fresh, session.get(), renewed.get(), way));
      CHECK(in_words(fresh.get()) == "authenticated (matched)");
    });
  }

  TEST_CASE("decision 0006: a session is not offered from the expiry of its records on") {
    for_every_kind_of_session([](const Version& version, SSL_CTX* server, Way way) {
      World world(version, expiring(records_for(peers().leaf), 2000));
      const Session session = world.session(server);
      world.plan = expiring(records_for(peers().leaf), 9000);
      world.now = 1999;
      CHECK(resumes(named(world.client), session.get(), server, way));
      world.now = 2000;
      CHECK_FALSE(resumes(named(world.client), session.get(), server, way));
    });
  }

  TEST_CASE("decision 0006: a session is not offered under another name, port, policy or outcome") {
    struct Row {
      const char* what;
      SharedPlan plan;
    };
    const Service other_port{"www.example", 8443, danelaw::tlsa::Transport::Tcp};
    const Service other_host{"alias.example", 443, danelaw::tlsa::Transport::Tcp};
    const Row rows[] = {
        {"port", plan_for(peers().leaf, {}, other_port)},
        {"host", plan_for(peers().leaf, {}, other_host)},
        {"mode", plan_for(peers().leaf, {.mode = Mode::Mandatory})},
        {"profile", plan_for(peers().leaf, {.profile = danelaw::verify::Profile::Srv})},
        {"names", plan_for(peers().leaf, {.dane_ee_names = danelaw::verify::DaneEeNames::Skip})},
        {"outcome", plan_with(TlsaOutcome(Insecure{"unsigned"}))},
        {"more records",
         plan_with(TlsaOutcome(danelaw::tlsa::SecureUsable{danelaw::tlsa::RecordSet::from_records(
             std::vector{pki::record_for(3, 1, 1, peers().leaf.certificate.get()),
                         pki::record_for(3, 1, 1, peers().renewed.certificate.get())},
             danelaw::tlsa::Usages::All)}))},
    };
    for (const Version& version : versions) {
      const Ctx server = server_context(peers().leaf, version.number);
      World world(version, plan_for(peers().leaf));
      for (const Row& row : rows) {
        INFO(version.what << ": " << row.what);
        world.plan = plan_for(peers().leaf);
        const Session session = world.session(server.get());
        world.plan = row.plan;
        const Ssl ssl = world.client.ssl();
        REQUIRE(danelaw::hook::configure(ssl.get(), {.policy = row.plan->policy}).ok());
        REQUIRE(danelaw::hook::set_service(ssl.get(), row.plan->service).ok());
        CHECK_FALSE(resumes(ssl, session.get(), server.get(), Way::InMemory));
        CHECK(danelaw::hook::verdict(ssl.get())->accept);
      }
    }
  }

  TEST_CASE("decision 0006: a session is not offered while its plan is not there yet") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Client client(version.number);
      const auto promise = std::make_shared<Promise>();
      promise->deliver(plan_for(peers().leaf));
      auto next = promise;
      client.attach(std::make_shared<Source>([&](const auto&) { return next; }));
      const Ssl first = named(client);
      REQUIRE(connects(first.get(), server.get()));
      const Session session = std::move(client.sessions.back());

      next = std::make_shared<Promise>();
      next->settle("www.example");
      const Ssl second = named(client);
      SSL_set_session(second.get(), session.get());
      const Later later(std::chrono::milliseconds(20), [&] { next->deliver(plan_for(peers().leaf)); });
      CHECK(connects(second.get(), server.get()));
      CHECK(SSL_session_reused(second.get()) == 0);
      CHECK(in_words(second.get()) == "authenticated (matched)");
    }
  }

  TEST_CASE("decision 0006: a session that we never saw is not offered") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Client plain(version.number);
      const Ssl before = plain.ssl();
      REQUIRE(connects(before.get(), server.get()));
      const Session session = std::move(plain.sessions.back());
      World world(version, plan_for(peers().leaf));
      CHECK_FALSE(resumes(named(world.client), session.get(), server.get(), Way::InMemory));
    }
  }

  TEST_CASE("decision 0006: a session of a rejected peer, or with a damaged tag, is not offered") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      World world(version, plan_for(peers().renewed));
      const Ssl careless = named(world.client);
      SSL_set_verify(careless.get(), SSL_VERIFY_NONE, nullptr);
      REQUIRE(connects(careless.get(), server.get()));
      CHECK(in_words(careless.get()) == "rejected (no-match)");
      const Session rejected = std::move(world.client.sessions.back());
      const auto tag = danelaw::hook::tag_of(rejected.get());
      REQUIRE(tag.has_value());
      CHECK(tag->kind() == danelaw::hook::SessionTag::Kind::Unresumable);
      const Ssl again = named(world.client);
      SSL_set_verify(again.get(), SSL_VERIFY_NONE, nullptr);
      CHECK_FALSE(resumes(again, rejected.get(), server.get(), Way::InMemory));

      world.plan = plan_for(peers().leaf);
      const Session good = world.session(server.get());
      REQUIRE(SSL_SESSION_set1_ticket_appdata(good.get(), "danelaw\1\1", 9) == 1);
      CHECK_FALSE(resumes(named(world.client), good.get(), server.get(), Way::Serialized));
    }
  }

  TEST_CASE(
      "decision 0006: an SSL that names no service resumes what was never ours, and none of a service's "
      "sessions") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().self_signed, version.number);
      World world(version, plan_for(peers().self_signed));
      const Session of_service = world.session(server.get());
      const Ssl unnamed = world.client.ssl();
      SSL_set_session(unnamed.get(), of_service.get());
      CHECK_FALSE(connects(unnamed.get(), server.get()));
      CHECK(SSL_get_verify_result(unnamed.get()) == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
      errors();

      Client plain(version.number);
      const Ctx trusted = server_context(peers().leaf, version.number);
      const Ssl before = plain.ssl();
      REQUIRE(connects(before.get(), trusted.get()));
      const Ssl other = world.client.ssl();
      CHECK(resumes(other, plain.sessions.back().get(), trusted.get(), Way::InMemory));
      CHECK(in_words(other.get()) == "not-applicable (not-asked)");

      // Nor does a failed verification that nobody heeds become our business.
      const auto careless = [&](SSL_SESSION* session) {
        const Ssl ssl = world.client.ssl();
        SSL_set_verify(ssl.get(), SSL_VERIFY_NONE, nullptr);
        world.client.sessions.clear();
        if (session != nullptr) SSL_set_session(ssl.get(), session);
        REQUIRE(connects(ssl.get(), server.get()));
        return SSL_session_reused(ssl.get()) == 1;
      };
      CHECK_FALSE(careless(nullptr));
      const Session unverified = std::move(world.client.sessions.back());
      CHECK(careless(unverified.get()));

      Client mandatory(version.number);
      mandatory.settings.policy.mode = Mode::Mandatory;
      mandatory.attach(nullptr);
      const Ssl refused = mandatory.ssl();
      SSL_set_session(refused.get(), plain.sessions.back().get());
      CHECK_FALSE(connects(refused.get(), trusted.get()));
      CHECK(in_words(refused.get()) == "rejected (mandatory-without-dane)");
      errors();
    }
  }

  TEST_CASE("decision 0006: sessions of mode off are not resumed under DANE, and DANE's not under mode off") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      World world(version, plan_for(peers().leaf));
      const Session under_dane = world.session(server.get());
      const Policy off{.mode = Mode::Off};
      const Ssl switched_off = world.client.ssl();
      REQUIRE(danelaw::hook::configure(switched_off.get(), {.policy = off}).ok());
      REQUIRE(danelaw::hook::set_service(switched_off.get(), www).ok());
      world.client.sessions.clear();
      CHECK_FALSE(resumes(switched_off, under_dane.get(), server.get(), Way::InMemory));
      const Session under_off = std::move(world.client.sessions.back());
      CHECK_FALSE(resumes(named(world.client), under_off.get(), server.get(), Way::InMemory));
    }
  }

  TEST_CASE("decision 0006: early data goes only to a peer whose session is resumed") {
    const Ctx server = server_context(peers().leaf, TLS1_3_VERSION);
    SSL_CTX_set_max_early_data(server.get(), 1024);
    for (const bool same_plan : {true, false}) {
      INFO(same_plan);
      World world(versions[1], plan_for(peers().leaf));
      const Session session = world.session(server.get());
      REQUIRE(SSL_SESSION_get_max_early_data(session.get()) == 1024);
      if (!same_plan) world.plan = plan_for(peers().renewed);

      const Ssl ssl = named(world.client);
      SSL_set_session(ssl.get(), session.get());
      Pair pair(ssl.get(), server.get());
      std::size_t written = 0;
      const bool sent = SSL_write_early_data(ssl.get(), "secret", 6, &written) == 1;
      CHECK(sent == same_plan);

      std::string received;
      char buffer[64];
      std::size_t octets = 0;
      if (SSL_read_early_data(pair.server(), buffer, sizeof buffer, &octets) != SSL_READ_EARLY_DATA_ERROR)
        received.assign(buffer, octets);
      CHECK(received == (same_plan ? "secret" : ""));
      if (!same_plan) {
        std::string wire(4096, '\0');
        const int on_wire = BIO_read(SSL_get_rbio(pair.server()), wire.data(), static_cast<int>(wire.size()));
        wire.resize(on_wire > 0 ? static_cast<std::size_t>(on_wire) : 0);
        CHECK(wire.find("secret") == std::string::npos);
        CHECK_FALSE(pair.handshake());
      } else {
        CHECK(pair.handshake());
        CHECK(in_words(ssl.get()) == "authenticated (resumed)");
        CHECK(SSL_get_early_data_status(ssl.get()) == SSL_EARLY_DATA_ACCEPTED);
      }
      errors();
    }
  }
}
