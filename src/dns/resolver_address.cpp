#include "dns/resolver_address.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>

namespace danelaw::dns {
namespace {

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  return inet_pton(family, text.c_str(), octets.data()) == 1;
}

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// An interface's name or number: what follows the "%" goes to the system as it is.
bool is_zone(std::string_view text) {
  constexpr std::size_t longest = 15;  // IFNAMSIZ - 1
  return !text.empty() && text.size() <= longest &&
         text.find_first_of("%@, \t\r\n\v\f/") == std::string_view::npos &&
         text.find('\0') == std::string_view::npos;
}

}  // namespace

Result<ResolverAddress> ResolverAddress::from_text(std::string_view text) {
  const Problem problem{Fault::Setting, "\"" + std::string(text) + "\" is not IP[@PORT]"};
  ResolverAddress made;
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos) {
    const auto port = port_from(text.substr(at + 1));
    if (!port) return problem;
    made.port = *port;
  }
  std::string_view address = text.substr(0, at);
  const std::size_t percent = address.find('%');
  if (percent != std::string_view::npos) {
    if (!is_zone(address.substr(percent + 1))) return problem;
    made.zone = address.substr(percent + 1);
    address = address.substr(0, percent);
  }
  made.ip = address;
  if (made.ip.find('\0') != std::string::npos) return problem;
  const bool ipv4 = made.zone.empty() && is_address(AF_INET, made.ip);
  if (!ipv4 && !is_address(AF_INET6, made.ip)) return problem;
  return made;
}

std::string ResolverAddress::to_text() const {
  std::string text = ip;
  if (!zone.empty()) text += "%" + zone;
  if (port != dns_port) text += "@" + std::to_string(port);
  return text;
}

}  // namespace danelaw::dns
