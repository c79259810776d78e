#include <doctest/doctest.h>

#include "base/own_work.hpp"
#include "support.hpp"

using namespace hook_test;
using danelaw::Fault;
using danelaw::Problem;
using danelaw::Result;
using danelaw::hook::ConnectionSettings;
using danelaw::hook::ServerName;
using danelaw::verify::Mode;

namespace {

/// SSL_set_tlsext_host_name() without its cast.
void send_name(SSL* ssl, const char* name) {
  REQUIRE(SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(name)) ==
          1);
}

const ConnectionSettings own_server_name{.policy = {}, .server_name = ServerName::Own};

/// What a plugin does: attaches an SSL_CTX whose application knows nothing of it, and says later who the peer is.
class Unaware final {
 public:
  explicit Unaware(const pki::Identity& right, const ConnectionSettings& chosen = own_server_name)
      : source(at_once(plan_for(right, chosen.policy))) {
    client.settings.name_service = [this, chosen](SSL* ssl) -> Result<std::monostate> {
      ++asked;
      const char* server_name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
      if (auto done = danelaw::hook::configure(ssl, chosen); !done) return done;
      if (server_name == nullptr) return std::monostate();
      return danelaw::hook::set_service(ssl, {server_name, 443, danelaw::tlsa::Transport::Tcp});
    };
    client.attach(source);
  }

  [[nodiscard]] Ssl ssl(const char* server_name = "www.example") const {
    Ssl made = client.ssl();
    if (server_name != nullptr) send_name(made.get(), server_name);
    REQUIRE(danelaw::hook::watch(made.get()).ok());
    return made;
  }

  Client client;
  std::shared_ptr<Source> source;
  int asked = 0;
};

int infos = 0;
void count_infos(const SSL*, int where, int) { infos += where == SSL_CB_HANDSHAKE_START ? 1 : 0; }
std::vector<int> events;
void remember_event(const SSL*, int where, int) { events.push_back(where); }
int accept_anybody(X509_STORE_CTX*, void*) { return 1; }
int refuse_everybody(X509_STORE_CTX* ctx, void*) {
  X509_STORE_CTX_set_error(ctx, X509_V_ERR_CERT_REJECTED);
  return 0;
}

}  // namespace

TEST_SUITE("The service of an application that knows nothing of us") {
  TEST_CASE("it is asked for when the handshake starts, and its records decide") {
    struct Row {
      const char* what;
      const pki::Identity& named;
      bool accepted;
      const char* verdict;
    };
    const Row rows[] = {{"right", peers().leaf, true, "authenticated (matched)"},
                        {"self-signed, vouched for", peers().self_signed, true, "authenticated (matched)"},
                        {"a stranger's", peers().renewed, false, "rejected (no-match)"}};
    for (const Version& version : versions) {
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        const bool self_signed = &row.named == &peers().self_signed;
        const Ctx server = server_context(self_signed ? peers().self_signed : peers().leaf, version.number);
        Unaware unaware(row.named);
        const Ssl ssl = unaware.ssl();
        CHECK(unaware.asked == 0);
        Pair pair(ssl.get(), server.get());
        CHECK(pair.handshake() == row.accepted);
        CHECK(in_words(ssl.get()) == row.verdict);
        CHECK(unaware.asked == 1);
      }
    }
  }

  TEST_CASE("R7671-7a: SNI stays the application's, and only that name is a candidate") {
    const Ctx server = server_context(peers().leaf);
    Unaware unaware(peers().leaf);
    const Ssl ssl = unaware.ssl("WWW.example");
    Pair pair(ssl.get(), server.get());
    CHECK(pair.handshake());
    CHECK(seen_server_name(pair) == "WWW.example");
    REQUIRE(unaware.source->asked().size() == 1);
    CHECK(unaware.source->asked()[0].candidates == Candidates::HostOnly);
  }

  TEST_CASE("R7671-3a: where the application sends no SNI, the service's name is sent, for that service") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.server_name = ServerName::Own;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    CHECK(SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name) == nullptr);
    Pair pair(ssl.get(), server.get());
    CHECK(pair.handshake());
    CHECK(seen_server_name(pair) == "www.example");
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }

  TEST_CASE("R7671-7a: a service under another name than the SNI that is sent is not matched") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.server_name = ServerName::Own;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    send_name(ssl.get(), "other.example");
    Pair pair(ssl.get(), server.get());
    CHECK_FALSE(pair.handshake());
    CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
  }

  TEST_CASE("an address that the application sends as SNI is no name to match") {
    const Ctx server = server_context(peers().leaf);
    Unaware unaware(peers().leaf);
    const Ssl ssl = unaware.ssl("192.0.2.1");
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "not-applicable (not-asked)");
    CHECK(unaware.source->asked().empty());
  }

  TEST_CASE("one that nobody knows is the application's own business, and a failure in mandatory mode") {
    const Ctx server = server_context(peers().leaf);
    Unaware opportunistic(peers().leaf);
    const Ssl unknown = opportunistic.ssl(nullptr);
    CHECK(connects(unknown.get(), server.get()));
    CHECK(in_words(unknown.get()) == "not-applicable (not-asked)");

    Unaware mandatory(peers().leaf, {.policy = {.mode = Mode::Mandatory}, .server_name = ServerName::Own});
    const Ssl refused = mandatory.ssl(nullptr);
    CHECK_FALSE(connects(refused.get(), server.get()));
    CHECK(in_words(refused.get()) == "rejected (mandatory-without-dane)");
  }

  TEST_CASE("where whoever is asked says no, no ClientHello is sent, even under SSL_VERIFY_NONE") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.policy.mode = Mode::Off;
    client.settings.name_service = [](SSL*) -> Result<std::monostate> {
      return Problem{Fault::Setting, "settings are broken"};
    };
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = client.ssl();
    SSL_set_verify(ssl.get(), SSL_VERIFY_NONE, nullptr);
    Pair pair(ssl.get(), server.get());
    CHECK_FALSE(pair.handshake());
    constexpr unsigned octets_of_an_alert = 7;
    CHECK(BIO_number_written(SSL_get_wbio(ssl.get())) <= octets_of_an_alert);
    CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
    CHECK(client.verdicts == 1);
  }

  TEST_CASE("an exception of whoever is asked is a failure") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.name_service = [](SSL*) -> Result<std::monostate> { throw std::bad_alloc(); };
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = client.ssl();
    CHECK_FALSE(connects(ssl.get(), server.get()));
  }

  TEST_CASE("it is asked for again where the SSL is used for another peer") {
    const Ctx server = server_context(peers().leaf);
    const Ctx other = server_context(peers().other_name);
    Unaware unaware(peers().leaf);
    const Ssl ssl = unaware.ssl();
    CHECK(connects(ssl.get(), server.get()));
    REQUIRE(SSL_clear(ssl.get()) == 1);
    send_name(ssl.get(), "other.example");
    CHECK_FALSE(connects(ssl.get(), other.get()));  // the source knows www.example only
    REQUIRE(unaware.source->asked().size() == 2);
    CHECK(unaware.source->asked()[1].service.host == "other.example");
  }

  TEST_CASE("it is not asked for where the application has named it") {
    const Ctx server = server_context(peers().leaf);
    Unaware unaware(peers().leaf);
    const Ssl ssl = unaware.ssl();
    REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
    Pair pair(ssl.get(), server.get());
    CHECK(pair.handshake());
    CHECK(unaware.asked == 0);
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }
}

TEST_SUITE("The info callback of an application") {
  TEST_CASE("it hears of every event, wherever and whenever it was set") {
    struct Row {
      const char* what;
      void (*before_attach)(SSL_CTX*);
      void (*before_naming)(SSL*);
      void (*after_naming)(SSL*);
    };
    const auto set_for_ssl = [](SSL* ssl) { SSL_set_info_callback(ssl, remember_event); };
    const auto set_for_ctx = [](SSL* ssl) {
      SSL_CTX_set_info_callback(SSL_get_SSL_CTX(ssl), remember_event);
    };
    const Row rows[] = {
        {"context, before the attachment",
         [](SSL_CTX* ctx) { SSL_CTX_set_info_callback(ctx, remember_event); }, nullptr, nullptr},
        {"context, before the service is named", nullptr, set_for_ctx, nullptr},
        {"context, after it", nullptr, nullptr, set_for_ctx},
        {"SSL, before the service is named", nullptr, set_for_ssl, nullptr},
    };
    for (const Version& version : versions) {
      const Ctx server = server_context(peers().leaf, version.number);
      Client plain(version.number);
      const Ssl unattached = plain.ssl();
      SSL_set_info_callback(unattached.get(), remember_event);
      events.clear();
      REQUIRE(connects(unattached.get(), server.get()));
      const std::vector<int> expected = events;
      REQUIRE(std::count(expected.begin(), expected.end(), SSL_CB_CONNECT_LOOP) > 3);
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        Client client(version.number);
        if (row.before_attach != nullptr) row.before_attach(client.ctx());
        client.attach(at_once(plan_for(peers().leaf)));
        const Ssl ssl = client.ssl();
        if (row.before_naming != nullptr) row.before_naming(ssl.get());
        REQUIRE(danelaw::hook::set_service(ssl.get(), www).ok());
        if (row.after_naming != nullptr) row.after_naming(ssl.get());
        events.clear();
        CHECK(connects(ssl.get(), server.get()));
        CHECK(events == expected);
        CHECK(in_words(ssl.get()) == "authenticated (matched)");
      }
    }
  }

  TEST_CASE("set for the context once the handshake is over it hears of what follows") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    Pair pair(ssl.get(), server.get());
    REQUIRE(pair.handshake());
    SSL_CTX_set_info_callback(client.ctx(), remember_event);
    events.clear();
    REQUIRE(pair.exchange());  // tickets come
    CHECK(std::count(events.begin(), events.end(), SSL_CB_CONNECT_LOOP) > 0);
    SSL_shutdown(ssl.get());
    CHECK(std::count(events.begin(), events.end(), SSL_CB_WRITE_ALERT) == 1);
  }
}

TEST_SUITE("Callbacks of an application that knows nothing of us") {
  TEST_CASE("an info callback that takes the place of ours is called, and so are we") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Unaware unaware(peers().renewed);
      const Ssl ssl = unaware.ssl();
      SSL_set_info_callback(ssl.get(), count_infos);
      infos = 0;
      CHECK_FALSE(connects(ssl.get(), server.get()));
      CHECK(infos == 1);
      CHECK(in_words(ssl.get()) == "rejected (no-match)");
      CHECK(unaware.asked == 1);
    }
  }

  TEST_CASE("a session that is offered beside such an info callback is dropped where its tag does not fit") {
    for (const Version& version : versions) {
      INFO(version.what);
      const Ctx server = server_context(peers().leaf, version.number);
      Unaware before(peers().leaf);
      const Ssl first = before.ssl();
      REQUIRE(connects(first.get(), server.get()));
      REQUIRE_FALSE(before.client.sessions.empty());
      // The same SSL_CTX, whose records have changed since.
      before.source->answer_from_now_on(plan_for(peers().renewed));
      const Ssl second = before.ssl();
      SSL_set_info_callback(second.get(), count_infos);
      REQUIRE(SSL_set_session(second.get(), before.client.sessions.back().get()) == 1);
      CHECK_FALSE(connects(second.get(), server.get()));
      CHECK(in_words(second.get()) == "rejected (no-match)");
    }
  }

  TEST_CASE(
      "an address that it verifies stands alone where no record decides, and beside our names where one "
      "does") {
    const pki::Identity by_address =
        pki::issue({.common_name = "address", .addresses = {"192.0.2.1"}}, &peers().root);
    const Ctx server = server_context(by_address);
    for (const bool absent : {true, false}) {
      INFO(absent);
      Unaware unaware(by_address, {.policy = {}, .server_name = ServerName::BaseDomain});
      if (absent)
        unaware.source->answer_from_now_on(
            plan_with(danelaw::tlsa::TlsaOutcome(danelaw::tlsa::SecureAbsent{})));
      const Ssl ssl = unaware.ssl();
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), "192.0.2.1");
      CHECK(connects(ssl.get(), server.get()) == absent);
      CHECK(in_words(ssl.get()) ==
            (absent ? "not-applicable (secure-absent)" : "rejected (dane-ee-name-mismatch)"));
      errors();
    }
  }

  TEST_CASE("looking at the suites before the handshake starts nothing that stays") {
    const Ctx server = server_context(peers().leaf);
    Unaware unaware(peers().leaf);
    const Ssl ssl = unaware.ssl(nullptr);
    SSL_set_info_callback(ssl.get(), count_infos);
    SSL_set_connect_state(ssl.get());
    sk_SSL_CIPHER_free(SSL_get1_supported_ciphers(ssl.get()));
    send_name(ssl.get(), "www.example");
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }

  TEST_CASE("a verify callback that takes the place of ours keeps it, and we judge besides") {
    struct Row {
      const char* what;
      const pki::Identity& named;
      int (*callback)(X509_STORE_CTX*, void*);
      int verify_mode;
      bool connects;
      const char* verdict;
    };
    const Row rows[] = {
        {"both accept", peers().leaf, accept_anybody, SSL_VERIFY_PEER, true, "authenticated (matched)"},
        {"we refuse", peers().renewed, accept_anybody, SSL_VERIFY_PEER, false, "rejected (no-match)"},
        {"it refuses", peers().leaf, refuse_everybody, SSL_VERIFY_PEER, false, "none"},
        {"nobody verifies", peers().renewed, accept_anybody, SSL_VERIFY_NONE, true, "rejected (no-match)"},
    };
    for (const Version& version : versions) {
      for (const Row& row : rows) {
        INFO(version.what << ", " << row.what);
        const Ctx server = server_context(peers().leaf, version.number);
        Unaware unaware(row.named);
        SSL_CTX_set_cert_verify_callback(unaware.client.ctx(), row.callback, nullptr);
        const Ssl ssl = unaware.ssl();
        SSL_set_verify(ssl.get(), row.verify_mode, nullptr);
        CHECK(connects(ssl.get(), server.get()) == row.connects);
        CHECK(in_words(ssl.get()) == row.verdict);
      }
    }
  }

  TEST_CASE("R6698-4.1f: a lookup that failed ends the connection beside such a callback, too") {
    const Ctx server = server_context(peers().leaf);
    Unaware unaware(peers().leaf);
    unaware.source->answer_from_now_on(plan_with(
        danelaw::tlsa::TlsaOutcome(danelaw::tlsa::LookupError{danelaw::tlsa::LookupFault::Bogus, "bogus"})));
    SSL_CTX_set_cert_verify_callback(unaware.client.ctx(), accept_anybody, nullptr);
    const Ssl ssl = unaware.ssl();
    CHECK_FALSE(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
  }

  TEST_CASE("a server's own verify callback is called") {
    Client client;
    client.settings.name_service = [](SSL*) -> Result<std::monostate> { return std::monostate(); };
    const Ctx server = server_context(peers().leaf);
    danelaw::hook::AttachSettings settings;
    settings.engine = danelaw::verify::DaneEngine::create().value();
    settings.name_service = client.settings.name_service;
    REQUIRE(danelaw::hook::attach(server.get(), std::move(settings)).ok());
    SSL_CTX_set_verify(server.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(server.get(), refuse_everybody, nullptr);
    SSL_CTX_use_certificate(client.ctx(), peers().leaf.certificate.get());
    SSL_CTX_use_PrivateKey(client.ctx(), peers().leaf.key.get());
    client.attach(nullptr);
    const Ssl ssl = client.ssl();
    Pair pair(ssl.get(), server.get());
    REQUIRE(danelaw::hook::watch(pair.server()).ok());
    pair.handshake();
    pair.exchange();
    CHECK(SSL_get_verify_result(pair.server()) == X509_V_ERR_CERT_REJECTED);
    CHECK(SSL_is_init_finished(pair.server()) == 0);
  }

  TEST_CASE("the application's own security callback is asked") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    SSL_CTX_set_security_callback(client.ctx(),
                                  [](const SSL*, const SSL_CTX*, int, int, int, void*, void*) { return 0; });
    client.settings.name_service = [](SSL*) -> Result<std::monostate> { return std::monostate(); };
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = client.ssl();
    CHECK_FALSE(connects(ssl.get(), server.get()));
  }
}

TEST_SUITE("Attachments of others") {
  TEST_CASE("the application's own attachment takes the place of one that asks") {
    const Ctx server = server_context(peers().leaf);
    Client client;
    client.settings.name_service = [](SSL*) -> Result<std::monostate> {
      return Problem{Fault::State, "nobody shall ask"};
    };
    client.attach(at_once(plan_for(peers().renewed)));
    client.settings.name_service = nullptr;
    client.attach(at_once(plan_for(peers().leaf)));
    const Ssl ssl = named(client);
    CHECK(connects(ssl.get(), server.get()));
    CHECK(in_words(ssl.get()) == "authenticated (matched)");
  }

  TEST_CASE("what our own work makes is not attached") {
    const danelaw::OwnWork own;
    const Ctx ctx(SSL_CTX_new(TLS_client_method()));
    danelaw::hook::AttachSettings settings;
    { settings.engine = danelaw::verify::DaneEngine::create().value(); }
    const auto attached = danelaw::hook::attach(ctx.get(), std::move(settings));
    REQUIRE_FALSE(attached.ok());
    CHECK(attached.problem().fault == Fault::State);
  }
}
