#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <string>

#include "dns/query.hpp"
#include "dns/stream_upstream.hpp"
#include "dns/tls_wrapping.hpp"
#include "sanitizers.hpp"
#include "stub_client.hpp"
#include "tls_server.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

using Manners = TlsServer::Manners;

/// A public authority in a file, and what it has issued.
struct Authority {
  pki::Identity root = pki::issue({.common_name = "Root", .ca = true});
  pki::Identity right = pki::issue({.dns_names = {"dns.example"}}, &root);
  pki::Identity expired = pki::issue({.dns_names = {"dns.example"}, .not_after = -60}, &root);
  pki::Identity self_signed = pki::issue({.dns_names = {"dns.example"}});
  pki::Identity common_name_only = pki::issue({.common_name = "dns.example"}, &root);
  std::string file;

  Authority() {
    std::array<char, 32> path{"/tmp/danelaw-test-ca-XXXXXX"};
    std::FILE* const out = fdopen(mkstemp(path.data()), "w");
    PEM_write_X509(out, root.certificate.get());
    std::fclose(out);
    file = path.data();
  }
  ~Authority() { std::remove(file.c_str()); }
};

const Authority& authority() {
  static const Authority made;
  return made;
}

TlsPeer named(const std::string& name) { return {name, {}}; }
TlsPeer pinned(const pki::Identity& identity) {
  const Buffer spki = pki::spki_der(identity.certificate.get());
  Buffer pin(SHA256_DIGEST_LENGTH);
  SHA256(spki.data(), spki.size(), pin.data());
  return {"", pin};
}

StubSettings settings_for(std::vector<ResolverAddress> resolvers, std::chrono::milliseconds patience = 5s) {
  StubSettings settings = Client::settings_for(std::move(resolvers), patience);
  settings.tls_ca_file = authority().file;
  return settings;
}

const std::string right_answer = "secure _443._tcp.www.n1.example";

/// A port on which nobody listens.
ResolverAddress dead(const TlsPeer& peer) {
  const TlsServer gone({honest}, authority().right);
  return gone.address(peer);
}

/// The socket of this process that is connected to `port`; -1 where there is none.
int connected_to(std::uint16_t port) {
  constexpr int most = 1024;
  for (int fd = 3; fd < most; ++fd) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 && ntohs(peer.sin_port) == port)
      return fd;
  }
  return -1;
}

int option(int socket, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(socket, IPPROTO_TCP, name, &value, &size) == 0 ? value : -1;
}

StreamUpstream upstream_at(EventLoop& loop, const ResolverAddress& address, TlsClient& tls,
                           std::chrono::milliseconds idle) {
  return {loop, address, [&tls, address] { return std::make_unique<TlsWrapping>(tls, *address.tls); }, idle};
}

/// Hears why a connection has ended.
struct LastWord final : StreamConnection::Listener {
  bool on_message(Buffer) override { return true; }
  void on_closed(Obstacle why) override { problem = std::move(why.text); }
  std::string problem;
};

}  // namespace

TEST_SUITE("RFC 7858, RFC 8310 section 5: DNS over TLS, authenticated or not at all") {
  TEST_CASE("All questions of a lookup, and those of the next ones, go over one connection") {
    for (const bool backwards : {false, true}) {
      for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        INFO(backwards << " " << version);
        TlsServer server({.script = honest, .answers_backwards = backwards, .newest_version = version},
                         authority().right);
        Client client(settings_for({server.address(named("dns.example"))}));
        CHECK(word(client.ask(signed_tlsa)) == right_answer);
        CHECK(server.questions() == 6);
        CHECK(word(client.ask(question("www.n1.example", RrType::A))) == "secure www.n1.example");
        CHECK(server.questions() == 7);
        CHECK(server.connections() == 1);
        CHECK(server.were_padded());
      }
    }
  }

  TEST_CASE("RFC 8310 section 8: whoever is not the resolver that was meant hears no question") {
    struct Row {
      const char* what;
      const pki::Identity& identity;
      TlsPeer peer;
      std::string want;
      const char* why = "";
    };
    const std::vector<Row> rows{
        {"right", authority().right, named("dns.example"), right_answer},
        {"another name", authority().right, named("other.example"), "unreachable", "ostname mismatch"},
        {"a name above", authority().right, named("example"), "unreachable", "ostname mismatch"},
        {"expired", authority().expired, named("dns.example"), "unreachable", "expired"},
        {"another authority", authority().self_signed, named("dns.example"), "unreachable", "self"},
        {"section 8.1: a common name is no name", authority().common_name_only, named("dns.example"),
         "unreachable", "ostname mismatch"},
        {"RFC 7858 section 4.2: the pinned key", authority().right, pinned(authority().right), right_answer},
        {"the pinned key needs no authority", authority().self_signed, pinned(authority().self_signed),
         right_answer},
        {"another key than the pinned one", authority().right, pinned(authority().self_signed), "unreachable",
         "not the pinned one"},
    };
    for (const Row& row : rows) {
      for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        INFO(row.what << " " << version);
        TlsServer server({.script = honest, .newest_version = version}, row.identity);
        const ResolverAddress address = server.address(row.peer);
        const Answer got = Client(settings_for({address})).ask(signed_tlsa);
        INFO(reason(got));
        CHECK(word(got) == row.want);
        if (row.want == right_answer) continue;
        CHECK(server.questions() == 0);
        CHECK(server.connections() == 1);  // asked once for all questions, and not again
        CHECK(mentions(reason(got), address));
        CHECK(reason(got).find(row.why) != std::string::npos);
      }
    }
  }

  TEST_CASE("Nobody to connect to, and no authority to ask, is said at once") {
    const ResolverAddress gone = dead(named("dns.example"));
    const Answer refused = Client(settings_for({gone})).ask(signed_tlsa);
    CHECK(word(refused) == "unreachable");
    CHECK(reason(refused).find("refused") != std::string::npos);
    TlsServer server({honest}, authority().right);
    StubSettings settings = settings_for({server.address(named("dns.example"))});
    settings.tls_ca_file = "/nonexistent/ca.pem";
    const Answer unknown = Client(settings).ask(signed_tlsa);
    CHECK(word(unknown) == "unreachable");
    CHECK(reason(unknown).find("/nonexistent/ca.pem") != std::string::npos);
    CHECK(server.connections() == 0);
  }

  TEST_CASE("No way back to the clear: what listens there without TLS is never asked") {
    int questions = 0;
    ScriptedServer plain([&questions](const dnssec::Question& asked, const Buffer& query) {
      ++questions;
      return honest(asked, query);
    });
    ResolverAddress address = plain.address();  // UDP only: nobody takes the connection
    address.tls = named("dns.example");
    CHECK(word(Client(settings_for({address}, 50ms)).ask(signed_tlsa)) == "unreachable");
    CHECK(questions == 0);
  }

  TEST_CASE("The next resolver is asked where one is dead, wrong or silent, and first from then on") {
    TlsServer good({honest}, authority().right);
    TlsServer wrong({honest}, authority().self_signed);
    TlsServer mute({.script = honest, .shakes_hands = false}, authority().right);
    for (const ResolverAddress& bad : {dead(named("dns.example")), wrong.address(named("dns.example")),
                                       mute.address(named("dns.example"))}) {
      INFO(bad.to_text());
      Client client(settings_for({bad, good.address(named("dns.example"))}, 200ms));
      CHECK(word(client.ask(signed_tlsa)) == right_answer);
      const int wasted = wrong.connections() + mute.connections();
      CHECK(word(client.ask(question("www.n3.example", RrType::A))) == "secure www.n3.example");
      CHECK(wrong.connections() + mute.connections() == wasted);
    }
  }

  TEST_CASE("RFC 7766 section 6.2.4: a resolver that closes connections is connected to again") {
    for (const int replies : {1, 3, 6}) {
      INFO(replies);
      TlsServer server({.script = honest, .replies_per_connection = replies}, authority().right);
      Client client(settings_for({server.address(named("dns.example"))}, 2s));
      CHECK(word(client.ask(signed_tlsa)) == right_answer);
      CHECK(word(client.ask(question("www.n3.example", RrType::A))) == "secure www.n3.example");
      CHECK(server.connections() > 1);
    }
    TlsServer hangs_up({.script = honest, .replies_per_connection = 0}, authority().right);
    const Answer never = Client(settings_for({hangs_up.address(named("dns.example"))})).ask(signed_tlsa);
    CHECK(word(never) == "unreachable");
    CHECK(reason(never).find("closed the connection") != std::string::npos);
    CHECK(hangs_up.connections() < 10);
  }

  TEST_CASE("A reply that is lost on a connection that seems alive is asked for over a new one") {
    const auto times = std::make_shared<std::atomic<int>>(0);
    TlsServer server({[times](const dnssec::Question& asked, const Buffer& query) {
                       const bool is_lost = asked.type == RrType::A && ++*times == 1;
                       return is_lost ? Datagrams{} : honest(asked, query);
                     }},
                     authority().right);
    // Long enough for a handshake in twice that time. The first lookup may take what it wants.
    const std::chrono::milliseconds patience = under_valgrind() ? 2s : 100ms;
    Client client(settings_for({server.address(named("dns.example"))}, patience));
    CHECK(word(client.ask(signed_tlsa)) == right_answer);
    const int before = server.connections();
    CHECK(word(client.ask(question("www.n1.example", RrType::A))) == "secure www.n1.example");
    CHECK(*times == 2);
    CHECK(server.connections() == before + 1);
  }

  TEST_CASE("What does not belong to a question does no harm, and too much of it ends the connection") {
    const auto flood = [](std::size_t strays) {
      return [strays](const dnssec::Question& asked, const Buffer& query) {
        Datagrams out(strays, Buffer{0xFF, 0xFF, 1, 2, 3});
        out.push_back({});
        out.push_back(honest(asked, query).front());
        return out;
      };
    };
    TlsServer some({flood(10)}, authority().right);
    CHECK(word(Client(settings_for({some.address(named("dns.example"))})).ask(signed_tlsa)) == right_answer);
    TlsServer many({flood(max_stray_replies + 1)}, authority().right);
    const Answer got = Client(settings_for({many.address(named("dns.example"))})).ask(signed_tlsa);
    CHECK(word(got) == "unreachable");
    CHECK(reason(got).find("nobody has asked for") != std::string::npos);
  }

  TEST_CASE(
      "Length and message apart are one reply, and the kernel is told to acknowledge each part at once") {
    for (const bool splits : {true, false}) {
      INFO(splits);
      TlsServer server({.script = honest, .splits = splits}, authority().right);
      Client client(settings_for({server.address(named("dns.example"))}));
      constexpr int lookups =
          20;  // after which the kernel would let acknowledgements wait for the next question
      for (int i = 0; i < lookups; ++i)
        CHECK(word(client.ask(question("www.n1.example", RrType::A))) == "secure www.n1.example");
      CHECK(server.connections() == 1);
      const int socket = connected_to(server.address({}).port);
      REQUIRE(socket >= 0);
      CHECK(option(socket, TCP_QUICKACK) == 1);
      CHECK(option(socket, TCP_NODELAY) == 1);
    }
  }

  TEST_CASE("RFC 8446 section 4.6.3: new keys are no harm, and no end of them ends the connection") {
    for (const bool endless : {false, true}) {
      INFO(endless);
      TlsServer server({.script = honest, .new_keys = endless ? 10000 : 8}, authority().right);
      const Answer got = Client(settings_for({server.address(named("dns.example"))})).ask(signed_tlsa);
      INFO(reason(got));
      CHECK(word(got) == (endless ? "unreachable" : right_answer));
      CHECK((reason(got).find("no end of what is no reply") != std::string::npos) == endless);
    }
  }

  TEST_CASE("A resolver that takes nothing costs no more memory than there is to ask") {
    for (const bool shakes_hands : {false, true}) {
      INFO(shakes_hands);
      TlsServer server({.script = honest, .shakes_hands = shakes_hands, .reads = false}, authority().right);
      std::string problem;
      const auto loop = EventLoop::create(problem);
      TlsClient tls(authority().file);
      LastWord last;
      const ResolverAddress address = server.address(named("dns.example"));
      StreamConnection connection(*loop, address, std::make_unique<TlsWrapping>(tls, *address.tls), last);
      for (int i = 0; i < 64; ++i) connection.send(Buffer(256));
      for (int i = 0; i < 1000 && server.handshakes() < (shakes_hands ? 1 : 0); ++i) loop->run_once(10ms);
      CHECK(last.problem.empty());
      for (int i = 0; i < 400 && last.problem.empty(); ++i) {
        connection.send(Buffer(65535));
        loop->run_once(0ms);
      }
      CHECK(last.problem == "does not take what it is sent");
    }
  }

  TEST_CASE("A connection that nobody uses is closed, and opened again when it is needed") {
    TlsServer server({honest}, authority().right);
    std::string problem;
    const auto loop = EventLoop::create(problem);
    TlsClient tls(authority().file);
    StreamUpstream upstream = upstream_at(*loop, server.address(named("dns.example")), tls, 30ms);
    for (const int connections : {1, 2}) {
      bool answered = false;
      upstream.send(signed_tlsa, [&answered](const Received& got) { answered = !got.message.empty(); });
      for (int i = 0; i < 500 && !(answered && loop->is_idle()); ++i) loop->run_once(10ms);
      CHECK(answered);
      CHECK(loop->is_idle());
      CHECK(server.connections() == connections);
    }
  }

  TEST_CASE("Questions that are cancelled, and upstreams that go, leave nothing behind") {
    TlsServer server({honest}, authority().right);
    TlsServer mute({.script = honest, .shakes_hands = false}, authority().right);
    std::string problem;
    const auto loop = EventLoop::create(problem);
    TlsClient tls(authority().file);
    for (const TlsServer* one : {&server, &mute}) {
      for (int rounds = 0; rounds < 6; ++rounds) {
        bool called = false;
        {
          StreamUpstream upstream = upstream_at(*loop, one->address(named("dns.example")), tls, 5s);
          const auto done = [&called](const Received&) { called = true; };
          const auto first = upstream.send(signed_tlsa, done);
          upstream.send(question("www.n1.example", RrType::A), done);
          for (int i = 0; i < rounds; ++i) loop->run_once(1ms);
          upstream.cancel(first);
          upstream.cancel(first);
          called = false;
        }
        for (int i = 0; i < 5; ++i) loop->run_once(1ms);
        CHECK_FALSE(called);
        CHECK(loop->is_idle());
      }
    }
  }

  TEST_CASE("RFC 8467 section 4.1: every query has the same few lengths, and asks for signatures") {
    for (std::size_t labels = 0; labels < 60; ++labels) {
      std::string text = "n1.example";
      for (std::size_t i = 0; i < labels; ++i) text.insert(0, "ab.");
      const Buffer query = padded_query(0x1234, question(text, RrType::Tlsa));
      CHECK(query.size() % padding_block_octets == 0);
      const auto message = dnssec::Message::from_wire(query);
      REQUIRE(message.ok());
      CHECK(message->id() == 0x1234);
      CHECK(message->flags() == 0x0110);
      REQUIRE(message->additional().size() == 1);
      CHECK(message->additional().front().ttl == 0x8000);
    }
  }
}

TEST_SUITE("How a resolver over TLS is named") {
  TEST_CASE("tls://IP[@PORT]/NAME or a pin, and nothing else") {
    const std::string pin = "pin-sha256=KgBoV/T71GnQmivxHXAsRS30ih8q9bQ+XzytF87sQIg=";
    const std::vector<std::string> texts{"tls://192.0.2.1/dns.example", "tls://2001:db8::1@8853/dns.example",
                                         "tls://fe80::1%eth0/d.example", "tls://192.0.2.1/" + pin};
    for (const std::string& text : texts) {
      INFO(text);
      const auto address = ResolverAddress::from_text(text);
      REQUIRE(address.ok());
      CHECK(address->to_text() == text);
      CHECK(address->port == (text.find("@8853") == std::string::npos ? 853 : 8853));
    }
    CHECK(ResolverAddress::from_text("tls://192.0.2.1@853/DNS.Example.")->to_text() ==
          "tls://192.0.2.1/dns.example");
    for (const std::string text :
         {"tls://192.0.2.1", "tls://192.0.2.1/", "tls:///dns.example", "tls://dns.example/192.0.2.1",
          "tls://192.0.2.1/192.0.2.1", "tls://192.0.2.1/2001:db8::1", "tls://192.0.2.1/.",
          "tls://192.0.2.1/a b", "tls://192.0.2.1@0/dns.example", "TLS://192.0.2.1/dns.example",
          "https://192.0.2.1/dns.example", "192.0.2.1/dns.example", "tls://192.0.2.1#dns.example",
          "tls://192.0.2.1/pin-sha256=", "tls://192.0.2.1/pin-sha256=AAAA",
          "tls://192.0.2.1/pin-sha256=KgBoV/T71GnQmivxHXAsRS30ih8q9bQ+XzytF87sQIh=",
          "tls://192.0.2.1/pin-sha256=KgBoV/T71GnQmivxHXAsRS30ih8q9bQ+XzytF87sQI==",
          "tls://192.0.2.1/pin-sha256= gBoV/T71GnQmivxHXAsRS30ih8q9bQ+XzytF87sQIg="}) {
      INFO(text);
      CHECK_FALSE(ResolverAddress::from_text(text).ok());
    }
  }
}
