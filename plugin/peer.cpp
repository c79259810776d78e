#include "peer.hpp"

#include <netinet/in.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <memory>

namespace danelaw::plugin {
namespace {

struct OpensslFree {
  void operator()(char* text) const { OPENSSL_free(text); }
};

/// SNI is the base domain that will be matched (RFC 7671 section 7); the name to verify stands in where none is sent.
std::string host_of(SSL* ssl) {
  if (const char* server_name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)) return server_name;
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  if (const char* host = X509_VERIFY_PARAM_get0_host(param, 0)) return host;
  const std::unique_ptr<char, OpensslFree> address(X509_VERIFY_PARAM_get1_ip_asc(param));
  return address == nullptr ? "" : address.get();
}

unsigned port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

/// The port at the other end of the socket; 0 where there is none, or no socket.
unsigned peer_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t octets = sizeof address;
  if (descriptor < 0 || getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &octets) != 0)
    return 0;
  return port_of(address);
}

danelaw_transport transport_of(const SSL* ssl, int descriptor) {
  int protocol = 0;
  socklen_t octets = sizeof protocol;
  if (descriptor >= 0 && getsockopt(descriptor, SOL_SOCKET, SO_PROTOCOL, &protocol, &octets) == 0 &&
      protocol == IPPROTO_SCTP)
    return DANELAW_TRANSPORT_SCTP;
  return SSL_is_dtls(ssl) == 1 ? DANELAW_TRANSPORT_UDP : DANELAW_TRANSPORT_TCP;
}

}  // namespace

Peer peer_of(SSL* ssl) {
  const int descriptor = SSL_get_rfd(ssl);
  return {host_of(ssl), peer_port(descriptor), transport_of(ssl, descriptor)};
}

}  // namespace danelaw::plugin
