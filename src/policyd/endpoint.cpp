#include "endpoint.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "failure.hpp"
#include "os/system_errors.hpp"

namespace danelaw::policyd {
namespace {

constexpr int backlog = 512;

struct Address {
  sockaddr_storage storage{};
  socklen_t octets = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

template <class Kind>
Address made(const Kind& kind) {
  Address address;
  std::memcpy(&address.storage, &kind, sizeof kind);
  address.octets = sizeof kind;
  return address;
}

Address address_of(const Endpoint& endpoint) {
  if (!endpoint.path.empty()) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    endpoint.path.copy(local.sun_path, longest_socket_path);
    return made(local);
  }
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(endpoint.port);
  if (inet_pton(AF_INET6, endpoint.address.c_str(), &six.sin6_addr) == 1) return made(six);
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(endpoint.port);
  inet_pton(AF_INET, endpoint.address.c_str(), &four.sin_addr);
  return made(four);
}

bool is_loopback(const std::string& address) {
  in_addr four{};
  constexpr std::uint32_t loopback_net = 127;
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == loopback_net;
  in6_addr six{};
  return inet_pton(AF_INET6, address.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_address(const std::string& text) {
  in6_addr any{};
  return inet_pton(AF_INET, text.c_str(), &any) == 1 || inet_pton(AF_INET6, text.c_str(), &any) == 1;
}

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Failure cannot(const Endpoint& endpoint, const char* what, int error) {
  return {Exit::Undecided, fmt::format("{}: {}: {}", to_string(endpoint), what, text_of_error(error))};
}

/// True where somebody takes connections there, or may: only a refusal shows that nobody does.
bool is_alive(const Endpoint& endpoint) {
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const Address address = address_of(endpoint);
  return connect(probe.get(), address.get(), address.octets) == 0 || errno != ECONNREFUSED;
}

bool is_socket(const std::string& path) {
  struct stat found {};
  return lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

int bind_to(int descriptor, const Endpoint& endpoint) {
  const Address address = address_of(endpoint);
  if (bind(descriptor, address.get(), address.octets) == 0) return 0;
  const int error = errno;
  if (error != EADDRINUSE || endpoint.path.empty()) return error;
  if (!is_socket(endpoint.path) || is_alive(endpoint)) return error;
  if (unlink(endpoint.path.c_str()) != 0) return errno;
  return bind(descriptor, address.get(), address.octets) == 0 ? 0 : errno;
}

}  // namespace

std::optional<Endpoint> remote_endpoint_from_text(std::string_view text) {
  if (text.starts_with("unix:")) {
    Endpoint endpoint{std::string(text.substr(5)), "", 0};
    const bool fits = endpoint.path.size() <= longest_socket_path;
    return endpoint.path.starts_with('/') && fits ? std::optional(endpoint) : std::nullopt;
  }
  if (!text.starts_with("inet:")) return std::nullopt;
  text.remove_prefix(5);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = port_in(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool is_six = host.find(':') != std::string_view::npos;
  if (host == "localhost") host = "127.0.0.1";
  Endpoint endpoint{"", std::string(host), port.value_or(0)};
  if (!port || bracketed != is_six || !is_address(endpoint.address)) return std::nullopt;
  return endpoint;
}

std::optional<Endpoint> endpoint_from_text(std::string_view text) {
  auto endpoint = remote_endpoint_from_text(text);
  if (endpoint && endpoint->path.empty() && !is_loopback(endpoint->address)) return std::nullopt;
  return endpoint;
}

bool is_too_long(std::string_view text) {
  constexpr std::string_view begin = "unix:/";
  return text.starts_with(begin) && text.size() - begin.size() >= longest_socket_path;
}

std::string to_string(const Endpoint& endpoint) {
  if (!endpoint.path.empty()) return "unix:" + endpoint.path;
  const bool is_six = endpoint.address.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(is_six ? "inet:[{}]:{}" : "inet:{}:{}"), endpoint.address, endpoint.port);
}

Descriptor listen_at(const Endpoint& endpoint, mode_t mode) {
  const int family = address_of(endpoint).storage.ss_family;
  Descriptor made(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made.is_open()) throw cannot(endpoint, "no socket", errno);
  const int on = 1;
  if (family != AF_UNIX) setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (const int error = bind_to(made.get(), endpoint); error != 0)
    throw cannot(endpoint, "cannot be bound", error);
  // Nobody can connect before listen(), so there is no moment at which the mode is another.
  if (family == AF_UNIX && chmod(endpoint.path.c_str(), mode) != 0)
    throw cannot(endpoint, "mode cannot be set", errno);
  if (listen(made.get(), backlog) != 0) throw cannot(endpoint, "cannot listen", errno);
  return made;
}

Descriptor connect_to(const Endpoint& endpoint) {
  const Address address = address_of(endpoint);
  Descriptor made(socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made.is_open()) return made;
  const int on = 1;
  if (endpoint.path.empty()) setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(made.get(), address.get(), address.octets) == 0 || errno == EINPROGRESS) return made;
  const int error = errno;
  { const Descriptor failed = std::move(made); }
  errno = error;
  return made;
}

}  // namespace danelaw::policyd
