#include "dns/tls_wrapping.hpp"

#include <openssl/err.h>

#include <array>

namespace danelaw::dns {

TlsWrapping::TlsWrapping(TlsClient& client, const TlsPeer& peer)
    : m_peer(peer), m_ssl(client.connection_to(peer, m_problem)) {
  if (m_ssl == nullptr) return;
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(m_ssl.get(), in, out);
  if (in != nullptr && out != nullptr) return;
  m_problem = "cannot be asked over TLS: OpenSSL has no memory left";
  m_ssl.reset();
}

void TlsWrapping::take(Bytes octets) {
  BIO_write(SSL_get_rbio(m_ssl.get()), octets.data(), static_cast<int>(octets.size()));
}

void TlsWrapping::give(Buffer& outgoing) {
  char* made = nullptr;
  BIO* const out = SSL_get_wbio(m_ssl.get());
  const long octets = BIO_ctrl(out, BIO_CTRL_INFO, 0, &made);
  if (octets > 0) outgoing.insert(outgoing.end(), made, made + octets);
  BIO_ctrl(out, BIO_CTRL_RESET, 0, nullptr);
}

Wrapping::Handshake TlsWrapping::shake_hands() {
  if (m_ssl == nullptr) return Handshake::Failed;
  ERR_clear_error();
  const int done = SSL_do_handshake(m_ssl.get());
  if (done == 1) {
    if (is_authenticated(m_ssl.get(), m_peer)) return Handshake::Done;
    m_problem = "is not authenticated";
    return Handshake::Failed;
  }
  if (SSL_get_error(m_ssl.get(), done) == SSL_ERROR_WANT_READ) return Handshake::Running;
  m_problem = handshake_problem(m_ssl.get());
  return Handshake::Failed;
}

/// Memory takes all of it.
void TlsWrapping::write(Bytes octets) {
  ERR_clear_error();
  std::size_t written = 0;
  SSL_write_ex(m_ssl.get(), octets.data(), octets.size(), &written);
}

bool TlsWrapping::read(Buffer& incoming) {
  ERR_clear_error();
  constexpr std::size_t chunk_octets = 16 * 1024;
  std::array<std::uint8_t, chunk_octets> chunk;
  std::size_t octets = 0;
  while (SSL_read_ex(m_ssl.get(), chunk.data(), chunk.size(), &octets) == 1)
    incoming.insert(incoming.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(octets));
  return SSL_get_error(m_ssl.get(), 0) == SSL_ERROR_WANT_READ;
}

void TlsWrapping::close() {
  ERR_clear_error();
  SSL_shutdown(m_ssl.get());
}

}  // namespace danelaw::dns
