#include "patterns.hpp"

#include <algorithm>
#include <charconv>

namespace danelaw::plugin {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string canonical(std::string_view host) {
  std::string name(host);
  std::transform(name.begin(), name.end(), name.begin(), lower);
  if (!name.empty() && name.back() == '.') name.pop_back();
  return name;
}

struct HostAndPort {
  std::string_view host;
  unsigned port = 0;
};

/// "[::1]:443", "::1", "name:443", "name". An IPv6 literal takes a port only in brackets.
std::optional<HostAndPort> split(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const bool bracketed = !text.empty() && text.front() == '[';
  const bool has_port = colon != std::string_view::npos &&
                        (bracketed ? colon > 0 && text[colon - 1] == ']' : text.find(':') == colon);
  HostAndPort parts{text};
  if (has_port) {
    const auto port = port_from_text(text.substr(colon + 1));
    if (!port) return std::nullopt;
    parts = {text.substr(0, colon), *port};
  }
  if (!bracketed) return parts;
  if (parts.host.size() < 3 || parts.host.back() != ']') return std::nullopt;
  parts.host = parts.host.substr(1, parts.host.size() - 2);
  return parts;
}

bool is_sound(std::string_view name) {
  const auto is_usual = [](char c) {
    return c > ' ' && c != '*' && c != '/' && c != '[' && c != ']' && c < 0x7f;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_usual);
}

}  // namespace

std::optional<HostPattern> HostPattern::from_text(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  HostPattern pattern;
  pattern.m_port = parts->port;
  pattern.m_name = canonical(parts->host);
  if (pattern.m_name == "*") {
    pattern.m_covers = Covers::All;
    return pattern;
  }
  if (pattern.m_name.starts_with("*.")) {
    pattern.m_covers = Covers::Below;
    pattern.m_name.erase(0, 1);
  }
  if (!is_sound(pattern.m_name)) return std::nullopt;
  return pattern;
}

Fit HostPattern::fit(const Peer& peer) const {
  return std::min(fit_host(canonical(peer.host)), fit_port(peer.port));
}

Fit HostPattern::fit_host(const std::string& host) const {
  if (m_covers == Covers::All) return Fit::Certain;
  if (host.empty()) return Fit::Maybe;
  const bool below = host.size() > m_name.size() && host.ends_with(m_name);
  return (m_covers == Covers::Below ? below : host == m_name) ? Fit::Certain : Fit::No;
}

Fit HostPattern::fit_port(unsigned port) const {
  if (m_port == 0 || m_port == port) return Fit::Certain;
  return port == 0 ? Fit::Maybe : Fit::No;
}

std::vector<std::string> entries_of(std::string_view list) {
  std::vector<std::string> entries;
  constexpr std::string_view blank = " \t";
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view entry = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    entry.remove_prefix(std::min(entry.find_first_not_of(blank), entry.size()));
    entry = entry.substr(0, entry.find_last_not_of(blank) + 1);
    if (!entry.empty()) entries.emplace_back(entry);
  }
  return entries;
}

std::optional<unsigned> port_from_text(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || port == 0 || port > 65535) return std::nullopt;
  return port;
}

}  // namespace danelaw::plugin
