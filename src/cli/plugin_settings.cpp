#include "plugin_settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "exit.hpp"
#include "os/system_errors.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

namespace fs = std::filesystem;

/// Options that are settings by another name.
struct Named {
  const char* option;
  const char* key;
  std::optional<std::string> PluginOptions::*value;
};
constexpr Named named[] = {
    {"--cache", "cache", &PluginOptions::cache},
    {"--engine", "engine", &PluginOptions::engine},
    {"--log", "log", &PluginOptions::log},
    {"--log-level", "log_level", &PluginOptions::log_level},
    {"--mode", "mode", &PluginOptions::mode},
    {"--profile", "profile", &PluginOptions::profile},
    {"--resolver-ca-file", "resolver_ca_file", &PluginOptions::resolver_ca_file},
    {"--root-servers", "root_servers", &PluginOptions::root_servers},
    {"--timeout", "deadline", &PluginOptions::timeout},
    {"--trust-anchor-state", "trust_anchor_state", &PluginOptions::trust_anchor_state},
    {"--trust-anchors", "trust_anchors", &PluginOptions::trust_anchors},
    {"--verify-none", "verify_none", &PluginOptions::verify_none},
};

std::string absolute(const std::string& path) { return fs::absolute(path).lexically_normal().string(); }

std::string checked_log(const std::string& value, const std::string& option) {
  if (value == "off" || value == "stderr" || value == "syslog") return value;
  if (value.find('/') != std::string::npos) return absolute(value);
  throw usage(fmt::format("{}: \"{}\" is not off, stderr, syslog or a path with a \"/\"", option, value));
}

std::string checked_log_level(const std::string& value, const std::string& option) {
  if (value == "refusals" || value == "info") return value;
  throw usage(fmt::format("{}: \"{}\" is not refusals or info", option, value));
}

/// Text that one line of a configuration can hold.
void refuse_control_characters(const std::string& value, const std::string& option) {
  if (std::any_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }))
    throw usage(fmt::format("{}: a value has no control characters", option));
}

/// The setting as the plugin will take it. `known` collects those that the library knows.
PluginSetting checked(danelaw_settings& known, const PluginSetting& setting, const std::string& option) {
  refuse_control_characters(setting.value, option);
  if (setting.key == "log") return {setting.key, checked_log(setting.value, option)};
  if (setting.key == "log_level") return {setting.key, checked_log_level(setting.value, option)};
  if (setting.key == "rules")
    throw usage(fmt::format("{}: rules stand in a file: name it by --config", option));
  if (setting.key == "cache") {
    const std::string directory = absolute_or_off(setting.value);
    set(known, "cache", directory, option.c_str());
    return {setting.key, directory};
  }
  const bool names_file = setting.key == "trust_anchors" || setting.key == "trust_anchor_state" ||
                          setting.key == "resolver_ca_file";
  const bool is_path = names_file && !setting.value.empty();
  const std::string value = is_path ? absolute(setting.value) : setting.value;
  set(known, setting.key.c_str(), value, option.c_str());
  return {setting.key, value};
}

PluginSetting split(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw usage(fmt::format("--set: \"{}\" is not KEY=VALUE", text));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// As OpenSSL's CONF reads it back: between quotes only a backslash means anything but itself.
std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

}  // namespace

PluginSettings plugin_settings(const PluginOptions& options) {
  const Settings known = make_settings();
  PluginSettings settings;
  for (const Named& each : named) {
    const std::optional<std::string>& value = options.*each.value;
    if (!value) continue;
    if (value->empty()) throw usage(fmt::format("{}: a value is needed", each.option));
    settings.push_back(checked(*known, {each.key, *value}, each.option));
  }
  if (!options.resolvers.empty())
    settings.push_back(checked(*known, {"resolvers", list_of_resolvers(options.resolvers)}, "--resolver"));
  for (const std::string& text : options.set) {
    const PluginSetting setting = split(text);
    settings.push_back(checked(*known, setting, "--set " + setting.key));
  }
  return settings;
}

Settings library_settings(const PluginSettings& settings) {
  Settings known = make_settings();
  for (const PluginSetting& setting : settings) {
    if (danelaw_settings_get(known.get(), setting.key.c_str()) != nullptr)
      set(*known, setting.key.c_str(), setting.value, setting.key.c_str());
  }
  return known;
}

void hand_over(const PluginSettings& settings, Environment& environment) {
  if (settings.empty()) return;
  std::string lines = environment.get(settings_variable).value_or("");
  // What is there may end in half a line, or in a section.
  if (!lines.empty()) lines += "\n\n[default]\n";
  for (const PluginSetting& setting : settings)
    lines += fmt::format("{} = {}\n", setting.key, quoted(setting.value));
  environment.set(settings_variable, lines);
}

void hand_over_configuration(const PluginOptions& options, Environment& environment) {
  if (!options.config) return;
  if (options.config->empty()) throw usage("--config: a value is needed");
  const std::string path = absolute(*options.config);
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    throw usage(fmt::format("--config: {}: no such file", *options.config));
  if (access(path.c_str(), R_OK) != 0)
    throw usage(fmt::format("--config: {}: {}", *options.config, text_of_error(errno)));
  environment.set(configuration_variable, path);
}

}  // namespace danelaw::cli
