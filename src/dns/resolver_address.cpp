#include "dns/resolver_address.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <optional>

#include "base/ip_address.hpp"
#include "dns/idn.hpp"

namespace danelaw::dns {
namespace {

constexpr std::string_view tls_scheme = "tls://";
constexpr std::string_view pin_word = "pin-sha256=";
constexpr std::size_t pin_octets = 32;
/// What base64 makes of as many octets; the last two characters stand for no octet.
constexpr std::size_t pin_characters = 44;

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

/// Strictly: text that would come out differently is no pin.
std::optional<Buffer> pin_from(std::string_view text) {
  if (text.size() != pin_characters) return std::nullopt;
  std::array<unsigned char, pin_characters> octets{};
  const auto* const in = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeBlock(octets.data(), in, static_cast<int>(text.size())) < 0) return std::nullopt;
  Buffer pin(octets.begin(), octets.begin() + pin_octets);
  return pin;
}

std::string text_of_pin(const Buffer& pin) {
  std::array<unsigned char, pin_characters + 1> text{};
  const int size = EVP_EncodeBlock(text.data(), pin.data(), static_cast<int>(pin.size()));
  return {text.begin(), text.begin() + size};
}

std::optional<TlsPeer> peer_from(std::string_view text) {
  if (text.starts_with(pin_word)) {
    auto pin = pin_from(text.substr(pin_word.size()));
    if (!pin || text_of_pin(*pin) != text.substr(pin_word.size())) return std::nullopt;
    return TlsPeer{"", std::move(*pin)};
  }
  if (is_address_literal(text)) return std::nullopt;
  const auto name = host_name_from_text(text);
  if (!name || !name->is_host_name()) return std::nullopt;
  return TlsPeer{name->to_text(), {}};
}

}  // namespace

Result<ResolverAddress> ResolverAddress::from_text(std::string_view text) {
  const Problem problem{Fault::Setting, "\"" + std::string(text) + "\" is not " + std::string(syntax)};
  ResolverAddress made;
  if (text.starts_with(tls_scheme)) {
    text.remove_prefix(tls_scheme.size());
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return problem;
    made.tls = peer_from(text.substr(slash + 1));
    if (!made.tls) return problem;
    made.port = dns_over_tls_port;
    text = text.substr(0, slash);
  }
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
  if (port != (tls ? dns_over_tls_port : dns_port)) text += "@" + std::to_string(port);
  if (!tls) return text;
  const std::string peer = tls->pin.empty() ? tls->name : std::string(pin_word) + text_of_pin(tls->pin);
  return std::string(tls_scheme) + text + "/" + peer;
}

}  // namespace danelaw::dns
