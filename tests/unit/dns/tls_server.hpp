// A DNS server over TLS on 127.0.0.1 that answers as a test wants and counts connections and questions.
#pragma once

#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "dns/resolver_address.hpp"
#include "own_socket.hpp"
#include "pki.hpp"
#include "scripted_server.hpp"

namespace danelaw::dns::test {

class TlsServer final {
 public:
  struct Manners {
    ScriptedServer::Script script;
    int replies_per_connection = 1 << 20;
    bool shakes_hands = true;
    bool answers_backwards = false;  ///< all questions that have come together, the last one first
    bool splits = false;             ///< length and message in two records
    int new_keys = 0;                ///< KeyUpdate messages before each reply (RFC 8446 section 4.6.3)
    bool reads = true;
    int newest_version = TLS1_3_VERSION;
  };

  TlsServer(Manners manners, const pki::Identity& identity)
      : m_manners(std::move(manners)), m_ctx(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    SSL_CTX_use_certificate(m_ctx.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(m_ctx.get(), identity.key.get());
    SSL_CTX_set_max_proto_version(m_ctx.get(), m_manners.newest_version);
    m_thread = std::thread([this] { accept_all(); });
  }
  ~TlsServer() {
    m_stop = true;
    m_thread.join();
    for (std::thread& one : m_connections) one.join();
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] ResolverAddress address(const TlsPeer& peer) const {
    return {"127.0.0.1", "", m_socket.port(), peer};
  }
  [[nodiscard]] int connections() const { return m_accepted; }
  [[nodiscard]] int handshakes() const { return m_handshakes; }
  [[nodiscard]] int questions() const { return m_questions; }
  [[nodiscard]] bool were_padded() const { return m_padded; }

 private:
  using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;

  [[nodiscard]] bool readable(int fd) const {
    constexpr int look_after = 20;
    while (!m_stop) {
      pollfd ready{fd, POLLIN, 0};
      if (poll(&ready, 1, look_after) > 0) return true;
    }
    return false;
  }

  void accept_all() {
    while (readable(m_socket.number())) {
      const int fd = accept(m_socket.number(), nullptr, nullptr);
      if (fd < 0) continue;
      ++m_accepted;
      m_connections.emplace_back([this, fd] {
        serve(fd);
        shutdown(fd, SHUT_WR);
        close(fd);
      });
    }
  }

  void serve(int fd) {
    sigset_t broken_pipe;  // a client may be gone before its reply
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    if (!m_manners.shakes_hands) {
      while (readable(fd) && recv(fd, nullptr, 0, MSG_TRUNC) == 0 && !m_stop) usleep(1000);
      return;
    }
    const Ssl ssl(SSL_new(m_ctx.get()), SSL_free);
    SSL_set_fd(ssl.get(), fd);
    if (!readable(fd) || SSL_accept(ssl.get()) != 1) return;
    ++m_handshakes;
    while (!m_manners.reads && !m_stop) usleep(1000);
    int replied = 0;
    while (replied < m_manners.replies_per_connection) {
      std::vector<Buffer> queries;
      do {
        Buffer query;
        if (!read_query(ssl.get(), fd, query)) return;
        queries.push_back(std::move(query));
      } while (m_manners.answers_backwards && SSL_pending(ssl.get()) > 0);
      if (m_manners.answers_backwards) std::reverse(queries.begin(), queries.end());
      for (const Buffer& query : queries) reply(ssl.get(), query);
      replied += static_cast<int>(queries.size());
    }
    SSL_shutdown(ssl.get());
  }

  bool read_exactly(SSL* ssl, int fd, std::uint8_t* to, std::size_t octets) {
    while (octets > 0) {
      if (SSL_pending(ssl) == 0 && !readable(fd)) return false;
      std::size_t got = 0;
      if (SSL_read_ex(ssl, to, octets, &got) != 1) return false;
      to += got;
      octets -= got;
    }
    return true;
  }

  bool read_query(SSL* ssl, int fd, Buffer& query) {
    std::array<std::uint8_t, 2> length{};
    if (!read_exactly(ssl, fd, length.data(), length.size())) return false;
    query.resize(static_cast<std::size_t>(length[0] << 8 | length[1]));
    if (!read_exactly(ssl, fd, query.data(), query.size())) return false;
    ++m_questions;
    constexpr std::size_t block = 128;  // RFC 8467 section 4.1
    if (query.size() % block != 0) m_padded = false;
    return true;
  }

  void reply(SSL* ssl, const Buffer& query) {
    const auto message = dnssec::Message::from_wire(query);
    if (!message || !message->question()) return;
    for (const Buffer& one :
         m_manners.script({message->question()->name, message->question()->type}, query)) {
      Buffer framed;
      lab::put_u16(framed, one.size());
      renew_keys(ssl);
      if (m_manners.splits) write(ssl, std::exchange(framed, {}));
      framed.insert(framed.end(), one.begin(), one.end());
      write(ssl, framed);
    }
  }

  /// Of which the client is to answer each.
  void renew_keys(SSL* ssl) const {
    for (int i = 0; i < m_manners.new_keys; ++i) {
      if (SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) != 1 || SSL_do_handshake(ssl) != 1) return;
    }
  }

  static void write(SSL* ssl, const Buffer& octets) {
    std::size_t written = 0;
    static_cast<void>(SSL_write_ex(ssl, octets.data(), octets.size(), &written));
  }

  const Manners m_manners;
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> m_ctx;
  const OwnSocket m_socket{SOCK_STREAM};
  std::atomic<bool> m_stop{false};
  std::atomic<bool> m_padded{true};
  std::atomic<int> m_accepted{0};
  std::atomic<int> m_handshakes{0};
  std::atomic<int> m_questions{0};
  std::list<std::thread> m_connections;
  std::thread m_thread;
};

}  // namespace danelaw::dns::test
