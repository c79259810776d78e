#include "dns/socket_address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <cstring>

namespace danelaw::dns {
namespace {

/// An interface's index; 0, which names none, where there is no such interface.
unsigned scope_of(const std::string& zone) {
  unsigned index = 0;
  const auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), index);
  const bool is_number = error == std::errc() && end == zone.data() + zone.size();
  if (!is_number) return zone.empty() ? 0 : if_nametoindex(zone.c_str());
  std::array<char, IF_NAMESIZE> name{};
  return if_indextoname(index, name.data()) != nullptr ? index : 0;
}

/// The system would only say that an argument is invalid.
Problem no_interface(const ResolverAddress& address) {
  const std::string where = " where it is named, in resolv.conf or the setting \"resolvers\"";
  if (address.zone.empty())
    return {Fault::Setting,
            "is link-local and lacks its interface: write " + address.ip + "%INTERFACE" + where};
  return {Fault::Setting, "is behind the interface \"" + address.zone +
                              "\", which this machine does not have: write another one" + where};
}

}  // namespace

Result<SocketAddress> socket_address(const ResolverAddress& address) {
  SocketAddress made;
  if (address.is_ipv6()) {
    sockaddr_in6 ipv6{};
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = htons(address.port);
    ipv6.sin6_scope_id = scope_of(address.zone);
    inet_pton(AF_INET6, address.ip.c_str(), &ipv6.sin6_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&ipv6.sin6_addr) && ipv6.sin6_scope_id == 0) return no_interface(address);
    made.m_size = sizeof ipv6;
    std::memcpy(&made.m_storage, &ipv6, sizeof ipv6);
    return made;
  }
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(address.port);
  inet_pton(AF_INET, address.ip.c_str(), &ipv4.sin_addr);
  made.m_size = sizeof ipv4;
  std::memcpy(&made.m_storage, &ipv4, sizeof ipv4);
  return made;
}

}  // namespace danelaw::dns
