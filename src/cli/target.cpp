#include "target.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "exit.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

struct Parts {
  std::string host;
  std::optional<std::string> port;
};

Parts split_brackets(const std::string& text) {
  const std::size_t end = text.find(']');
  if (end == std::string::npos) throw usage(fmt::format("{}: the ']' is missing", text));
  const std::string rest = text.substr(end + 1);
  if (rest.empty()) return {text.substr(1, end - 1), std::nullopt};
  if (rest[0] != ':') throw usage(fmt::format("{}: after ']' only :PORT may stand", text));
  return {text.substr(1, end - 1), rest.substr(1)};
}

Parts split(const std::string& text) {
  if (text.starts_with('[')) return split_brackets(text);
  const std::size_t colon = text.find(':');
  const bool bare_ipv6 = colon != text.rfind(':');
  if (colon == std::string::npos || bare_ipv6) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

void refuse_service_url(const std::string& text) {
  const std::optional<UrlAuthority> url = authority_of_url(text);
  if (!url) return;
  const std::string advice = url->host.empty() ? "" : fmt::format(": give {}{}", url->host, url->port);
  throw usage(fmt::format("{}: a host name, not a URL{}", text, advice));
}

unsigned parse_port(const std::string& text) {
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error == std::errc() && stop == end && port >= 1 && port <= 65535) return port;
  throw usage(fmt::format("\"{}\" is not a port: 1 to 65535", text));
}

/// The library's own reading of a host name: a plan that needs no DNS begins with it.
std::string normalised_name(const std::string& host, unsigned port) {
  danelaw_problem problem{};
  danelaw_plan* raw = nullptr;
  require(danelaw_plan_without_records(nullptr, host.c_str(), port, DANELAW_TRANSPORT_TCP,
                                       DANELAW_OUTCOME_INSECURE, nullptr, &raw, &problem),
          problem);
  return danelaw_plan_base_domain(Plan(raw).get());
}

}  // namespace

Target parse_target(const std::string& text, unsigned default_port) {
  if (text.find('\0') != std::string::npos) throw usage("a host name with a NUL octet in it");
  refuse_service_url(text);
  const Parts parts = split(text);
  const unsigned port = parts.port ? parse_port(*parts.port) : default_port;
  std::string name = normalised_name(parts.host, port);
  if (!name.empty()) return {std::move(name), port, false};
  return {parts.host, port, true};  // an address has no base domain
}

std::string Target::to_text() const {
  const bool needs_brackets = host.find(':') != std::string::npos;
  return needs_brackets ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace danelaw::cli
