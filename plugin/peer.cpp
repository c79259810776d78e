#include "peer.hpp"

#include <dirent.h>
#include <netinet/in.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>
#include <memory>
#include <vector>

namespace danelaw::plugin {
namespace {

struct OpensslFree {
  void operator()(char* text) const { OPENSSL_free(text); }
};

struct FolderClose {
  void operator()(DIR* folder) const { closedir(folder); }
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

/// The descriptors of this process; empty where there are too many to look at, or none can be seen.
std::vector<int> descriptors() {
  constexpr std::size_t many = 1024;
  std::vector<int> found;
  const std::unique_ptr<DIR, FolderClose> folder(opendir("/proc/self/fd"));
  if (folder == nullptr) return {};
  while (const dirent* entry = readdir(folder.get())) {
    int descriptor = -1;
    const char* const end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, descriptor).ptr != end) continue;  // "." and ".."
    if (found.size() == many) return {};
    found.push_back(descriptor);
  }
  return found;
}

bool is_stream(int descriptor) {
  int type = 0;
  socklen_t octets = sizeof type;
  return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &octets) == 0 && type == SOCK_STREAM;
}

/// Behind a memory BIO any socket of the process may carry the connection. Where all of them lead to one port, that is
/// the port; where they do not, it is not known. The resolver's own connections do not count.
unsigned port_of_every_connection() {
  constexpr unsigned dns = 53;
  constexpr unsigned dns_over_tls = 853;
  unsigned common = 0;
  for (const int descriptor : descriptors()) {
    const unsigned port = is_stream(descriptor) ? peer_port(descriptor) : 0;
    if (port == 0 || port == dns || port == dns_over_tls) continue;
    if (common != 0 && port != common) return 0;
    common = port;
  }
  return common;
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
  const bool is_datagram = SSL_is_dtls(ssl) == 1;
  const unsigned port = descriptor >= 0 || is_datagram ? peer_port(descriptor) : port_of_every_connection();
  return {host_of(ssl), port, transport_of(ssl, descriptor)};
}

}  // namespace danelaw::plugin
