#include "configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <new>
#include <optional>
#include <string_view>

#include "conf_file.hpp"
#include "failure.hpp"
#include "fleet.hpp"
#include "handles.hpp"

namespace danelaw::policyd {
namespace {

constexpr const char* own_section = "policyd";
constexpr const char* main_section = "default";

/// What a value is not, for people; nothing where it was taken.
using Complaint = std::optional<std::string>;
using Taker = Complaint (*)(Configuration& configuration, const std::string& value);

template <class Number>
std::optional<Number> number_in(const std::string& text, int base = 10) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

template <class Number>
Complaint take_number(Number& place, const std::string& value, Number least, Number most) {
  const auto number = number_in<Number>(value);
  if (!number || *number < least || *number > most) return fmt::format("a number from {} to {}", least, most);
  place = *number;
  return std::nullopt;
}

std::vector<std::string> entries_of(const std::string& list) {
  std::vector<std::string> entries;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    const std::size_t first = list.find_first_not_of(" \t", begin);
    if (first < comma) {
      const std::size_t last = list.find_last_not_of(" \t", comma - 1);
      entries.push_back(list.substr(first, last + 1 - first));
    }
    begin = comma + 1;
  }
  return entries;
}

constexpr const char* endpoint_syntax = "unix:/PATH or inet:LOOPBACK-ADDRESS:PORT";
constexpr const char* remote_endpoint_syntax =
    "unix:/PATH, inet:IPV4-ADDRESS:PORT or inet:[IPV6-ADDRESS]:PORT";

/// What an address has to be that is not of this syntax.
std::string wanted_of(std::string_view address, const char* syntax) {
  if (!is_too_long(address)) return syntax;
  return fmt::format("the address of a Unix socket, whose path has {} octets at most", longest_socket_path);
}

Complaint take_endpoints(std::vector<Endpoint>& place, const std::string& value) {
  std::vector<Endpoint> endpoints;
  for (const std::string& entry : entries_of(value)) {
    const auto endpoint = endpoint_from_text(entry);
    if (!endpoint) return wanted_of(entry, endpoint_syntax);
    endpoints.push_back(*endpoint);
  }
  place = std::move(endpoints);
  return std::nullopt;
}

Complaint take_mode(mode_t& place, const std::string& value) {
  constexpr mode_t most = 0777;
  const auto mode = number_in<mode_t>(value, 8);
  if (!mode || *mode > most) return "a mode in octal, such as 0660";
  place = *mode;
  return std::nullopt;
}

Complaint take_seconds(std::chrono::seconds& place, const std::string& value) {
  constexpr long day = 86'400;
  long seconds = place.count();
  Complaint complaint = take_number(seconds, value, 1L, day);
  place = std::chrono::seconds(seconds);
  return complaint;
}

Complaint take_milliseconds(std::chrono::milliseconds& place, const std::string& value) {
  constexpr long minute = 60'000;
  long milliseconds = place.count();
  Complaint complaint = take_number(milliseconds, value, 1L, minute);
  place = std::chrono::milliseconds(milliseconds);
  return complaint;
}

Complaint take_path(std::string& place, const std::string& value) {
  if (!value.starts_with('/')) return "a path that begins with /";
  place = value;
  return std::nullopt;
}

Complaint take_text(std::string& place, const std::string& value) {
  place = value;
  return std::nullopt;
}

Complaint take_switch(bool& place, const std::string& value) {
  if (value != "on" && value != "off") return "on or off";
  place = value == "on";
  return std::nullopt;
}

Complaint take_fleet(FleetSettings& place, const std::string& value) {
  const auto endpoint = remote_endpoint_from_text(value);
  if (!endpoint) return wanted_of(value, remote_endpoint_syntax);
  place.redis.endpoint = *endpoint;
  place.enabled = true;
  return std::nullopt;
}

Complaint take_prefix(std::string& place, const std::string& value) {
  constexpr std::size_t longest = 64;
  if (value.empty() || value.size() > longest) return "a text of 1 to 64 octets";
  place = value;
  return std::nullopt;
}

struct Row {
  std::string_view key;
  Taker take;
};
using C = Configuration;
using V = const std::string&;
constexpr std::size_t most_kept = 10'000'000;
constexpr std::size_t most_at_once = 10'000;
constexpr unsigned most_databases = 1'000'000;

constexpr std::array rows{
    Row{"listen", [](C& c, V value) { return take_endpoints(c.listen, value); }},
    Row{"socket_mode", [](C& c, V value) { return take_mode(c.socket_mode, value); }},
    Row{"max_clients",
        [](C& c, V value) { return take_number<std::size_t>(c.clients, value, 1, most_at_once); }},
    Row{"idle_timeout", [](C& c, V value) { return take_seconds(c.idle, value); }},
    Row{"max_domains",
        [](C& c, V value) { return take_number<std::size_t>(c.desk.domains, value, 0, most_kept); }},
    Row{"max_searches",
        [](C& c, V value) { return take_number<std::size_t>(c.desk.searches, value, 1, most_at_once); }},
    Row{"fleet", [](C& c, V value) { return take_fleet(c.fleet, value); }},
    Row{"fleet_key", [](C& c, V value) { return take_path(c.fleet.key_file, value); }},
    Row{"fleet_user", [](C& c, V value) { return take_text(c.fleet.redis.user, value); }},
    Row{"fleet_password", [](C& c, V value) { return take_path(c.fleet.password_file, value); }},
    Row{"fleet_database",
        [](C& c, V value) { return take_number(c.fleet.redis.database, value, 0U, most_databases); }},
    Row{"fleet_prefix", [](C& c, V value) { return take_prefix(c.fleet.prefix, value); }},
    Row{"fleet_timeout", [](C& c, V value) { return take_milliseconds(c.fleet.redis.timeout, value); }},
    Row{"report_directory", [](C& c, V value) { return take_path(c.report.directory, value); }},
    Row{"report_organization", [](C& c, V value) { return take_text(c.report.organization, value); }},
    Row{"report_contact", [](C& c, V value) { return take_text(c.report.contact, value); }},
    Row{"metrics", [](C& c, V value) { return take_endpoints(c.metrics, value); }},
    Row{"mta_sts", [](C& c, V value) { return take_switch(c.sts.enabled, value); }},
    Row{"mta_sts_directory", [](C& c, V value) { return take_path(c.sts.directory, value); }},
    Row{"mta_sts_ca_file", [](C& c, V value) { return take_path(c.sts.https.ca_file, value); }},
    Row{"mta_sts_timeout", [](C& c, V value) { return take_milliseconds(c.sts.https.timeout, value); }},
    Row{"mta_sts_policies",
        [](C& c, V value) { return take_number<std::size_t>(c.sts.policies, value, 1, most_kept); }},
};

Failure at(const std::string& origin, const std::string& text) {
  return {Exit::Usage, fmt::format("{}: {}", origin, text)};
}

/// Settings that say how a program's own handshakes go mean nothing here; whoever sets one expects something of it.
bool is_for_handshakes(std::string_view key) {
  for (const std::string_view known : {"profile", "dane_ee_names", "verify_none", "server_name", "waiting",
                                       "dnssec_chain", "dnssec_chain_pins", "dnssec_chain_pin_cap"})
    if (key == known) return true;
  return false;
}

void take_library_setting(C& c, const ConfLine& line, danelaw_settings& settings, const std::string& origin) {
  if (is_for_handshakes(line.name))
    throw at(origin, fmt::format("\"{}\" means nothing to a policy service", line.name));
  danelaw_problem problem{};
  if (danelaw_settings_set(&settings, line.name.c_str(), line.value.c_str(), &problem) != DANELAW_OK)
    throw at(origin, problem.text);
  c.library.emplace_back(line.name, line.value);
}

void take_own_setting(C& c, const ConfLine& line, const std::string& origin) {
  std::string known;
  for (const Row& row : rows) {
    known += fmt::format(" {}", row.key);
    if (row.key != line.name) continue;
    if (const Complaint complaint = row.take(c, line.value))
      throw at(origin,
               fmt::format("[{}] {}: \"{}\" is not {}", own_section, line.name, line.value, *complaint));
    return;
  }
  throw at(origin, fmt::format("[{}]: unknown setting \"{}\"; there are:{}", own_section, line.name, known));
}

Configuration understood(ConfSections sections, const std::string& origin) {
  Configuration made;
  const LibrarySettings settings(danelaw_settings_new());
  if (settings == nullptr) throw std::bad_alloc();
  for (const ConfLine& line : sections[main_section]) take_library_setting(made, line, *settings, origin);
  for (const ConfLine& line : sections[own_section]) take_own_setting(made, line, origin);
  if (made.listen.empty()) throw at(origin, fmt::format("[{}] listen: there is nothing", own_section));
  for (const auto& section : sections)
    if (section.first != main_section && section.first != own_section)
      throw at(origin, fmt::format("[{}]: there is no such section, only [{}]", section.first, own_section));
  if (made.fleet.enabled && !fleet_is_built())
    throw at(origin, fmt::format("[{}] fleet: this build has no hiredis for it", own_section));
  // Only this engine has the records that prove an answer.
  if (made.fleet.enabled && danelaw_settings_get(settings.get(), "engine") != std::string_view("stub"))
    throw at(origin, fmt::format("[{}] fleet: it needs engine = stub", own_section));
  read_secrets(made.fleet);
  return made;
}

/// "key=value" or "policyd.key=value".
void add_line(ConfSections& sections, const std::string& line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string::npos)
    throw Failure(Exit::Usage, fmt::format("--set: \"{}\" is not KEY=VALUE", line));
  const std::string own_prefix = fmt::format("{}.", own_section);
  const bool is_own = line.starts_with(own_prefix);
  const std::size_t begin = is_own ? own_prefix.size() : 0;
  sections[is_own ? own_section : main_section].push_back(
      {line.substr(begin, equals - begin), line.substr(equals + 1)});
}

}  // namespace

Configuration configuration_from_file(const std::string& path, const std::vector<std::string>& more) {
  ConfSections sections;
  if (!path.empty()) sections = read_conf_file(path);
  for (const std::string& line : more) add_line(sections, line);
  return understood(std::move(sections), path.empty() ? "--set" : path);
}

Configuration configuration_from_text(const std::string& text, const std::string& origin) {
  return understood(read_conf_text(text, origin), origin);
}

}  // namespace danelaw::policyd
