#include "key.hpp"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>

namespace danelaw::policyd {
namespace {

/// Bounded, and of this host's own file: /etc/services.
std::optional<unsigned> port_of_service(const std::string& name) {
  servent entry{};
  servent* found = nullptr;
  char room[1024];
  if (getservbyname_r(name.c_str(), "tcp", &entry, room, sizeof room, &found) != 0 || found == nullptr)
    return std::nullopt;
  return ntohs(static_cast<std::uint16_t>(found->s_port));
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& character : lower)
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  return lower;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Key key_of(std::string_view text) {
  // Parents have no policy of their own: DANE and MTA-STS are for one domain. A path is a socket of this host (lmtp).
  if (text.empty() || text.starts_with('.') || text.starts_with('/')) return {};
  Key key{lower_case(text), false};
  const bool bracketed = text.starts_with('[');
  const std::size_t colon = key.next_hop.rfind(':');
  const std::size_t end = bracketed ? key.next_hop.rfind(']') : key.next_hop.find(':');
  const bool has_port =
      colon != std::string::npos && (bracketed ? end != std::string::npos && colon == end + 1 : colon == end);
  if (has_port) {
    const std::string port = key.next_hop.substr(colon + 1);
    const auto known = is_number(port) ? std::nullopt : port_of_service(port);
    if (known) key.next_hop.replace(colon + 1, std::string::npos, std::to_string(*known));
  }
  const bool at_smtp_port = !has_port || key.next_hop.substr(colon + 1) == "25";
  key.is_domain = !bracketed && at_smtp_port;
  return key;
}

}  // namespace danelaw::policyd
