#include "peer.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <vector>

#include "proxies.hpp"

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

/// The other end of the socket; its family is AF_UNSPEC where there is none, or no socket.
sockaddr_storage other_end(int descriptor) {
  sockaddr_storage address{};
  socklen_t octets = sizeof address;
  if (descriptor < 0 || getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &octets) != 0)
    return {};
  return address;
}

/// The port there; 0 as above.
unsigned peer_port(int descriptor) { return port_of(other_end(descriptor)); }

std::string ip_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* octets = address.ss_family == AF_INET
                           ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr)
                           : &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  return inet_ntop(address.ss_family, octets, text.data(), text.size()) == nullptr ? "" : text.data();
}

/// The port at this end of the socket; 0 as above.
unsigned own_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t octets = sizeof address;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &octets) != 0) return 0;
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

int option_of(int descriptor, int option) {
  int value = 0;
  socklen_t octets = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, option, &value, &octets) == 0 ? value : 0;
}

/// The ports on which this process waits for others.
std::vector<unsigned> listening_ports(const std::vector<int>& descriptors) {
  std::vector<unsigned> ports;
  for (const int descriptor : descriptors)
    if (option_of(descriptor, SO_ACCEPTCONN) != 0) ports.push_back(own_port(descriptor));
  return ports;
}

/// Behind a memory BIO any socket of the process may carry the connection. Where all of them lead to one port, that is
/// the port; where they do not, it is not known. The resolver's own connections do not count, and neither do those that
/// others made to us: a stranger who connects would make the port unknown.
unsigned port_of_every_connection(const IsResolver& is_resolver) {
  constexpr unsigned dns = 53;
  constexpr unsigned dns_over_tls = 853;
  const std::vector<int> all = descriptors();
  const std::vector<unsigned> listening = listening_ports(all);
  unsigned common = 0;
  for (const int descriptor : all) {
    if (option_of(descriptor, SO_TYPE) != SOCK_STREAM) continue;
    const sockaddr_storage other = other_end(descriptor);
    const unsigned port = port_of(other);
    if (port == 0 || port == dns || port == dns_over_tls || is_resolver(ip_of(other), port)) continue;
    if (std::find(listening.begin(), listening.end(), own_port(descriptor)) != listening.end()) continue;
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

Peer peer_of(SSL* ssl, const IsResolver& is_resolver) {
  const int descriptor = SSL_get_rfd(ssl);
  const bool is_datagram = SSL_is_dtls(ssl) == 1;
  const unsigned port =
      descriptor >= 0 || is_datagram ? peer_port(descriptor) : port_of_every_connection(is_resolver);
  return {host_of(ssl), is_port_of_proxy(port) ? 0 : port, transport_of(ssl, descriptor)};
}

}  // namespace danelaw::plugin
