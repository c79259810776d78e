// Where the service listens: a Unix socket, or a TCP port of the loopback interface. Nothing else: requests and metrics are
// neither authenticated nor encrypted. It connects to others' sockets at any address; names are not looked up.
#pragma once

#include <sys/stat.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "descriptor.hpp"

namespace danelaw::policyd {

constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

struct Endpoint {
  std::string path;     ///< of a Unix socket; empty for TCP
  std::string address;  ///< where it listens, of the loopback interface
  std::uint16_t port = 0;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// As Postfix writes them: "unix:/run/x/socket", "inet:127.0.0.1:8461", "inet:[::1]:8461".
[[nodiscard]] std::optional<Endpoint> endpoint_from_text(std::string_view text);
/// The same, with any address.
[[nodiscard]] std::optional<Endpoint> remote_endpoint_from_text(std::string_view text);
/// True of a Unix socket that would be one but for its path's length.
[[nodiscard]] bool is_too_long(std::string_view text);
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

/// A listening socket; `mode` is that of a Unix socket. A socket that a dead process has left behind is replaced, one of
/// a living process is not. Throws Failure.
[[nodiscard]] Descriptor listen_at(const Endpoint& endpoint, mode_t mode);

/// A socket that connects, or has connected: the first writing tells. Closed, with errno, where it cannot even begin to.
[[nodiscard]] Descriptor connect_to(const Endpoint& endpoint);

}  // namespace danelaw::policyd
