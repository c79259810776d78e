// How this side of a connection to a resolver over TLS is set up: whom it trusts, and that it goes on with nobody else.
// RFC 8310's strict usage profile: the resolver is authenticated by its name (section 8.1) or by the pin of its key (RFC 7858
// section 4.2), or there is no connection. Nothing here knows sockets.
//
// Its SSL_CTX is ours alone: made as OwnWork, so that hooks which Danelaw or its plugin put on every SSL_CTX of the process leave
// it alone.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "dns/resolver_address.hpp"

namespace danelaw::dns {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* ctx) const { SSL_CTX_free(ctx); }
};
using SslHandle = std::unique_ptr<SSL, SslFree>;

class TlsClient final {
 public:
  /// `ca_file` is PEM: the only certificates trusted for names. Empty: those that OpenSSL takes for the system's.
  explicit TlsClient(std::string ca_file) : m_ca_file(std::move(ca_file)) {}

  /// A client's SSL whose handshake succeeds with this peer only. Null with the reason in `problem`.
  [[nodiscard]] SslHandle connection_to(const TlsPeer& peer, std::string& problem);

 private:
  [[nodiscard]] bool prepare(const TlsPeer& peer, std::string& problem);

  const std::string m_ca_file;
  std::unique_ptr<SSL_CTX, SslFree> m_ctx;  // made for the first connection
  bool m_has_store = false;                 // read for the first peer that is known by name
};

/// Why the handshake that has just failed did, as it reads after the resolver's name.
[[nodiscard]] std::string handshake_problem(const SSL* ssl);
/// After the handshake, once more and by other means: this is the peer that was meant.
[[nodiscard]] bool is_authenticated(SSL* ssl, const TlsPeer& peer);

}  // namespace danelaw::dns
