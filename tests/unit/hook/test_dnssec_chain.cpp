#include <doctest/doctest.h>
#include <pthread.h>

#include "chain_support.hpp"
#include "hook/dnssec_chain.hpp"

using namespace hook_test;
using danelaw::hook::DnssecChain;
using danelaw::hook::ServerName;
using danelaw::tlsa::Insecure;
using danelaw::tlsa::SecureAbsent;
using danelaw::tlsa::TlsaOutcome;
using danelaw::tlsa::Transport;
using danelaw::verify::Mode;

TEST_SUITE("RFC 9102: DNSSEC chains in the handshake") {
  TEST_CASE("R9102-2a: the port goes out, and a chain that proves the records is used instead of DNS") {
    for (const Version& version : versions) {
      INFO(version.what);
      std::weak_ptr<Promise> search;
      bool dropped = false;  // when the verdict is there
      Scene scene(version.number, [&](Scene& s) {
        s.client.settings.on_verdict = [&](SSL*, const danelaw::verify::Verdict&) {
          ++s.client.verdicts;
          dropped = search.expired();
        };
      });
      scene.stapled.chain = right;
      const Ssl ssl = named(scene.client);
      search = scene.dns;
      // From here on only the connection waits for it.
      scene.source->plans.answer_from_now_on(failed_plan());
      scene.dns.reset();
      CHECK(scene.run(ssl.get()));
      CHECK(Scene::account(ssl.get()) == "authenticated (matched), handshake");
      CHECK(danelaw::hook::verdict(ssl.get())->dnssec_chain == "proves secure-usable");
      CHECK(scene.stapled.asked == port_443);
      CHECK(scene.source->plans.asked().size() == 1);
      CHECK(dropped);
      CHECK(scene.client.verdicts == 1);
      CHECK(errors().empty());
    }
  }

  TEST_CASE(
      "decision 0005: a thread that is cancelled while it judges a chain ends after the handshake, not "
      "within") {
    for (const Version& version : versions) {
      INFO(version.what);
      struct Job {
        explicit Job(int number) : scene(number), ssl(named(scene.client)) {}
        Scene scene;
        Ssl ssl;
        bool connected = false;
      } job(version.number);
      job.scene.stapled.chain = right;
      job.scene.chains.meanwhile = [] {
        pthread_cancel(pthread_self());
        pthread_testcancel();
      };
      pthread_t thread{};
      REQUIRE(pthread_create(
                  &thread, nullptr,
                  [](void* given) -> void* {
                    Job& own = *static_cast<Job*>(given);
                    own.connected = own.scene.run(own.ssl.get());
                    pthread_testcancel();
                    return given;
                  },
                  &job) == 0);
      void* result = nullptr;
      REQUIRE(pthread_join(thread, &result) == 0);
      CHECK((result == PTHREAD_CANCELED));
      CHECK(job.connected);
      CHECK(Scene::account(job.ssl.get()) == "authenticated (matched), handshake");
    }
  }

  TEST_CASE("R9102-2a: the ClientHello after a HelloRetryRequest asks again") {
    Scene scene(TLS1_3_VERSION);
    REQUIRE(SSL_CTX_set1_groups_list(scene.server.get(), "P-521") == 1);
    scene.stapled.chain = right;
    CHECK(scene.verdict() == "authenticated (matched), handshake");
    CHECK(scene.stapled.hellos == 2);
    CHECK(scene.stapled.asked == port_443);

    // Whatever DNS has said since.
    Scene answered(TLS1_3_VERSION);
    REQUIRE(SSL_CTX_set1_groups_list(answered.server.get(), "P-521") == 1);
    answered.stapled.chain = wrong;
    answered.stapled.seen = [&] {
      if (answered.stapled.hellos == 1) answered.dns_says(plan_for(peers().leaf));
    };
    CHECK(answered.verdict() == "authenticated (matched), none");
    CHECK(answered.stapled.hellos == 2);
  }

  TEST_CASE("R9102-2a: a chain that was not asked for is not looked at") {
    Scene scene(0, [](Scene& s) { s.dns_says(plan_for(peers().leaf)); });
    const Ssl ssl = named(scene.client);
    int alert = 0;
    const auto* octets = reinterpret_cast<const unsigned char*>(wrong.data());
    CHECK(danelaw::hook::take_chain(ssl.get(), 59, SSL_EXT_TLS1_3_CERTIFICATE, octets, wrong.size(), nullptr,
                                    0, &alert, nullptr) == 1);
    CHECK(scene.run(ssl.get()));
    CHECK(scene.chains.judged == 0);
  }

  TEST_CASE(
      "R9102-2b: proof of absence or of insecurity decides where the lookup fails and no alias counts") {
    const auto own_name_and_no_dns = [](Scene& s) {
      s.client.settings.server_name = ServerName::Own;
      s.dns_says(failed_plan());
    };
    for (const Version& version : versions) {
      INFO(version.what);
      Scene absent(version.number, own_name_and_no_dns);
      absent.stapled.chain = denial;
      CHECK(absent.verdict() == "not-applicable (secure-absent), handshake");
      Scene insecure(version.number, own_name_and_no_dns);
      insecure.stapled.chain = unsigned_zone;
      CHECK(insecure.verdict() == "not-applicable (insecure), handshake");
      Scene mandatory(version.number, [&](Scene& s) {
        own_name_and_no_dns(s);
        s.client.settings.policy.mode = Mode::Mandatory;
      });
      mandatory.stapled.chain = denial;
      CHECK(mandatory.verdict() == "rejected (mandatory-without-dane), handshake");
      Scene mismatch(version.number);
      mismatch.stapled.chain = wrong;
      CHECK(mismatch.verdict() == "rejected (no-match), handshake");
    }
  }

  TEST_CASE(
      "R7671-7a: proof of absence at an alias is none at its target, so a failed lookup stays a failure") {
    for (const Version& version : versions) {
      for (const std::string& chain : {denial, unsigned_zone}) {
        INFO(version.what);
        Scene scene(version.number, [](Scene& s) { s.dns_says(failed_plan()); });
        scene.stapled.chain = chain;
        CHECK(scene.verdict() == "undecided (lookup-failed), none");
      }
    }
  }

  TEST_CASE("R9102-2c: proof that takes DANE away does not end the search for records") {
    for (const Version& version : versions) {
      for (const ServerName server_name : {ServerName::Own, ServerName::BaseDomain}) {
        INFO(version.what);
        Scene scene(version.number, [&](Scene& s) { s.client.settings.server_name = server_name; });
        scene.stapled.chain = denial;
        const Later later(std::chrono::milliseconds(10),
                          [&] { scene.dns_says(plan_for(peers().self_signed)); });
        CHECK(scene.verdict() == "rejected (no-match), none");
      }
    }
  }

  TEST_CASE("R9102-2c: a chain that proves nothing leaves it to DNS") {
    for (const Version& version : versions) {
      for (const std::string& junk : {std::string("x"), std::string(16000, 'x'), std::string()}) {
        INFO(version.what << ", " << junk.size() << " octets");
        Scene good(version.number);
        good.stapled.chain = junk;
        const Later later(std::chrono::milliseconds(10), [&] { good.dns_says(plan_for(peers().leaf)); });
        CHECK(good.verdict() == "authenticated (matched), none");

        Scene failing(version.number);
        failing.stapled.chain = junk;
        failing.dns_says(failed_plan());
        const Ssl ssl = named(failing.client);
        CHECK_FALSE(failing.run(ssl.get()));
        CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
        const auto& reason =
            danelaw::verify::lookup_error_of(*danelaw::hook::verdict(ssl.get())->plan)->reason;
        CHECK(reason.starts_with("nobody answered"));
        CHECK((reason.find("a chain that proves nothing") != std::string::npos) == !junk.empty());
        errors();
      }
    }
  }

  TEST_CASE("R9102-2c: a failed lookup does not keep a chain from deciding") {
    for (const Version& version : versions) {
      INFO(version.what);
      Scene scene(version.number);
      scene.stapled.chain = right;
      scene.dns_says(failed_plan());
      CHECK(scene.verdict() == "authenticated (matched), handshake");
    }
  }

  TEST_CASE("R9102-2a: only what comes with the end-entity certificate counts") {
    Scene scene(TLS1_3_VERSION);
    scene.stapled.position = 1;
    scene.stapled.chain = right;
    scene.dns_says(failed_plan());
    CHECK(scene.verdict() == "undecided (lookup-failed), none");
    CHECK(scene.chains.judged == 0);

    Scene both(TLS1_3_VERSION);
    both.stapled.chain = right;
    both.stapled.second = wrong;
    CHECK(both.verdict() == "authenticated (matched), handshake");
    CHECK(both.chains.judged == 1);
  }

  TEST_CASE("R9102-2c: a later answer takes the place of an earlier one only where it is stronger") {
    struct Row {
      const char* what;
      danelaw::verify::Evidence dns;
      std::string chain;
      const char* want;
    };
    const Row rows[] = {
        {"absent, then records", TlsaOutcome(SecureAbsent{}), right, "authenticated (matched), handshake"},
        {"insecure, then records", TlsaOutcome(Insecure{}), right, "authenticated (matched), handshake"},
        {"insecure, then absent", TlsaOutcome(Insecure{}), denial, "not-applicable (insecure), none"},
        {"records, then absent", records_for(peers().leaf), denial, "authenticated (matched), none"},
        {"records, then insecure", records_for(peers().leaf), unsigned_zone, "authenticated (matched), none"},
        {"records, then others", records_for(peers().leaf), wrong, "authenticated (matched), none"},
        {"other records, then right ones", records_for(peers().self_signed), right,
         "rejected (no-match), none"},
        {"absent, then insecure", TlsaOutcome(SecureAbsent{}), unsigned_zone,
         "not-applicable (secure-absent), none"},
    };
    for (const Version& version : versions) {
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        Scene scene(version.number);
        scene.stapled.chain = row.chain;
        scene.stapled.before = [&] { scene.dns_says(plan_with(row.dns)); };
        CHECK(scene.verdict() == row.want);
      }
    }
  }

  TEST_CASE("R9102-3a: nothing is offered without a service of that very name, port and transport") {
    struct Row {
      const char* what;
      std::function<void(Scene&)> prepare;
      std::function<void(SSL*)> alter;
      Service service;
    };
    const auto nothing = [](auto&&...) {};
    const Row rows[] = {
        {"chains are not wanted", [](Scene& s) { s.client.settings.dnssec_chain = DnssecChain::Off; },
         nothing, www},
        {"mode off", [](Scene& s) { s.client.settings.policy.mode = Mode::Off; }, nothing, www},
        {"DNS has answered", [](Scene& s) { s.dns_says(plan_for(peers().leaf)); }, nothing, www},
        {"an address", nothing, nothing, {"192.0.2.1", 443, Transport::Tcp}},
        {"SCTP", nothing, nothing, {"www.example", 443, Transport::Sctp}},
        {"UDP without DTLS", nothing, nothing, {"www.example", 443, Transport::Udp}},
        {"the application sends another name",
         [](Scene& s) { s.client.settings.server_name = danelaw::hook::ServerName::Own; },
         [](SSL* ssl) {
           char other[] = "alias.example";
           SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, other);
         },
         www},
        {"the application does its own DANE", [](Scene& s) { SSL_CTX_dane_enable(s.client.ctx()); },
         [](SSL* ssl) { SSL_dane_enable(ssl, "www.example"); }, www},
        {"the SSL was told so", nothing, [](SSL* ssl) { REQUIRE(danelaw::hook::configure(ssl, {}).ok()); },
         www},
    };
    for (const Version& version : versions) {
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        Scene scene(version.number, row.prepare);
        scene.stapled.chain = right;
        const Later later(std::chrono::milliseconds(10), [&] {
          if (row.what != std::string("DNS has answered"))
            scene.dns_says(plan_for(peers().leaf, scene.client.settings.policy, row.service));
        });
        const Ssl ssl = named(scene.client, row.service);
        row.alter(ssl.get());
        scene.run(ssl.get());
        CHECK(scene.stapled.hellos == 0);
        CHECK(scene.chains.judged == 0);
        errors();
      }
    }
  }

  TEST_CASE("R9102-3a: nothing is offered where nobody judges chains, and servers' SSLs are left alone") {
    Scene scene;
    Client client;
    client.settings.dnssec_chain = DnssecChain::Offer;
    client.attach(at_once(failed_plan()));
    CHECK_FALSE(scene.run(named(client).get()));
    CHECK(scene.stapled.hellos == 0);
    errors();

    // One SSL_CTX for both roles.
    const Ctx both(SSL_CTX_new(TLS_method()));
    SSL_CTX_use_certificate(both.get(), peers().leaf.certificate.get());
    SSL_CTX_use_PrivateKey(both.get(), peers().leaf.key.get());
    Scene asking;
    REQUIRE(danelaw::hook::attach(both.get(), asking.client.settings).ok());
    asking.dns_says(plan_for(peers().leaf));
    asking.source->plans.answer_from_now_on(failed_plan());
    const Ssl ssl = named(asking.client);
    CHECK_FALSE(connects(ssl.get(), both.get()));
    CHECK(danelaw::hook::verdict(ssl.get())->dnssec_chain == "the server sent none");
    errors();
  }

  TEST_CASE("decision 0021: an application that has extension 59 itself keeps it") {
    struct Own {
      int answers = 0;
      static int take(SSL*, unsigned, unsigned, const unsigned char*, std::size_t, X509*, std::size_t, int*,
                      void* own) {
        ++static_cast<Own*>(own)->answers;
        return 1;
      }
      static int offer(SSL*, unsigned, unsigned context, const unsigned char** out, std::size_t* octets,
                       X509*, std::size_t, int*, void*) {
        static const unsigned char port[] = {0x20, 0xFB};
        *out = port;
        *octets = sizeof port;
        return (context & SSL_EXT_CLIENT_HELLO) != 0 ? 1 : 0;
      }
    } own;
    Scene scene(0, [&](Scene& s) {
      constexpr unsigned contexts =
          SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE;
      REQUIRE(SSL_CTX_add_custom_ext(s.client.ctx(), 59, contexts, Own::offer, nullptr, nullptr, Own::take,
                                     &own) == 1);
    });
    scene.stapled.chain = right;
    scene.dns_says(failed_plan());
    CHECK(scene.verdict() == "undecided (lookup-failed), none");
    CHECK(scene.stapled.asked == std::string{"\x20\xFB", 2});
    CHECK(own.answers == 1);
    CHECK(scene.chains.judged == 0);

    // Without the setting it is not even taken.
    Client other;
    other.attach(at_once(failed_plan()));
    CHECK(SSL_CTX_add_client_custom_ext(other.ctx(), 59, nullptr, nullptr, nullptr, nullptr, nullptr) == 1);
  }

  TEST_CASE("R9102-2c: a plan that was handed over decides, unless it is a failed lookup") {
    Scene scene;
    scene.stapled.chain = right;
    const Ssl known = scene.client.ssl();
    REQUIRE(danelaw::hook::set_plan(known.get(), plan_for(peers().self_signed)).ok());
    CHECK_FALSE(scene.run(known.get()));
    CHECK(scene.stapled.hellos == 0);
    errors();

    scene.chains.expires = 0;  // good for the handshake that it came in
    const Ssl failed = scene.client.ssl();
    REQUIRE(danelaw::hook::set_plan(failed.get(), failed_plan()).ok());
    CHECK(scene.run(failed.get()));
    CHECK(Scene::account(failed.get()) == "authenticated (matched), handshake");
    scene.stapled.chain.clear();
    REQUIRE(SSL_clear(failed.get()) == 1);
    CHECK_FALSE(scene.run(failed.get()));
    CHECK(in_words(failed.get()) == "undecided (lookup-failed)");
    errors();
  }

  TEST_CASE("R9102-2c: a handshake that would be suspended goes on with the chain") {
    for (const Version& version : versions) {
      INFO(version.what);
      Scene scene(version.number,
                  [](Scene& s) { s.client.settings.waiting = danelaw::hook::Waiting::Retry; });
      scene.stapled.chain = right;
      const Ssl ssl = named(scene.client);
      const int polled = danelaw::hook::descriptor(ssl.get());
      const std::weak_ptr<Promise> search = scene.dns;
      scene.source->plans.answer_from_now_on(failed_plan());
      scene.dns.reset();
      // Who polls the descriptor may do so until the handshake is over.
      scene.client.settings.on_verdict = nullptr;
      bool alive = false;
      scene.stapled.before = [&] { alive = !search.expired(); };
      Pair pair(ssl.get(), scene.server.get());
      CHECK(pair.handshake());
      CHECK(pair.suspended == 0);
      CHECK(Scene::account(ssl.get()) == "authenticated (matched), handshake");
      CHECK(polled >= 0);
      CHECK(alive);
      CHECK(search.expired());
    }
  }
}
