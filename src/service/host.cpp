#include "service/host.hpp"

#include <cctype>
#include <string>

#include "base/ip_address.hpp"
#include "dns/idn.hpp"

namespace danelaw::service {
namespace {

/// RFC 3696 section 2: a top-level domain is not all digits, so such a name is an address with a mistake in it.
bool looks_like_a_broken_address(const DnsName& name) {
  const std::string text = name.to_text();
  const std::string last = text.substr(text.rfind('.') + 1);
  for (const char character : last)
    if (std::isdigit(static_cast<unsigned char>(character)) == 0) return false;
  return true;
}

}  // namespace

Result<verify::Service> parse_service(std::string_view host, unsigned long port, tlsa::Transport transport) {
  constexpr unsigned long highest_port = 65535;
  if (port == 0 || port > highest_port)
    return Problem{Fault::Port, "port " + std::to_string(port) + " is not between 1 and 65535"};
  const auto made = [&](std::string name) {
    return verify::Service{std::move(name), static_cast<std::uint16_t>(port), transport};
  };
  if (auto address = address_from_text(host)) return made(*std::move(address));
  const auto name = dns::host_name_from_text(host);
  if (!name) return name.problem();
  if (looks_like_a_broken_address(*name))
    return Problem{Fault::Name, "\"" + name->to_text() + "\" is neither a host name nor an IP address"};
  return made(name->to_text());
}

}  // namespace danelaw::service
