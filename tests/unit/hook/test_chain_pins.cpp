#include <doctest/doctest.h>

#include "chain_support.hpp"

using namespace hook_test;
using danelaw::hook::DnssecChain;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::verify::LookupErrors;
using danelaw::verify::Plan;

TEST_SUITE("RFC 9102 section 7: pins") {
  using Words = std::vector<std::string>;

  TEST_CASE("R9102-7a: a pin follows a whole handshake that the chain authenticated, and only that") {
    struct Row {
      const char* what;
      std::string chain;
      int hours;
      Words want;
    };
    const Row rows[] = {
        {"a promise", right, 5, {"pin www.example 5"}},
        {"no promise", right, 0, {"pin www.example 0"}},
        {"another's records", wrong, 5, {}},
        {"proof of absence", denial, 5, {"unpin www.example"}},
        {"proof of insecurity", unsigned_zone, 5, {"unpin www.example"}},
        {"no proof", "junk", 5, {}},
    };
    for (const Version& version : versions) {
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        Scene scene(version.number);
        scene.stapled.chain = row.chain;
        scene.chains.lifetime = std::chrono::hours(row.hours);
        if (row.chain == "junk") scene.dns_says(failed_plan());
        scene.verdict();
        Words got = scene.chains.pins;
        got.erase(std::unique(got.begin(), got.end()), got.end());
        CHECK(got == row.want);
      }
    }
  }

  TEST_CASE("R9102-7a: no pin follows a handshake that ends after the certificate") {
    // Until the server's last flight nothing shows that it has the key.
    Scene scene(TLS1_2_VERSION);
    scene.stapled.chain = right;
    scene.chains.lifetime = std::chrono::hours(5);
    const Ssl ssl = named(scene.client);
    Pair pair(ssl.get(), scene.server.get());
    pair.step_client();
    pair.step_server();
    pair.step_client();
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
    CHECK(scene.chains.pins.empty());
    pair.step_server();
    pair.step_client();
    CHECK(scene.chains.pins == Words{"pin www.example 5"});
  }

  TEST_CASE("R9102-7a: records that DNS gave first are pinned where the chain says the same") {
    Scene same;
    same.stapled.chain = right;
    same.chains.lifetime = std::chrono::hours(5);
    same.stapled.before = [&] { same.dns_says(plan_for(peers().leaf)); };
    CHECK(same.verdict() == "authenticated (matched), none");
    CHECK(same.chains.pins == Words{"pin www.example 5"});

    Scene differs;
    differs.stapled.chain = wrong;
    differs.chains.lifetime = std::chrono::hours(5);
    differs.stapled.before = [&] { differs.dns_says(plan_for(peers().leaf)); };
    CHECK(differs.verdict() == "authenticated (matched), none");
    CHECK(differs.chains.pins.empty());

    // Proof of absence ends a promise even where DNS knows better.
    Scene denied;
    denied.stapled.chain = denial;
    denied.stapled.before = [&] { denied.dns_says(plan_for(peers().leaf)); };
    CHECK(denied.verdict() == "authenticated (matched), none");
    CHECK(denied.chains.pins == Words{"unpin www.example"});
  }

  TEST_CASE(
      "R9102-7a: proof of absence that cannot end a promise for want of memory is as if it had not come") {
    for (const bool no_memory : {false, true}) {
      for (const bool dns_fails : {true, false}) {
        INFO(no_memory << ", " << dns_fails);
        Scene scene(0, [&](Scene& s) {
          s.client.settings.server_name = danelaw::hook::ServerName::Own;
          s.dns_says(dns_fails ? failed_plan() : plan_for(peers().leaf));
        });
        scene.chains.no_memory_to_unpin = no_memory;
        scene.stapled.chain = denial;
        const std::string denied =
            no_memory ? "undecided (lookup-failed), none" : "not-applicable (secure-absent), handshake";
        CHECK(scene.verdict() == (dns_fails ? denied : "authenticated (matched), none"));
      }
    }
  }

  TEST_CASE("R9102-7a: proof from DNS ends a promise, and a failed lookup does not") {
    Scene absent;
    absent.dns_says(plan_with(TlsaOutcome(SecureAbsent{})));
    absent.verdict();
    CHECK(absent.chains.pins == Words{"unpin www.example"});
    Scene failing;
    failing.dns_says(failed_plan());
    failing.verdict();
    CHECK(failing.chains.pins.empty());
    Scene off(0, [](Scene& s) { s.client.settings.dnssec_chain = DnssecChain::Off; });
    off.dns_says(plan_with(TlsaOutcome(SecureAbsent{})));
    off.verdict();
    CHECK(off.chains.pins.empty());
  }

  TEST_CASE(
      "R9102-7a: a pinned server that sends no valid chain is DNS's to decide, and no failed lookup's") {
    const Policy lax{.lookup_errors = LookupErrors::InsecureIgnore};
    for (const bool pinned : {true, false}) {
      for (const std::string& chain : {std::string(), std::string("junk")}) {
        for (const bool silent : {true, false}) {
          INFO(pinned << ", " << chain << ", " << silent);
          Scene scene(0, [&](Scene& s) { s.client.settings.policy = lax; });
          scene.chains.pinned = pinned;
          scene.stapled.chain = chain;
          scene.source = std::make_shared<ChainSource>([&](const auto&) { return scene.dns; },
                                                       std::chrono::milliseconds(30));
          teach(scene.source->chains);
          scene.source->chains.pinned = pinned;
          Client client;
          client.settings.dnssec_chain = DnssecChain::Offer;
          client.settings.policy = lax;
          client.attach(scene.source);
          if (!silent) scene.dns_says(failed_plan(lax));
          const Ssl ssl = named(client);
          CHECK(connects(ssl.get(), scene.server.get()) == !pinned);
          CHECK(in_words(ssl.get()) ==
                (pinned ? "undecided (lookup-failed)" : "not-applicable (lookup-failed)"));
          errors();
        }
      }
    }
    Scene saved;
    saved.chains.pinned = true;
    saved.dns_says(plan_for(peers().leaf));
    CHECK(saved.verdict() == "authenticated (matched), none");
  }
}

TEST_SUITE("decision 0006: sessions and DNSSEC chains") {
  TEST_CASE(
      "decision 0006: a session made on a chain's plan is resumed under the same plan only, once it is "
      "known") {
    for (const Version& version : versions) {
      Scene scene(version.number);
      scene.stapled.chain = right;
      scene.chains.expires = 2000;
      const Ssl first = named(scene.client);
      // The source of later connections.
      SharedPlan known;
      Client later(version.number);
      later.settings.dnssec_chain = DnssecChain::Offer;
      EpochSeconds now = 1000;
      later.settings.clock = [&] { return now; };
      const auto source = std::make_shared<ChainSource>([&](const auto&) {
        if (known != nullptr) return danelaw::verify::ready(known);
        auto never = std::make_shared<Promise>();
        never->settle("www.example");
        return std::shared_ptr<danelaw::verify::PendingPlan>(never);
      });
      teach(source->chains);
      source->chains.expires = 2000;
      later.attach(source);
      const auto connect = [&](SSL_SESSION* session) {
        const Ssl ssl = named(later);
        if (session != nullptr) REQUIRE(SSL_set_session(ssl.get(), session) == 1);
        REQUIRE(connects(ssl.get(), scene.server.get()));
        return std::string(SSL_session_reused(ssl.get()) == 1 ? "resumed" : "full") + ", " +
               in_words(ssl.get());
      };
      INFO(version.what);
      REQUIRE(connect(nullptr) == "full, authenticated (matched)");
      REQUIRE_FALSE(later.sessions.empty());
      const Session session = std::move(later.sessions.back());

      // Nothing is known: a full handshake, with another chain.
      CHECK(connect(session.get()) == "full, authenticated (matched)");
      known = plan_with(records_for(peers().leaf), {}, www, [](Plan& plan) { plan.expires = 3000; });
      CHECK(connect(session.get()) == "resumed, authenticated (resumed)");
      now = 2000;  // the chain's records have expired
      CHECK(connect(session.get()) == "full, authenticated (matched)");
      now = 1000;
      known = plan_with(TlsaOutcome(SecureAbsent{}));
      CHECK(connect(session.get()) == "full, not-applicable (secure-absent)");
    }
  }
}
