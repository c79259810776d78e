#include "activation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "failure.hpp"

namespace danelaw::policyd {
namespace {

constexpr int first_given = 3;
constexpr int most_given = 64;

std::string taken(const char* name) {
  const char* const value = std::getenv(name);
  std::string text(value == nullptr ? "" : value);
  unsetenv(name);
  return text;
}

int number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

int option(int descriptor, int name) {
  int value = 0;
  socklen_t octets = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, name, &value, &octets) == 0 ? value : -1;
}

}  // namespace

std::vector<GivenSocket> take_given_sockets() {
  const int process = number_in(taken("LISTEN_PID"));
  const int count = number_in(taken("LISTEN_FDS"));
  std::string names = taken("LISTEN_FDNAMES");
  std::vector<GivenSocket> sockets;
  if (process != getpid()) return sockets;
  for (int i = 0; i < count && i < most_given; ++i) {
    const int descriptor = first_given + i;
    const std::size_t colon = names.find(':');
    GivenSocket given{Descriptor(descriptor), names.substr(0, colon)};
    names.erase(0, colon == std::string::npos ? names.size() : colon + 1);
    if (option(descriptor, SO_TYPE) != SOCK_STREAM || option(descriptor, SO_ACCEPTCONN) != 1)
      throw Failure(Exit::Usage,
                    fmt::format("descriptor {} was given, and is no listening stream socket", descriptor));
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    sockets.push_back(std::move(given));
  }
  return sockets;
}

void notify(const std::string& state) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';
  const Descriptor socket_to(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sendto(socket_to.get(), state.data(), state.size(), MSG_NOSIGNAL,
         reinterpret_cast<const sockaddr*>(&address),
         static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
}

}  // namespace danelaw::policyd
