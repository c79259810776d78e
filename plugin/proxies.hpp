// The proxies that the environment names for programs: https_proxy, http_proxy, all_proxy, in either case.
//
// A socket to one of them says nothing about the service's port, and which connections go through a proxy is the program's
// choice: its port is therefore no known port. libcurl's transfers are known by their URL (curl_peer.hpp).
#pragma once

#include <string_view>

namespace danelaw::plugin {

/// The port of "[scheme://][user@]host[:port][/…]", with the scheme's default; 0 where there is none, and for 443 unless it
/// is written: it would make the port of nearly everything unknown.
[[nodiscard]] unsigned proxy_port_of(std::string_view url);

/// True where one of the variables names a proxy with this port.
[[nodiscard]] bool is_port_of_proxy(unsigned port);

}  // namespace danelaw::plugin
