#include "settings.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <filesystem>
#include <new>

#include "exit.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

bool is_input_error(int code) {
  switch (code) {
    case DANELAW_ERR_ARGUMENT:
    case DANELAW_ERR_NAME:
    case DANELAW_ERR_PORT:
    case DANELAW_ERR_RECORD:
    case DANELAW_ERR_SETTING:
    case DANELAW_ERR_CERTIFICATE:
    case DANELAW_ERR_UNSUPPORTED:
      return true;
    default:
      return false;
  }
}

void set_resolvers(danelaw_settings& settings, const std::vector<std::string>& resolvers) {
  set(settings, "resolvers", list_of_resolvers(resolvers), "--resolver");
}

/// An option that the engine would ignore was meant for another one.
void refuse_unused(const danelaw_settings& settings) {
  const std::string engine = danelaw_settings_get(&settings, "engine");
  const bool resolvers = danelaw_settings_get(&settings, "resolvers") != std::string();
  const bool root_servers = danelaw_settings_get(&settings, "root_servers") != std::string();
  if (engine != "stub" && resolvers)
    throw usage("--resolver: the engine " + engine + " asks no resolver; leave one of the options out");
  if (engine != "recursing" && root_servers)
    throw usage("--root-servers: the engine " + engine +
                " does not begin at the root; leave one of the options out");
}

}  // namespace

std::string list_of_resolvers(const std::vector<std::string>& resolvers) {
  std::string list;
  for (const std::string& resolver : resolvers) {
    if (resolver.empty() || resolver.find(',') != std::string::npos)
      throw usage(fmt::format("--resolver: \"{}\" is not one resolver, see danelaw --help", resolver));
    list += (list.empty() ? "" : ",") + resolver;
  }
  return list;
}

std::string absolute_or_off(const std::string& directory) {
  if (directory.empty() || directory == "off") return directory;
  return std::filesystem::absolute(directory).lexically_normal().string();
}

void say_what_is_wrong_with_cache(const danelaw_settings& settings) {
  danelaw_problem problem{};
  if (danelaw_check_cache(&settings, &problem) != DANELAW_OK) print_error_line(problem.text);
}

Settings make_settings() {
  Settings settings(danelaw_settings_new());
  if (settings == nullptr) throw std::bad_alloc();
  return settings;
}

void set(danelaw_settings& settings, const char* key, const std::string& value, const char* option) {
  // For some settings "" means the default, which is not what an empty shell variable was meant to say.
  if (value.empty()) throw usage(fmt::format("{}: a value is needed", option));
  danelaw_problem problem{};
  if (danelaw_settings_set(&settings, key, value.c_str(), &problem) == DANELAW_OK) return;
  throw usage(fmt::format("{}: {}", option, problem.text));
}

void set_dns(danelaw_settings& settings, const DnsOptions& options) {
  if (options.engine) set(settings, "engine", *options.engine, "--engine");
  if (!options.resolvers.empty()) set_resolvers(settings, options.resolvers);
  if (options.resolver_ca_file)
    set(settings, "resolver_ca_file", *options.resolver_ca_file, "--resolver-ca-file");
  if (options.trust_anchors) set(settings, "trust_anchors", *options.trust_anchors, "--trust-anchors");
  if (options.trust_anchor_state)
    set(settings, "trust_anchor_state", absolute_or_off(*options.trust_anchor_state), "--trust-anchor-state");
  if (options.root_servers) set(settings, "root_servers", *options.root_servers, "--root-servers");
  refuse_unused(settings);
  if (options.cache) set(settings, "cache", absolute_or_off(*options.cache), "--cache");
  if (options.timeout) set(settings, "deadline", *options.timeout, "--timeout");
}

DnsOptions with_records(DnsOptions options) {
  if (!options.engine) options.engine = "stub";
  return options;
}

std::chrono::milliseconds timeout_of(const danelaw_settings& settings) {
  return std::chrono::milliseconds(std::stol(danelaw_settings_get(&settings, "deadline")));
}

bool succeeded(int code, const danelaw_problem& problem) {
  if (is_input_error(code)) throw usage(problem.text);
  return code == DANELAW_OK;
}

void require(int code, const danelaw_problem& problem) {
  if (!succeeded(code, problem)) throw Failure(Exit::Undecided, problem.text);
}

bool is_address(const std::string& text) {
  in6_addr address{};
  const std::string bare = text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
  return inet_pton(AF_INET, bare.c_str(), &address) == 1 || inet_pton(AF_INET6, bare.c_str(), &address) == 1;
}

void refuse_address(const std::string& name, const char* what) {
  if (!is_address(name)) return;
  throw usage(fmt::format("{}: {} is an IP address; a DNS name is needed", what, name));
}

std::optional<UrlAuthority> authority_of_url(const std::string& text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string::npos) return std::nullopt;
  // RFC 3986 section 3.2: [userinfo "@"] host [":" port], up to the path, the query or the fragment
  std::string authority = text.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const std::size_t user_end = authority.rfind('@');
  if (user_end != std::string::npos) authority.erase(0, user_end + 1);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon == std::string::npos) return UrlAuthority{authority, ""};
  return UrlAuthority{authority.substr(0, colon), authority.substr(colon)};
}

void refuse_url(const std::string& name, const char* what) {
  const std::optional<UrlAuthority> url = authority_of_url(name);
  if (!url) return;
  const std::string advice = url->host.empty() ? "" : ": give " + url->host;
  throw usage(fmt::format("{}: {}: a DNS name, not a URL{}", what, name, advice));
}

}  // namespace danelaw::cli
