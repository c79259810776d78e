#include "proxies.hpp"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <string>

#include "patterns.hpp"

namespace danelaw::plugin {
namespace {

constexpr std::array variables{"https_proxy", "HTTPS_PROXY", "http_proxy",
                               "HTTP_PROXY",  "all_proxy",   "ALL_PROXY"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

unsigned default_port_of(std::string_view scheme) {
  std::string name(scheme);
  std::transform(name.begin(), name.end(), name.begin(), lower);
  constexpr unsigned http = 80;
  constexpr unsigned socks = 1080;
  if (name == "http") return http;
  return name.starts_with("socks") ? socks : 0;
}

}  // namespace

unsigned proxy_port_of(std::string_view url) {
  constexpr std::string_view after_scheme = "://";
  std::string_view scheme = "http";
  if (const std::size_t end = url.find(after_scheme); end != std::string_view::npos) {
    scheme = url.substr(0, end);
    url.remove_prefix(end + after_scheme.size());
  }
  std::string_view place = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = place.rfind('@'); at != std::string_view::npos) place.remove_prefix(at + 1);
  if (place.empty()) return 0;
  const std::size_t colon = place.rfind(':');
  const std::size_t bracket = place.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
  const std::string_view port = has_port ? place.substr(colon + 1) : std::string_view();
  return port.empty() ? default_port_of(scheme) : port_from_text(port).value_or(0);
}

bool is_port_of_proxy(unsigned port) {
  // Nothing in programs that run with another user's rights: whoever calls them would make their ports unknown.
  return port != 0 && std::any_of(variables.begin(), variables.end(), [&](const char* variable) {
           const char* url = secure_getenv(variable);
           return url != nullptr && proxy_port_of(url) == port;
         });
}

}  // namespace danelaw::plugin
