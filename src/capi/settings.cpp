#include "capi/settings.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "capi/errors.hpp"
#include "dns/idn.hpp"

namespace danelaw::capi {
namespace {

using Check = Result<std::monostate> (*)(std::string_view key, std::string_view value);

Problem bad_value(std::string_view key, std::string_view value, std::string_view wanted) {
  return Problem{Fault::Setting,
                 std::string(key) + ": \"" + std::string(value) + "\" is not " + std::string(wanted)};
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> entries;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view entry = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
    while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
    if (!entry.empty()) entries.emplace_back(entry);
  }
  return entries;
}

template <std::size_t N>
Result<std::monostate> one_of(std::string_view key, std::string_view value,
                              const std::array<std::string_view, N>& words) {
  std::string wanted = "one of";
  for (const std::string_view word : words) {
    if (value == word) return std::monostate{};
    wanted += " " + std::string(word);
  }
  return bad_value(key, value, wanted);
}

std::optional<long> number(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <long Low, long High>
Result<std::monostate> in_range(std::string_view key, std::string_view value) {
  const auto parsed = number(value);
  if (parsed && *parsed >= Low && *parsed <= High) return std::monostate{};
  return bad_value(key, value, "a number from " + std::to_string(Low) + " to " + std::to_string(High));
}

Result<std::monostate> engine(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 3>{"recursing", "stub", "none"});
}

Result<std::monostate> path(std::string_view key, std::string_view value) {
  if (value.find('\0') == std::string_view::npos) return std::monostate{};
  return bad_value(key, "…", "a path");
}

Result<std::monostate> absolute_path(std::string_view key, std::string_view value) {
  if (value.empty() || value.starts_with('/')) return path(key, value);
  return bad_value(key, value, "a path that begins with /");
}

Result<std::monostate> off_or_directory(std::string_view key, std::string_view value) {
  if (value == "off") return std::monostate{};
  if (!value.starts_with('/')) return bad_value(key, value, "off or a path that begins with /");
  return path(key, value);
}

Result<std::monostate> addresses(std::string_view key, std::string_view value) {
  for (const std::string& entry : split(value)) {
    std::array<unsigned char, sizeof(in6_addr)> octets{};
    if (inet_pton(AF_INET, entry.c_str(), octets.data()) != 1 &&
        inet_pton(AF_INET6, entry.c_str(), octets.data()) != 1)
      return bad_value(key, entry, "an IP address");
  }
  return std::monostate{};
}

Result<std::monostate> resolvers(std::string_view key, std::string_view value) {
  const std::vector<std::string> entries = split(value);
  for (const std::string& entry : entries)
    if (!dns::ResolverAddress::from_text(entry)) return bad_value(key, entry, dns::ResolverAddress::syntax);
  if (entries.size() <= dns::max_resolvers) return std::monostate{};
  return Problem{Fault::Setting, std::string(key) + ": more than " + std::to_string(dns::max_resolvers)};
}

Result<std::monostate> names(std::string_view key, std::string_view value) {
  for (const std::string& entry : split(value)) {
    const auto name = dns::host_name_from_text(entry);
    if (!name) return Problem{Fault::Name, std::string(key) + ": " + name.problem().text};
  }
  return std::monostate{};
}

Result<std::monostate> mode(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 3>{"off", "opportunistic", "mandatory"});
}
Result<std::monostate> profile(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 3>{"generic", "smtp", "srv"});
}
Result<std::monostate> dane_ee_names(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 3>{"profile", "check", "skip"});
}
Result<std::monostate> verify_none(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 2>{"respect", "enforce"});
}
Result<std::monostate> server_name(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 2>{"base_domain", "own"});
}
Result<std::monostate> waiting(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 2>{"block", "retry"});
}
Result<std::monostate> insecure_mx(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 3>{"may", "encrypt", "dane"});
}
Result<std::monostate> yes_or_no(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 2>{"no", "yes"});
}

Result<std::monostate> off_or_on(std::string_view key, std::string_view value) {
  return one_of(key, value, std::array<std::string_view, 2>{"off", "on"});
}
Result<std::monostate> pins(std::string_view key, std::string_view value) {
  if (value == "off" || value == "memory") return std::monostate{};
  if (value.starts_with('/')) return path(key, value);
  return bad_value(key, value, "off, memory or the absolute path of a file");
}

struct Row {
  std::string_view key;
  std::string_view initial;
  Check check;
};

constexpr std::array rows{
    Row{"engine", "stub", engine},
    Row{"trust_anchors", "", path},
    Row{"trust_anchor_state", "", absolute_path},
    Row{"root_servers", "", addresses},
    Row{"resolvers", "", resolvers},
    Row{"resolver_ca_file", "", path},
    Row{"deadline", "5000", in_range<1, 600000>},
    Row{"cache_entries", "4096", in_range<0, 1000000>},
    Row{"cache", "off", off_or_directory},
    Row{"negative_anchors", "", names},
    Row{"never_asked", "", names},
    Row{"mode", "opportunistic", mode},
    Row{"profile", "generic", profile},
    Row{"dane_ee_names", "profile", dane_ee_names},
    Row{"verify_none", "respect", verify_none},
    Row{"server_name", "base_domain", server_name},
    Row{"waiting", "block", waiting},
    Row{"insecure_mx", "may", insecure_mx},
    Row{"insecure_ignore_lookup_errors", "no", yes_or_no},
    Row{"dnssec_chain", "off", off_or_on},
    Row{"dnssec_chain_pins", "off", pins},
    Row{"dnssec_chain_pin_cap", "720", in_range<1, 65535>},
};

Problem unknown_key(std::string_view key) {
  std::string text = "unknown setting \"" + std::string(key) + "\"; there are:";
  for (const Row& row : rows) text += " " + std::string(row.key);
  return Problem{Fault::Setting, text};
}

}  // namespace

Result<std::monostate> set(danelaw_settings& settings, std::string_view key, std::string_view value) {
  for (const Row& row : rows) {
    if (row.key != key) continue;
    auto checked = row.check(key, value);
    if (!checked) return checked;
    settings.values[std::string(key)] = value;
    // Whoever names root servers wants them asked.
    if (key == "engine") settings.engine_is_given = true;
    if (key == "root_servers" && !settings.engine_is_given)
      settings.values["engine"] = value.empty() ? "stub" : "recursing";
    return checked;
  }
  return unknown_key(key);
}

danelaw_settings or_defaults(const danelaw_settings* settings) {
  return settings == nullptr ? danelaw_settings() : *settings;
}

std::string text_of(const danelaw_settings& settings, std::string_view key) {
  return settings.values.find(key)->second;
}

std::vector<std::string> list_of(const danelaw_settings& settings, std::string_view key) {
  return split(text_of(settings, key));
}

std::vector<dns::ResolverAddress> resolvers_of(const danelaw_settings& settings) {
  std::vector<dns::ResolverAddress> resolvers;
  for (const std::string& entry : list_of(settings, "resolvers"))
    resolvers.push_back(dns::ResolverAddress::from_text(entry).value());
  return resolvers;
}

std::vector<DnsName> names_of(const danelaw_settings& settings, std::string_view key) {
  std::vector<DnsName> names;
  for (const std::string& entry : list_of(settings, key))
    names.push_back(dns::host_name_from_text(entry).value());
  return names;
}

std::string cache_directory_of(const danelaw_settings& settings) {
  std::string cache = text_of(settings, "cache");
  if (cache == "off") return "";
  // Behind a slash at its end a symbolic link would be followed.
  while (cache.size() > 1 && cache.ends_with('/')) cache.pop_back();
  return cache;
}

verify::Policy policy_of(const danelaw_settings& settings) {
  verify::Policy policy;
  policy.mode = verify::mode_from_text(text_of(settings, "mode")).value();
  policy.profile = verify::profile_from_text(text_of(settings, "profile")).value();
  const std::string names = text_of(settings, "dane_ee_names");
  if (names == "check") policy.dane_ee_names = verify::DaneEeNames::Check;
  if (names == "skip") policy.dane_ee_names = verify::DaneEeNames::Skip;
  if (text_of(settings, "insecure_ignore_lookup_errors") == "yes")
    policy.lookup_errors = verify::LookupErrors::InsecureIgnore;
  return policy;
}

hook::Waiting waiting_of(const danelaw_settings& settings) {
  return text_of(settings, "waiting") == "retry" ? hook::Waiting::Retry : hook::Waiting::Block;
}

hook::ConnectionSettings connection_settings_of(const danelaw_settings& settings) {
  hook::ConnectionSettings made;
  made.policy = policy_of(settings);
  if (text_of(settings, "verify_none") == "enforce") made.verify_none = hook::VerifyNone::Enforce;
  if (text_of(settings, "server_name") == "own") made.server_name = hook::ServerName::Own;
  if (text_of(settings, "dnssec_chain") == "on") made.dnssec_chain = hook::DnssecChain::Offer;
  return made;
}

std::chrono::milliseconds deadline_of(const danelaw_settings& settings) {
  return std::chrono::milliseconds(number(text_of(settings, "deadline")).value());
}

service::ServedChainSettings served_chains_of(const danelaw_settings& settings, dns::TrustAnchors anchors) {
  service::ServedChainSettings made;
  made.anchors = std::move(anchors);
  made.longest_pin = std::chrono::hours(number(text_of(settings, "dnssec_chain_pin_cap")).value());
  const std::string pins = text_of(settings, "dnssec_chain_pins");
  if (pins == "off") return made;
  made.keep_pins = pins == "memory" ? service::KeepPins::InMemory : service::KeepPins::InFile;
  if (made.keep_pins == service::KeepPins::InFile) made.pin_file = pins;
  return made;
}

std::size_t cache_entries_of(const danelaw_settings& settings) {
  return static_cast<std::size_t>(number(text_of(settings, "cache_entries")).value());
}

}  // namespace danelaw::capi

danelaw_settings::danelaw_settings() {
  for (const auto& row : danelaw::capi::rows) values.emplace(row.key, row.initial);
}

using namespace danelaw;

danelaw_settings* danelaw_settings_new(void) {
  return capi::guarded_value<danelaw_settings*>(nullptr, [] { return new danelaw_settings(); });
}

void danelaw_settings_free(danelaw_settings* settings) { delete settings; }

int danelaw_settings_set(danelaw_settings* settings, const char* key, const char* value,
                         danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (settings == nullptr || key == nullptr || value == nullptr)
      return capi::report(problem, DANELAW_ERR_ARGUMENT,
                          "danelaw_settings_set: settings, key and value are needed");
    const auto done = capi::set(*settings, key, value);
    return done ? DANELAW_OK : capi::report(problem, done.problem());
  });
}

const char* danelaw_settings_get(const danelaw_settings* settings, const char* key) {
  return capi::guarded_value<const char*>(nullptr, [&]() -> const char* {
    if (settings == nullptr || key == nullptr) return nullptr;
    const auto found = settings->values.find(std::string_view(key));
    return found == settings->values.end() ? nullptr : found->second.c_str();
  });
}
