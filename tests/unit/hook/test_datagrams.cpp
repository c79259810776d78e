#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "chain_support.hpp"

using namespace hook_test;

namespace {

const Service by_datagram{"www.example", 443, danelaw::tlsa::Transport::Udp};

/// Two UDP sockets on the loopback, connected to each other.
class Sockets final {
 public:
  Sockets() {
    for (int& descriptor : m_descriptors) {
      descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      sockaddr_in any{};
      any.sin_family = AF_INET;
      any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      REQUIRE(bind(descriptor, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0);
    }
    for (const int i : {0, 1}) {
      sockaddr_in other{};
      socklen_t octets = sizeof other;
      REQUIRE(getsockname(m_descriptors[1 - i], reinterpret_cast<sockaddr*>(&other), &octets) == 0);
      REQUIRE(connect(m_descriptors[i], reinterpret_cast<const sockaddr*>(&other), octets) == 0);
    }
  }
  ~Sockets() {
    for (const int descriptor : m_descriptors) close(descriptor);
  }
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  void give(SSL* ssl, int which) const {
    BIO* bio = BIO_new_dgram(m_descriptors[which], BIO_NOCLOSE);
    sockaddr_in other{};
    socklen_t octets = sizeof other;
    getpeername(m_descriptors[which], reinterpret_cast<sockaddr*>(&other), &octets);
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &other);
    SSL_set_bio(ssl, bio, bio);
  }

 private:
  int m_descriptors[2]{};
};

bool handshake(SSL* client, SSL* server) {
  for (int step = 0; step < 1000; ++step) {
    const int done = SSL_do_handshake(client);
    if (done == 1 && !SSL_in_init(server)) return true;
    if (done != 1 && SSL_get_error(client, done) != SSL_ERROR_WANT_READ) return false;
    SSL_do_handshake(server);
  }
  return false;
}

Ctx datagram_server() {
  Ctx server(SSL_CTX_new(DTLS_server_method()));
  SSL_CTX_use_certificate(server.get(), peers().self_signed.certificate.get());
  SSL_CTX_use_PrivateKey(server.get(), peers().self_signed.key.get());
  SSL_CTX_set_session_id_context(server.get(), reinterpret_cast<const unsigned char*>("x"), 1);
  // HelloVerifyRequest has the client repeat its ClientHello.
  SSL_CTX_set_options(server.get(), SSL_OP_COOKIE_EXCHANGE);
  SSL_CTX_set_cookie_generate_cb(server.get(), [](SSL*, unsigned char* cookie, unsigned* octets) {
    std::memset(cookie, 7, *octets = 16);
    return 1;
  });
  SSL_CTX_set_cookie_verify_cb(server.get(), [](SSL*, const unsigned char*, unsigned) { return 1; });
  return server;
}

}  // namespace

TEST_SUITE("RFC 6698 section 3: services over datagrams") {
  TEST_CASE(
      "R6698-3a: DTLS is judged by the plan of the udp service, with cookies, and its sessions are tagged") {
    const Ctx server = datagram_server();
    const Client ordinary;
    const Ctx client(SSL_CTX_new(DTLS_client_method()));
    SSL_CTX_set_verify(client.get(), SSL_VERIFY_PEER, nullptr);
    SharedPlan plan = plan_for(peers().self_signed, {}, by_datagram);
    auto settings = ordinary.settings;
    settings.source = std::make_shared<Source>([&](const auto&) { return danelaw::verify::ready(plan); });
    REQUIRE(danelaw::hook::attach(client.get(), settings).ok());

    Session session;
    for (const char* want : {"authenticated (matched)", "authenticated (resumed)", "rejected (no-match)"}) {
      INFO(want);
      const bool right = std::string(want) != "rejected (no-match)";
      if (!right) plan = plan_for(peers().leaf, {}, by_datagram);
      const Sockets sockets;
      const Ssl ssl(SSL_new(client.get()));
      REQUIRE(danelaw::hook::set_service(ssl.get(), by_datagram).ok());
      if (session) SSL_set_session(ssl.get(), session.get());
      const Ssl peer(SSL_new(server.get()));
      sockets.give(ssl.get(), 0);
      sockets.give(peer.get(), 1);
      SSL_set_connect_state(ssl.get());
      SSL_set_accept_state(peer.get());
      CHECK(handshake(ssl.get(), peer.get()) == right);
      CHECK(in_words(ssl.get()) == want);
      if (right) SSL_shutdown(ssl.get());
      session.reset(SSL_get1_session(ssl.get()));
      errors();
    }
  }

  TEST_CASE("R9102-3a: a DNSSEC chain comes over DTLS for the udp service, and for no other") {
    for (const auto transport : {danelaw::tlsa::Transport::Udp, danelaw::tlsa::Transport::Tcp}) {
      const bool fits = transport == danelaw::tlsa::Transport::Udp;
      INFO(fits);
      const Ctx server = datagram_server();
      Staple stapled;
      stapled.chain = "proof";
      staple(server.get(), stapled);
      const Client ordinary;
      const Ctx client(SSL_CTX_new(DTLS_client_method()));
      SSL_CTX_set_verify(client.get(), SSL_VERIFY_PEER, nullptr);
      const auto source = std::make_shared<ChainSource>([](const Source::Asked& asked) {
        return danelaw::verify::ready(plan_with(danelaw::tlsa::TlsaOutcome(), asked.policy, asked.service));
      });
      source->chains.known["proof"] = records_for(peers().self_signed);
      auto settings = ordinary.settings;
      settings.dnssec_chain = danelaw::hook::DnssecChain::Offer;
      settings.source = source;
      REQUIRE(danelaw::hook::attach(client.get(), settings).ok());

      const Sockets sockets;
      const Ssl ssl(SSL_new(client.get()));
      REQUIRE(danelaw::hook::set_service(ssl.get(), {"www.example", 853, transport}).ok());
      const Ssl peer(SSL_new(server.get()));
      sockets.give(ssl.get(), 0);
      sockets.give(peer.get(), 1);
      SSL_set_connect_state(ssl.get());
      SSL_set_accept_state(peer.get());
      CHECK(handshake(ssl.get(), peer.get()) == fits);
      CHECK(in_words(ssl.get()) == (fits ? "authenticated (matched)" : "undecided (lookup-failed)"));
      CHECK((stapled.asked == std::string{"\x03\x55", 2}) == fits);
      errors();
    }
  }
}
