// A resolver's address as connect(2) takes it.
#pragma once

#include <sys/socket.h>

#include "base/result.hpp"
#include "dns/resolver_address.hpp"

namespace danelaw::dns {

class SocketAddress final {
 public:
  [[nodiscard]] int family() const { return m_storage.ss_family; }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&m_storage); }
  [[nodiscard]] socklen_t size() const { return m_size; }

 private:
  friend Result<SocketAddress> socket_address(const ResolverAddress& address);
  sockaddr_storage m_storage{};
  socklen_t m_size = 0;
};

/// A link-local address needs an interface of this machine (RFC 4007 section 6); where it has none, the problem reads after the
/// resolver's name.
[[nodiscard]] Result<SocketAddress> socket_address(const ResolverAddress& address);

}  // namespace danelaw::dns
