#include "service/next_hop.hpp"

#include <strings.h>

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/ip_address.hpp"
#include "dns/idn.hpp"
#include "service/host.hpp"

namespace danelaw::service {
namespace {

struct Parts {
  std::string_view host;
  std::optional<std::string_view> port;
  bool bracketed = false;
};

/// Nothing where the brackets are not in their places.
std::optional<Parts> split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return std::nullopt;
    Parts parts{text.substr(1, end - 1), std::nullopt, true};
    if (!rest.empty()) parts.port = rest.substr(1);
    return parts;
  }
  const std::size_t colon = text.find(':');
  const bool bare_ipv6 = colon != text.rfind(':');
  if (colon == std::string_view::npos || bare_ipv6) return Parts{text, std::nullopt, false};
  return Parts{text.substr(0, colon), text.substr(colon + 1), false};
}

std::optional<unsigned long> number(std::string_view text) {
  unsigned long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// RFC 5321 section 4.1.3: an IPv6 literal carries a tag.
std::string_view without_tag(std::string_view literal) {
  constexpr std::string_view tag = "IPv6:";
  const bool tagged = literal.size() > tag.size() && strncasecmp(literal.data(), tag.data(), tag.size()) == 0;
  return tagged ? literal.substr(tag.size()) : literal;
}

}  // namespace

Result<NextHop> parse_next_hop(std::string_view text, unsigned long default_port) {
  const auto parts = split(text);
  if (!parts) return Problem{Fault::Name, dns::quoted(text) + " is not [HOST] or [HOST]:PORT"};
  const auto port = parts->port ? number(*parts->port) : default_port;
  if (!port) return Problem{Fault::Port, dns::quoted(*parts->port) + " is not a port: 1 to 65535"};
  const std::string_view host = parts->bracketed ? without_tag(parts->host) : parts->host;
  auto service = parse_service(host, *port, tlsa::Transport::Tcp);
  if (!service) return service.problem();
  NextHop hop{NextHop::Kind::Domain, *std::move(service)};
  if (is_address_literal(hop.service.host))
    hop.kind = NextHop::Kind::Address;
  else if (parts->bracketed)
    hop.kind = NextHop::Kind::Host;
  return hop;
}

}  // namespace danelaw::service
