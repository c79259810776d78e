// The system's resolvers, as resolv.conf(5) names them. Only `nameserver` lines are read: options, search lists and what else
// stands there are for other clients, because names are never completed here and retries are our own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dns/resolver_address.hpp"

namespace danelaw::dns {

inline constexpr const char* system_resolv_conf = "/etc/resolv.conf";
/// More are ignored, as resolv.conf(5) says.
inline constexpr std::size_t max_system_resolvers = 3;

/// In their order, without those that are no addresses. Empty where there are none.
[[nodiscard]] std::vector<ResolverAddress> resolvers_in(std::string_view resolv_conf);

/// Never empty: without the file, or without a resolver in it, the one on this machine is meant (resolv.conf(5)).
[[nodiscard]] std::vector<ResolverAddress> resolvers_of_system(const std::string& path);

}  // namespace danelaw::dns
