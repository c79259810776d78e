#include "dns/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/own_work.hpp"

namespace danelaw::dns {
namespace {

/// By name, as RFC 8310 section 8.1 has it: subjectAltName only, and a wildcard is a whole label.
bool expect_name(SSL* ssl, const std::string& name) {
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  // What SSL_set_tlsext_host_name() stands for, which casts as C does.
  void* const server_name = const_cast<char*>(name.c_str());
  return SSL_set1_host(ssl, name.c_str()) == 1 &&
         SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, server_name) == 1;
}

/// A pin of the server's key is what DANE calls 3 1 1; with one set, nothing else authenticates.
bool expect_pin(SSL* ssl, const Buffer& pin) {
  constexpr std::uint8_t dane_ee = 3;
  constexpr std::uint8_t spki = 1;
  constexpr std::uint8_t sha256 = 1;
  if (SSL_dane_enable(ssl, nullptr) != 1) return false;
  return SSL_dane_tlsa_add(ssl, dane_ee, spki, sha256, pin.data(), pin.size()) == 1;
}

std::string reason_of(unsigned long error) {
  const char* const reason = ERR_reason_error_string(error);
  return reason == nullptr ? "no reason is known" : reason;
}

}  // namespace

bool TlsClient::prepare(const TlsPeer& peer, std::string& problem) {
  problem = "cannot be asked over TLS: OpenSSL cannot be set up";
  if (m_ctx == nullptr) {
    const OwnWork own;
    m_ctx.reset(SSL_CTX_new(TLS_client_method()));
    if (m_ctx == nullptr) return false;
    SSL_CTX_set_verify(m_ctx.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_options(m_ctx.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(m_ctx.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(m_ctx.get(), SSL_SESS_CACHE_OFF);
    if (SSL_CTX_set_min_proto_version(m_ctx.get(), TLS1_2_VERSION) != 1 ||
        SSL_CTX_dane_enable(m_ctx.get()) != 1) {
      m_ctx.reset();
      return false;
    }
  }
  if (peer.name.empty() || m_has_store) return true;
  problem = "cannot be authenticated: no certificate can be read from " +
            (m_ca_file.empty() ? "the system's trust store" : m_ca_file);
  m_has_store = m_ca_file.empty()
                    ? SSL_CTX_set_default_verify_paths(m_ctx.get()) == 1
                    : SSL_CTX_load_verify_locations(m_ctx.get(), m_ca_file.c_str(), nullptr) == 1;
  return m_has_store;
}

SslHandle TlsClient::connection_to(const TlsPeer& peer, std::string& problem) {
  ERR_clear_error();
  if (!prepare(peer, problem)) return nullptr;
  const OwnWork own;
  SslHandle ssl(SSL_new(m_ctx.get()));
  problem = "cannot be asked over TLS: OpenSSL has no memory left";
  if (ssl == nullptr) return nullptr;
  const bool set = peer.name.empty() ? expect_pin(ssl.get(), peer.pin) : expect_name(ssl.get(), peer.name);
  if (!set) return nullptr;
  problem.clear();
  SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, nullptr);
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::string handshake_problem(const SSL* ssl) {
  const long verified = SSL_get_verify_result(ssl);
  if (verified == X509_V_ERR_DANE_NO_MATCH) return "is not authenticated: its key is not the pinned one";
  if (verified != X509_V_OK)
    return std::string("is not authenticated: ") + X509_verify_cert_error_string(verified);
  return "fails at TLS: " + reason_of(ERR_peek_last_error());
}

bool is_authenticated(SSL* ssl, const TlsPeer& peer) {
  if (SSL_get0_peer_certificate(ssl) == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return false;
  if (!peer.name.empty()) return SSL_get0_peername(ssl) != nullptr;
  return SSL_get0_dane_authority(ssl, nullptr, nullptr) == 0;  // at the end entity's depth
}

}  // namespace danelaw::dns
