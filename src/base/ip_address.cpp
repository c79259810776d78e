#include "base/ip_address.hpp"

#include <arpa/inet.h>

#include <array>

namespace danelaw {

std::optional<std::string> address_from_text(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  if (const auto zone = text.find('%'); zone != std::string_view::npos && text.find(':') < zone)
    text = text.substr(0, zone);
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, terminated.c_str(), octets.data()) != 1) continue;
    if (inet_ntop(family, octets.data(), canonical.data(), canonical.size()) == nullptr) continue;
    return std::string(canonical.data());
  }
  return std::nullopt;
}

}  // namespace danelaw
