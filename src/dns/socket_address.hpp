// A resolver's address as connect(2) takes it.
#pragma once

#include <sys/socket.h>

#include "dns/resolver_address.hpp"

namespace danelaw::dns {

class SocketAddress final {
 public:
  [[nodiscard]] int family() const { return m_storage.ss_family; }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&m_storage); }
  [[nodiscard]] socklen_t size() const { return m_size; }

 private:
  friend SocketAddress socket_address(const ResolverAddress& address);
  sockaddr_storage m_storage{};
  socklen_t m_size = 0;
};

[[nodiscard]] SocketAddress socket_address(const ResolverAddress& address);

}  // namespace danelaw::dns
