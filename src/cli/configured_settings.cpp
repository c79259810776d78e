#include "configured_settings.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>

#include <memory>
#include <new>
#include <sstream>

#include "exit.hpp"
#include "handles.hpp"
#include "openssl_conf.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

using Conf = std::unique_ptr<CONF, Free<NCONF_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

/// What is the resolver's of that: where any connection may ask for chains, promises of servers can be kept.
bool a_rule_offers_chains(const CONF* conf, const std::string& section) {
  const char* const rules = NCONF_get_string(conf, section.c_str(), "rules");
  std::istringstream names(rules == nullptr ? "" : rules);
  for (std::string name; std::getline(names, name, ',');) {
    std::erase(name, ' ');
    const char* const says = NCONF_get_string(conf, name.c_str(), "dnssec_chain");
    if (says != nullptr && says == std::string_view("on")) return true;
  }
  return false;
}

/// What `section` says of settings that the library knows, and nothing else of it.
void take_section(const CONF* conf, const std::string& section, const std::string& origin,
                  ConfiguredSettings& found) {
  const Settings known = make_settings();
  const STACK_OF(CONF_VALUE)* const values = NCONF_get_section(conf, section.c_str());
  for (int i = 0; values != nullptr && i < sk_CONF_VALUE_num(values); ++i) {
    const CONF_VALUE* const value = sk_CONF_VALUE_value(values, i);
    if (value->value == nullptr || danelaw_settings_get(known.get(), value->name) == nullptr) continue;
    danelaw_problem problem{};
    if (danelaw_settings_set(known.get(), value->name, value->value, &problem) != DANELAW_OK)
      throw Failure(Exit::Undecided, fmt::format("{}: {}", origin, problem.text));
    found.settings.push_back({value->name, value->value});
  }
  if (a_rule_offers_chains(conf, section)) found.settings.push_back({"dnssec_chain", "on"});
  ERR_clear_error();  // of what is not there
  found.origin += (found.origin.empty() ? "" : ", ") + origin;
}

void take(BIO* text, const std::string& section, const std::string& origin, ConfiguredSettings& found) {
  const Conf conf(NCONF_new(nullptr));
  if (conf == nullptr) throw std::bad_alloc();
  long line = 0;
  const bool read = text != nullptr && NCONF_load_bio(conf.get(), text, &line) > 0;
  ERR_clear_error();
  if (!read)
    throw Failure(Exit::Undecided, fmt::format("{}: cannot be read{}", origin,
                                               line > 0 ? fmt::format(", line {}", line) : ""));
  take_section(conf.get(), section, origin, found);
}

void take_file(const std::string& path, const std::string& section, ConfiguredSettings& found) {
  take(Bio(BIO_new_file(path.c_str(), "r")).get(), section, path, found);
}

}  // namespace

ConfiguredSettings configured_settings(const PluginOptions& options, const Environment& environment) {
  ConfiguredSettings found;
  const OpensslConf conf = openssl_conf_in_force(environment);
  const std::string named = options.config.value_or(environment.get(configuration_variable).value_or(""));
  if (!named.empty())
    take_file(named, "default", found);
  else if (conf.loads_danelaw && !conf.danelaw_section.empty())
    take_file(conf.file, conf.danelaw_section, found);
  const std::string lines = environment.get(settings_variable).value_or("");
  if (!lines.empty())
    take(Bio(BIO_new_mem_buf(lines.data(), static_cast<int>(lines.size()))).get(), "default",
         settings_variable, found);
  return found;
}

}  // namespace danelaw::cli
