#include "service/host.hpp"

#include <arpa/inet.h>

#include <array>
#include <cctype>
#include <optional>
#include <string>

#include "dns/idn.hpp"

namespace danelaw::service {
namespace {

/// The address in OpenSSL's and inet_ntop's spelling, without brackets and zone; nothing where `host` is no address.
std::optional<std::string> address_of(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (const auto zone = host.find('%'); zone != std::string_view::npos && host.find(':') < zone)
    host = host.substr(0, zone);
  const std::string text(host);
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, text.c_str(), octets.data()) != 1) continue;
    inet_ntop(family, octets.data(), canonical.data(), canonical.size());
    return std::string(canonical.data());
  }
  return std::nullopt;
}

/// RFC 3696 section 2: a top-level domain is not all digits, so such a name is an address with a mistake in it.
bool looks_like_a_broken_address(const DnsName& name) {
  const std::string text = name.to_text();
  const std::string last = text.substr(text.rfind('.') + 1);
  for (const char character : last)
    if (std::isdigit(static_cast<unsigned char>(character)) == 0) return false;
  return true;
}

}  // namespace

bool is_address_literal(std::string_view host) { return address_of(host).has_value(); }

Result<verify::Service> parse_service(std::string_view host, unsigned long port, tlsa::Transport transport) {
  constexpr unsigned long highest_port = 65535;
  if (port == 0 || port > highest_port)
    return Problem{Fault::Port, "port " + std::to_string(port) + " is not between 1 and 65535"};
  const auto made = [&](std::string name) {
    return verify::Service{std::move(name), static_cast<std::uint16_t>(port), transport};
  };
  if (auto address = address_of(host)) return made(*std::move(address));
  const auto name = dns::host_name_from_text(host);
  if (!name) return name.problem();
  if (looks_like_a_broken_address(*name))
    return Problem{Fault::Name, "\"" + name->to_text() + "\" is neither a host name nor an IP address"};
  return made(name->to_text());
}

}  // namespace danelaw::service
